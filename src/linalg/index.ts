/** Dense linear algebra over flat row-major arrays of f64. */
export { eigenvaluesHermitian, eigh, type HermitianEigen } from './eigh.ts';
export { type AnyMatrix, ComplexMatrix, identity, Matrix } from './matrix.ts';
export {
  type SmallestSingularTriplet,
  type Svd,
  type SvdOptions,
  singularValues,
  smallestSingularTriplet,
  svd,
} from './svd.ts';
