// How far from normal a matrix is: the ε-pseudospectrum, where ‖(z − A)⁻¹‖ > 1/ε, of Grcar's matrix. A perturbation of norm ε
// can move an eigenvalue anywhere within; for a normal matrix that is a distance ε.
import { linalg, openBackend } from '../src/index.ts';

const backend = await openBackend();
const n = 32;
const grcar = new linalg.Matrix(n, n);
for (let i = 0; i < n; i++) {
  for (let j = Math.max(0, i - 1); j < Math.min(n, i + 4); j++) grcar.data[i * n + j] = j < i ? -1 : 1;
}

const window = { re: [-1, 3], im: [-3.2, 3.2], nRe: 41, nIm: 17 } as const;
const { re, im, sigmaMin, eigenvalues, steps } = linalg.resolventGrid(backend, grcar, window);

// Digits count the decades below 1: a digit d means σ_min ≤ 10^−d.
for (let j = im.length - 1; j >= 0; j--) {
  const row = sigmaMin.subarray(j * re.length, (j + 1) * re.length);
  console.log(
    Array.from(row, (sigma) => [1e-1, 1e-2, 1e-3, 1e-4, 1e-5].findLastIndex((e) => sigma <= e) + 1 || '·').join(''),
  );
}
const rightmost = Math.max(...eigenvalues.filter((_, k) => k % 2 === 0));
const reach = Math.max(...re.filter((_, i) => im.some((_, j) => sigmaMin[j * re.length + i]! <= 1e-2)));
console.log(
  `eigenvalues reach to Re λ = ${rightmost.toFixed(2)}, the pseudospectrum of ε = 0.01 to ${reach.toFixed(2)}`,
);
console.log(`${(steps / (re.length * Math.ceil(im.length / 2))).toFixed(1)} steps per point`);

// The smallest perturbation that makes A singular is σ u v*, and v becomes its null vector.
const { value, u, v } = linalg.pseudomode(backend, grcar, 0);
console.log(
  `A becomes singular at distance ${value.toFixed(4)}; u and v are ${u.rows}×${u.columns} and ${v.rows}×${v.columns}`,
);
