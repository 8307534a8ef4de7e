// QLens along depth: the word “bank” after a fisherman and after a banker. Both prompts end in the same token at the same
// position, so both state vectors start out equal; attention turns them apart.
import { fileURLToPath } from 'node:url';
import { qlens, transformer } from '../src/index.ts';

const folder = await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url)));
const model = await transformer.openModel(folder);
const stages = transformer.lensStages(model.config);

const runs = ['the fisherman stood by the bank', 'the banker stood by the bank'].map((text) => {
  const { ids } = transformer.promptOf(model, { text });
  const trace = transformer.traceForward(model, ids, { keep: stages });
  const logits = stages.map((stage) => transformer.logitLens(model, trace, stage));
  const result = qlens.analyseStages(model.backend, { names: stages, logitsOf: (stage) => logits[stage]! });
  const states = logits.map((row) => qlens.stateFromLaw(transformer.probabilities(model.backend, row)));
  return { text, result, states };
});
const [river, money] = runs as [(typeof runs)[number], (typeof runs)[number]];

console.log('stage                 ⟨ψ|ψ′⟩   after the fisherman   after the banker');
stages.forEach((stage, i) => {
  const overlap = river.states[i]!.reduce((sum, component, unit) => sum + component * money.states[i]![unit]!, 0);
  const [a, b] = [river, money].map(({ result }) => model.tokenText(result.stages[i]!.top[0]!.id).padEnd(21));
  console.log(`${stage.padEnd(20)} ${overlap.toFixed(4)}  ${a} ${b}`.trimEnd());
});
for (const { text, result } of runs) {
  const { pathLength, geodesic, efficiency } = result.summary;
  const way = `path ${pathLength.toFixed(3)} rad, geodesic ${geodesic.toFixed(3)} rad`;
  console.log(`${text}: ${way}, efficiency ${efficiency?.toFixed(3)}`);
}
model.release();
