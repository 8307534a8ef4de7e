/** Spectra of matrices that are not normal: eigenvalues with their doubts, pseudospectra, Kreiss constants, transients. */
export { asymmetry } from './asymmetry.ts';
export { type ContourLines, contourLines } from './contours.ts';
export { type ConditionedEigenvalues, conditionedEigenvalues } from './eigenvalue-report.ts';
export { type KreissConstant, type KreissMethod, type KreissOptions, kreissConstant } from './kreiss.ts';
export { type CompressedProduct, compressProduct } from './low-rank-product.ts';
export { type NumericalRange, numericalRange } from './numerical-range.ts';
export { type Projection, projectOnEigenvalues } from './projection.ts';
export {
  distanceToInstability,
  type PseudospectralExtreme,
  pseudospectralAbscissa,
  pseudospectralRadius,
  type StabilityDistance,
} from './pseudospectral-extremes.ts';
export { rectangularSigmaMin } from './rectangular.ts';
export type { StabilityRegion } from './regions.ts';
export { type SpectralSummary, spectralSummary } from './spectral-summary.ts';
export {
  decayTime,
  type TransientGrowth,
  transientExponentials,
  transientLowerBounds,
  transientPowers,
} from './transient.ts';
