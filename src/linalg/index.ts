/** Linear algebra over flat row-major arrays of f64: dense matrices, and operators known by their products. @module */
export * as acceleration from './acceleration/index.ts';
export { type Eigen, type EigOptions, eig } from './eigen/eig.ts';
export { eigenvaluesHermitian, eigh, type HermitianEigen } from './eigen/eigh.ts';
export {
  type RealSchurResult,
  realSchur,
  reorderSchur,
  type Schur,
  type SchurOptions,
  type SchurResult,
  schur,
} from './eigen/schur.ts';
export { spectralAbscissa, spectralRadius } from './eigen/spectrum.ts';
export { cholesky } from './factorisations/cholesky.ts';
export { conditionEstimate } from './factorisations/condition.ts';
export { type Determinant, determinant } from './factorisations/determinant.ts';
export { inverse, type Lu, lu, solve } from './factorisations/lu.ts';
export { type Qr, type QrOptions, qr } from './factorisations/qr.ts';
export { solveTriangular, type TriangularOptions } from './factorisations/triangular.ts';
export {
  type Exponential,
  expm,
  type Logarithm,
  logm,
  type MatrixPower,
  matrixPower,
  type Polar,
  type PolarOptions,
  type PrincipalOptions,
  polar,
  type SquareRoot,
  sqrtm,
} from './functions/index.ts';
export { type EigenPairs, type EigsOptions, type EigsWhich, eigs } from './iterative/eigs.ts';
export {
  type EigsHermitianOptions,
  eigsHermitian,
  type HermitianPairs,
  type HermitianWhich,
} from './iterative/eigs-hermitian.ts';
export { type NormEstimate, type NormEstimateOptions, normEstimate } from './iterative/norm-estimate.ts';
export type { IterationOptions, IterationReport } from './iterative/options.ts';
export {
  type RandomizedOptions,
  type RandomizedSvd,
  type RangeErrorEstimate,
  randomizedRangeFinder,
  randomizedSvd,
  type SampledRange,
} from './iterative/randomized.ts';
export { type SingularTriplets, type SvdsOptions, type SvdsWhich, svds } from './iterative/svds.ts';
export { arrayFrom, matrixFrom } from './matrix/array-matrix.ts';
export { ComplexArray } from './matrix/complex-array.ts';
export type { ComplexLike } from './matrix/complex-parts.ts';
export { type AnyMatrix, ComplexMatrix, identity, Matrix } from './matrix/matrix.ts';
export { type ReadMatrixOptions, readMatrix } from './matrix/read-matrix.ts';
export { norm1, norm2, normFrobenius, normInfinity } from './norms.ts';
export {
  addOperators,
  adjointOperator,
  composeOperators,
  powerOperator,
  scaleOperator,
  shiftOperator,
} from './operator/combinations.ts';
export { type DeclarationOptions, declareStructure, operatorFromCallbacks } from './operator/declared.ts';
export {
  type ApplyVector,
  type ApplyVectors,
  LinearOperator,
  type OperatorForm,
  type OperatorStructure,
} from './operator/linear-operator.ts';
export { type MatrixOperatorOptions, matrixOperator } from './operator/matrix-operator.ts';
export {
  diagonalOperator,
  identityOperator,
  lowRankOperator,
  reflectionOperator,
} from './operator/simple-operators.ts';
export { MATRIX_BYTES, type ToMatrixOptions, toMatrix } from './operator/to-matrix.ts';
export {
  type AccumulateOptions,
  type GramOptions,
  gram,
  gramInto,
  matrixVector,
  multiply,
  multiplyBatch,
  multiplyInto,
  type Operation,
  type ProductOptions,
} from './products.ts';
export * as randomMatrices from './random-matrices/index.ts';
export { pseudomode } from './resolvent/pseudomode.ts';
export {
  type ResolventOf,
  type ResolventOptions,
  type ResolventValues,
  smallestSingularValues,
} from './resolvent/resolvent.ts';
export {
  type Interval,
  type ResolventGrid,
  type ResolventGridOptions,
  resolventGrid,
  resolventGridAsync,
} from './resolvent/resolvent-grid.ts';
export {
  asymmetry,
  type CompressedProduct,
  type ConditionedEigenvalues,
  type ContourLines,
  compressProduct,
  conditionedEigenvalues,
  contourLines,
  decayTime,
  distanceToInstability,
  type KreissConstant,
  type KreissMethod,
  type KreissOptions,
  kreissConstant,
  type NumericalRange,
  numericalRange,
  type Projection,
  type PseudospectralExtreme,
  projectOnEigenvalues,
  pseudospectralAbscissa,
  pseudospectralRadius,
  rectangularSigmaMin,
  type SpectralSummary,
  type StabilityDistance,
  type StabilityRegion,
  spectralSummary,
  type TransientGrowth,
  transientExponentials,
  transientLowerBounds,
  transientPowers,
} from './spectra/index.ts';
export { accurateDot, accurateSum } from './sums.ts';
export { svdByJacobi } from './svd/jacobi-svd.ts';
export {
  type SmallestSingularTriplet,
  type Svd,
  type SvdOptions,
  singularValues,
  smallestSingularTriplet,
  svd,
} from './svd/svd.ts';
