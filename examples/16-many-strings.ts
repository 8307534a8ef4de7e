// The same 16 steps three ways: stored as a tree, walked without storing, sampled a hundred thousand times.
import { readFileSync } from 'node:fs';
import { fock, openBackend } from '../src/index.ts';

const file = new URL('chen-200-steps.json', import.meta.url);
const { laws, start } = fock.modelOfDescription(JSON.parse(readFileSync(file, 'utf8')));
const backend = await openBackend();

const { final } = fock.propagate(laws, start, 16);
console.log(`stored:  ${final.count} strings, S = ${fock.vonNeumannEntropy(final).toFixed(6)} nats`);

const { strings, entropy, minEntropy, mostProbable } = fock.sumOverStrings(backend, laws, start, 16);
console.log(`walked:  ${strings} strings, S = ${entropy.toFixed(6)}, min-entropy ${minEntropy.toFixed(6)}`);
console.log(`most probable: ${mostProbable.tokens.join(' ')}`);

const sampled = fock.trajectoryStatistics(backend, laws, start, 16, { trajectories: 100_000, seed: 1n });
console.log(`sampled: S = ${sampled.entropy.toFixed(3)} ± ${sampled.entropyStandardError!.toFixed(3)}`);

for (const { tokens, probability } of fock.enumerateStrings(laws, start, 16, { minProbability: 0.002 })) {
  console.log(`${tokens.join(' ')}  ${probability.toFixed(5)}`);
}
