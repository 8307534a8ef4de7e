/** Dense linear algebra over flat row-major arrays of f64. */
export { cholesky } from './cholesky.ts';
export { conditionEstimate } from './condition.ts';
export { type Determinant, determinant } from './determinant.ts';
export { type Eigen, type EigOptions, eig } from './eig.ts';
export { eigenvaluesHermitian, eigh, type HermitianEigen } from './eigh.ts';
export { svdByJacobi } from './jacobi-svd.ts';
export { inverse, type Lu, lu, solve } from './lu.ts';
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
export { pseudomode } from './pseudomode.ts';
export { type Qr, type QrOptions, qr } from './qr.ts';
export {
  type ResolventOf,
  type ResolventOptions,
  type ResolventValues,
  smallestSingularValues,
} from './resolvent.ts';
export {
  type Interval,
  type ResolventGrid,
  type ResolventGridOptions,
  resolventGrid,
  resolventGridAsync,
} from './resolvent-grid.ts';
export {
  type RealSchurResult,
  realSchur,
  reorderSchur,
  type Schur,
  type SchurOptions,
  type SchurResult,
  schur,
} from './schur.ts';
export { spectralAbscissa, spectralRadius } from './spectrum.ts';
export { accurateDot, accurateSum } from './sums.ts';
export {
  type SmallestSingularTriplet,
  type Svd,
  type SvdOptions,
  singularValues,
  smallestSingularTriplet,
  svd,
} from './svd.ts';
export { solveTriangular, type TriangularOptions } from './triangular.ts';
