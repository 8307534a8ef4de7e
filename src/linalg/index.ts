/** Dense linear algebra over flat row-major arrays of f64. */
export { eigenvaluesHermitian, eigh, type HermitianEigen } from './eigh.ts';
export { type AnyMatrix, ComplexMatrix, identity, Matrix } from './matrix.ts';
export {
  type AccumulateOptions,
  gram,
  matrixVector,
  multiply,
  multiplyBatch,
  multiplyInto,
  type Operation,
  type ProductOptions,
} from './products.ts';
export { accurateDot, accurateSum } from './sums.ts';
export { solveTriangular, type TriangularOptions } from './triangular.ts';
