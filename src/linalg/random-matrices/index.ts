/** Random-matrix ensembles, their laws, and real matrices against them. @module */
export {
  type CausalComparison,
  type CausalComparisonOptions,
  type CausalStatistic,
  compareCausalAttention,
  isCausalAttention,
} from './causal-null.ts';
export {
  compareWithRandom,
  type RandomComparison,
  type RandomComparisonOptions,
  type RandomFlag,
} from './compare-with-random.ts';
export { COMPARISON_DEFAULTS } from './defaults.ts';
export { type EllipticLawFit, type EllipticLawOptions, fitEllipticLaw } from './elliptic-law.ts';
export {
  causalAttention,
  type EnsembleOptions,
  ellipticMatrix,
  gaussianMatrix,
  gaussianUnitary,
  powerLawSample,
} from './ensembles.ts';
export { ksDistance } from './kolmogorov-smirnov.ts';
export { type MarchenkoPastur, marchenkoPastur } from './marchenko-pastur.ts';
export {
  fitMarchenkoPastur,
  type MarchenkoPasturFit,
  type MarchenkoPasturFitOptions,
  type Spike,
} from './marchenko-pastur-fit.ts';
export { type OverlapStatistics, overlapMatrix, overlapStatistics } from './overlaps.ts';
export {
  fitPowerLaw,
  type LikelihoodRatio,
  type PowerLawFit,
  type PowerLawFlag,
  type PowerLawOptions,
  type PowerLawTail,
} from './power-law.ts';
export {
  type MeanValue,
  SPACING_RATIO_MEANS,
  type SpacingRatioOptions,
  type SpacingRatios,
  spacingRatios,
} from './spacing-ratios.ts';
