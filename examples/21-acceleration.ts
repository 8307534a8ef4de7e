// The limit of an iteration from its first terms; how well that works on the sublayers of a model.
import { dyson, linalg, openBackend, transformer } from '../src/index.ts';

const { acceleration } = linalg;
const backend = await openBackend();

const terms = [[1]];
while (terms.length < 7) terms.push([Math.cos(terms.at(-1)![0]!)]);
console.log(`cos cos … 1 after 7 terms ${terms.at(-1)![0]!.toFixed(10)}`);
console.log(`  vector epsilon ${acceleration.vectorEpsilon(terms).value[0]!.toFixed(10)}`);
console.log(`  reduced rank   ${acceleration.reducedRank(backend, terms).value[0]!.toFixed(10)}`);

const euler = acceleration.borelPade(backend, [1, 0, 2, -4, 20]);
console.log(`1 − 1! + 2! − 3! + … = ${euler.value}`);

const model = await transformer.openModel(await transformer.openNodeFolder('models/bank'));
const prompts = ['the fisherman sat on the bank', 'the singer held the note on the'];
const { scores } = dyson.runAcceleration(
  model,
  prompts.map((text) => transformer.promptOf(model, { text }).ids),
);
for (const { sequence, method, terms: m, stateError } of scores) {
  if (m === 8 && method !== 'lens') console.log(`${sequence} ${method}: error ${stateError.median.toFixed(4)}`);
}
