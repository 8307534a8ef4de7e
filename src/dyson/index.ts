/**
 * Dyson series: a forward pass as a time-ordered product of non-Hermitian operators, frozen on the trace of one prompt.
 *
 * @source P.-H. Chang, “From Embeddings to Dyson Series: Transformer Mechanics as Non-Hermitian Operator Theory”, arXiv 2603.11322.
 * @module
 */

export {
  type AblationReport,
  type AblationScore,
  type EffectOptions,
  type InterventionEffect,
  interventionEffect,
  patchesFrom,
  type ScoreAblationsOptions,
  scoreAblations,
} from './ablation.ts';
export { ACCELERATION_METHODS, type AccelerationMethod } from './acceleration/methods.ts';
export {
  type AcceleratedSequence,
  type AccelerationResult,
  type AccelerationScore,
  type RunAccelerationOptions,
  runAcceleration,
} from './acceleration/run-acceleration.ts';
export { type AttentionMatrix, attentionMatrix } from './attention-matrix.ts';
export { BlockOperators, blockSteps } from './block-operators.ts';
export {
  continuousTerms,
  discreteTerms,
  type GeneratorPiece,
  magnusTerms,
  sampledGenerator,
} from './continuous.ts';
export { ACCELERATION_DEFAULTS, DYSON_DEFAULTS, STABILITY_DEFAULTS } from './defaults.ts';
export { type DensePropagatorOptions, densePropagator } from './dense-propagator.ts';
export type { DysonResult, OrderResult, SublayerResult } from './dyson-result.ts';
export { FrozenOperators, frozenActivations } from './frozen-operators.ts';
export { type Channel, HeadChannels } from './head-channels.ts';
export { type HeadOptions, type HeadProduct, keyQueryProduct, outputValueProduct } from './head-products.ts';
export type { RankedPath } from './largest-paths.ts';
export { type LyapunovOptions, type LyapunovSpectrum, lyapunovExponents } from './lyapunov.ts';
export { type ExpansionOptions, expandOrders, type OrderExpansion } from './order-expansion.ts';
export { type FrozenCap, FrozenUnembedding } from './order-logits.ts';
export { type PartialSumPrediction, partialSumPredictions } from './partial-sums.ts';
export type { ChannelSteps } from './path-halves.ts';
export {
  stepChannels,
  type TopPaths,
  type TopPathsOptions,
  topPaths,
} from './path-search.ts';
export { functionalsBefore, groupByFirstOperator, pathsThrough, pathThrough } from './path-sums.ts';
export { type RankCollapseOptions, type RankStage, rankActivations, rankCollapse } from './rank-collapse.ts';
export { type FlowStep, renormalisationFlow } from './renormalisation.ts';
export {
  type DysonOfTraceOptions,
  dysonOfTrace,
  type RunDysonOptions,
  type RunPathsOptions,
  runDyson,
} from './run-dyson.ts';
export {
  type LyapunovResult,
  type RankCollapseResult,
  type RunLyapunovOptions,
  type RunRankCollapseOptions,
  runLyapunov,
  runRankCollapse,
} from './run-stability.ts';
export type { LinearSteps, StepOperators } from './steps.ts';
export { propagator, sublayerOperator } from './sublayer-operator.ts';
export { TangentOperators } from './tangent-operators.ts';
export { tangentActivations } from './tangent-points.ts';
