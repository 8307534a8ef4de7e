// Exact numbers after 200 steps: 2^200 strings, 400 lumped states. Two blocks alternate; then the same model is compared with
// one whose scores are half as steep.
import { readFileSync } from 'node:fs';
import { fock, openBackend } from '../src/index.ts';

const file = new URL('chen-200-steps.json', import.meta.url);
const description = JSON.parse(readFileSync(file, 'utf8'));
const model = fock.modelOfDescription(description, 'chen-200-steps.json');
const flatter = fock.modelOfDescription({ ...description, scale: 0.5 });
const backend = await openBackend();

const { steps, mostProbable, counts } = await fock.lump(backend, model.laws, model.start, 200, {
  alphas: [0.5, 2, Infinity],
});
const joint = await fock.lumpedJointLaw(backend, model, [199, 200]);
const compared = await fock.compareLumped(backend, model, flatter, 200);

const last = steps.at(-1)!;
console.log(
  `S = ${last.entropy.toFixed(9)} nats from ${last.states} lumped states, Tr ρ² = ${last.purity.toExponential(6)}`,
);
console.log(`Rényi 1/2, 2, ∞: ${Array.from(last.renyi, (value) => value.toFixed(6)).join(', ')}`);
console.log(`last token: ${Array.from(last.marginal, (p) => p.toFixed(9)).join(', ')}`);
console.log(`x0 occurs ${counts.mean(0).toFixed(4)} ± ${Math.sqrt(counts.variance(0)).toFixed(4)} times`);
console.log(
  `most probable: ${mostProbable.tokens.subarray(0, 12).join(' ')} …, ln P = ${mostProbable.logProbability.toFixed(6)}`,
);

console.log(`P(y199, y200): ${Array.from(joint, (p) => p.toFixed(6)).join(', ')}`);

const { rootFidelity, relativeEntropy, traceDistance } = compared.steps.at(-1)!;
const { estimate, standardError } = fock.estimateTraceDistance(model, flatter, 200, { trajectories: 400, seed: 7n });
console.log(`√F = ${rootFidelity.toFixed(9)}, D(A‖B) = ${relativeEntropy.toFixed(6)} nats`);
console.log(
  `${traceDistance.atLeast.toFixed(4)} ≤ T ≤ ${traceDistance.atMost.toFixed(4)}, sampled ${estimate.toFixed(3)} ± ${standardError!.toFixed(3)}`,
);
