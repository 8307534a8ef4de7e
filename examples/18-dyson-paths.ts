// Which paths through single heads and MLPs make the winning logit, what a head's ablation does to it, and how fast a small change of
// the stream grows: exact decompositions of one pass beside interventions in it.
import { fileURLToPath } from 'node:url';
import { dyson, transformer } from '../src/index.ts';

const folder = await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url)));
const model = await transformer.openModel(folder);
const { ids } = transformer.promptOf(model, { text: 'the fisherman sat on the bank' });

const keep = [...dyson.frozenActivations(model.config), ...dyson.tangentActivations(model.config)];
const trace = transformer.traceForward(model, ids, { precision: 'f64', keep });
const operators = new dyson.FrozenOperators(model, trace);
const channels = new dyson.HeadChannels(operators);
const token = dyson.runDyson(model, ids).top.id;
const found = dyson.topPaths(channels, { token, count: 5 });
console.log(`the largest of ${found.allPaths} paths to the logit ${found.total.toFixed(4)} (${found.search}):`);
for (const path of found.paths)
  console.log(`${path.contribution.toFixed(4).padStart(8)}  ${path.channels.join(' → ')}`);
channels.release();

const groups = dyson.groupByFirstOperator(operators);
const last = groups.map((group) => Math.sqrt(group.slice(-model.config.D).reduce((sum, x) => sum + x * x, 0)));
console.log(`grouped by first operator: ${last.map((size) => size.toFixed(2)).join(', ')}`);
operators.release();

const { steps, correlation } = dyson.scoreAblations(model, ids, { precision: 'f64' });
for (const { name, total, ablated } of steps)
  console.log(
    `${name.padEnd(13)} all paths ${total.toFixed(3).padStart(7)}, ablated ${ablated.toFixed(3).padStart(7)}`,
  );
console.log(`correlation ${correlation.total?.toFixed(3)}`);

const tangent = new dyson.TangentOperators(model, trace);
const nudge = Float64Array.from({ length: ids.length * model.config.D }, (_, i) => ((i * 37) % 11) / 11 - 0.5);
const grown = dyson.propagator(tangent, 0, tangent.S).apply(nudge);
const size = (x: Float64Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
console.log(`a small change grows ${(size(grown) / size(nudge)).toFixed(3)} times`);
tangent.release();
model.release();
