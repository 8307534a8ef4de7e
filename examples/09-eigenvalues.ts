// Condition numbers of eigenvalues and what they promise: the worst perturbation of norm δ moves an eigenvalue by κ·δ. Then
// the invariant subspace of two eigenvalues, from a reordered Schur form.
import { linalg, openBackend } from '../src/index.ts';

const backend = await openBackend();

// Companion matrix of (x−1)(x−2)…(x−6): well separated eigenvalues, badly conditioned all the same.
const a = linalg.Matrix.fromRows([
  [21, -175, 735, -1624, 1764, -720],
  ...[0, 1, 2, 3, 4].map((k) => [0, 1, 2, 3, 4, 5].map((j) => (j === k ? 1 : 0))),
]);
const { values, right, left, conditionNumbers } = linalg.eig(backend, a, { vectors: 'both', conditionNumbers: true });
conditionNumbers!.forEach((kappa, k) => {
  console.log(`λ = ${values[2 * k]!.toFixed(6)}, κ = ${kappa.toExponential(3)}`);
});

// The worst perturbation is δ·y·x*: real here, as λ is.
const k = conditionNumbers!.indexOf(Math.max(...conditionNumbers!));
const delta = 1e-9;
const perturbed = new linalg.Matrix(6, 6, a.data.slice());
for (let i = 0; i < 6; i++) {
  for (let j = 0; j < 6; j++) perturbed.data[6 * i + j]! += delta * left!.at(i, k).re * right!.at(j, k).re;
}
const moved = linalg.eig(backend, perturbed).values;
const shift = Math.min(...[0, 1, 2, 3, 4, 5].map((j) => Math.abs(moved[2 * j]! - values[2 * k]!)));
console.log(`δ = ${delta} moves λ = ${values[2 * k]!.toFixed(0)} by ${(shift / delta).toExponential(3)}·δ`);

const form = linalg.schur(backend, a);
const leading = [0, 1, 2, 3, 4, 5].filter((j) => form.values[2 * j]! < 2.5);
const { t } = linalg.reorderSchur(backend, form, leading);
const first = leading.map((_, j) => t.at(j, j).re.toFixed(6));
console.log(`the first ${first.length} columns of q span the invariant subspace of ${first.join(', ')}`);
