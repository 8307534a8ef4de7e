// Eigenvalues, singular values and factorisations of small matrices.
import { linalg, openBackend } from '../src/index.ts';

const { ComplexMatrix, Matrix } = linalg;
const backend = await openBackend();

const pauliY = ComplexMatrix.fromRows([
  [0, [0, -1]],
  [[0, 1], 0],
]);
const { values, vectors } = linalg.eigh(backend, pauliY);
console.log(`eigenvalues of σ_y ${values.map(Math.round).join(', ')}`);
console.log(`eigenvectors are ${vectors.rows} × ${vectors.columns} ${vectors.field}`);

const graded = Matrix.fromRows([
  [1, 1],
  [1e-20, -1e-20],
]);
console.log(`smallest singular value ${linalg.svdByJacobi(backend, graded).values[1]!.toExponential(3)}`);

const a = Matrix.fromRows([
  [4, 2],
  [2, 5],
]);
console.log(`Cholesky factor ${linalg.cholesky(backend, a).toRows().join(' | ')}`);
console.log(`determinant ${linalg.determinant(backend, a).value.re}`);
console.log(`solution ${linalg.solve(backend, a, Matrix.fromRows([[6], [7]])).data.join(', ')}`);
