// Chen's worked example: two attention blocks over two tokens. The joint law of the two generated tokens has a closed form,
// and the law by position (eq. 3) differs from the law by token, which adds positions that give the same token.
import { readFileSync } from 'node:fs';
import { fock } from '../src/index.ts';

const file = new URL('chen-two-blocks.json', import.meta.url);
const model = fock.modelOfDescription(JSON.parse(readFileSync(file, 'utf8')), 'chen-two-blocks.json');
const { joint, table, dimension, certificate } = fock.runChen(model);

const { E } = Math;
const closedForm: Record<string, number> = {
  'x0 x0': 2 / ((E + 2) * (3 * E + 1)),
  'x0 x1': (6 * E) / ((E + 2) * (3 * E + 1)),
  'x1 x0': E ** 2 / ((E + 2) * (E + 1)),
  'x1 x1': E / ((E + 2) * (E + 1)),
};
for (const { labels, probability } of joint) {
  const name = labels.join(' ');
  console.log(`P(${name}) = ${probability.toFixed(12)}, closed form ${closedForm[name]!.toFixed(12)}`);
}
console.log(`dimension ${dimension}, dropped ${certificate.discarded}`);
console.log(`entropy ${table.map((step) => step.entropy.toFixed(6)).join(' → ')} nats`);

const law = model.laws[0] as fock.BlockLaw;
const text = model.start.texts[0]!;
console.log(`first step by position: ${Array.from(law.positionProbabilities(text), (p) => p.toFixed(6)).join(', ')}`);
console.log(`first step by token:    ${Array.from(law.probabilities(text), (p) => p.toFixed(6)).join(', ')}`);
