// Singular values of a product of matrices that is never formed, and eigenvalues of an operator that is no matrix at all.
import { linalg, openBackend } from '../src/index.ts';

const backend = await openBackend();

// W_out W_in of a wide hidden layer, 60×60 through 240: two products with a vector in place of a product of matrices.
const wave = (rows: number, columns: number, pitch: number) =>
  new linalg.Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, (_, k) => ((k * pitch) % 101) / 101 - 0.5),
  );
const into = linalg.matrixOperator(backend, wave(240, 60, 17));
const out = linalg.matrixOperator(backend, wave(60, 240, 29));
const layer = linalg.composeOperators(out, into);
const { values, residuals, products } = linalg.svds(backend, layer, { count: 3 });
console.log(`largest singular values ${[...values].map((value) => value.toFixed(6)).join(', ')}`);
console.log(`residuals below 1e-9: ${residuals.every((residual) => residual < 1e-9)}, ${products} products`);
const { lower, upper, failure } = linalg.normEstimate(backend, layer);
console.log(`‖layer‖₂ from ${lower.toFixed(3)} to ${upper.toFixed(3)}, but for a probability of ${failure}`);
const { errorEstimate } = linalg.randomizedSvd(backend, layer, { rank: 12 });
console.log(`rank 12 misses less than ${errorEstimate.toExponential(0)}`);
into.release();
out.release();

// A ring of 400 sites with hopping: every eigenvalue but two is double.
const n = 400;
const ring = linalg.operatorFromCallbacks({
  rows: n,
  columns: n,
  field: 'real',
  structure: 'hermitian',
  apply: (x, y) => {
    for (let i = 0; i < n; i++) y[i] = x[(i + 1) % n]! + x[(i + n - 1) % n]!;
  },
});
const { values: energies } = linalg.eigsHermitian(backend, ring, { count: 5, which: 'largest' });
console.log(`energies of the ring ${[...energies].map((value) => value.toFixed(6)).join(', ')}`);
