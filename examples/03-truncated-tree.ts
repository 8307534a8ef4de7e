// The open-system model of a checkpoint: a tree of continuations cut to its heaviest strings, the certificate that says what
// the cut left out, and sampled trajectories as a check that needs no cut.
import { fileURLToPath } from 'node:url';
import { fock, transformer } from '../src/index.ts';

const folder = await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url)));
const model = await transformer.openModel(folder);
const { ids } = transformer.promptOf(model, { text: 'the fisherman sat on the bank' });

const steps = 4;
const law = new transformer.LanguageModelLaw(model, { capacity: ids.length + steps });
const system = fock.modelOfLaw(law, { name: model.label, tokens: ids, steps });
const result = fock.runChen(system, { maxStrings: 12, trajectories: 400, seed: 7n, top: 5 });
law.release();

const { certificate, joint, trajectories } = result;
console.log(`dimension of the Fock space: a number of ${result.dimension.length} digits`);
for (const { step, strings, kept, discarded } of result.table) {
  console.log(`step ${step}: ${strings} strings, kept ${kept.toFixed(6)}, dropped ${discarded.toExponential(2)}`);
}
const { kept, discarded } = certificate;
console.log(`every event: P(A) in [σ(A), σ(A) + ${discarded.toExponential(3)}]; σ(everything) = ${kept.toFixed(6)}`);
for (const { labels, probability } of joint.slice(0, 5)) console.log(`${probability.toFixed(4)}${labels.join('')}`);
for (const { labels, frequency, low, high, exact } of trajectories!.sequences) {
  const interval = `${frequency.toFixed(4)} in [${low.toFixed(4)}, ${high.toFixed(4)}]`;
  console.log(`sampled ${interval}, tree ${exact?.toFixed(4) ?? 'dropped'}:${labels.join('')}`);
}
model.release();
