/**
 * Dyson series: a forward pass as a time-ordered product of non-Hermitian operators, frozen on the trace of one prompt.
 *
 * @source P.-H. Chang, “From Embeddings to Dyson Series: Transformer Mechanics as Non-Hermitian Operator Theory”, arXiv 2603.11322.
 */
export { ACCELERATION_METHODS, type AccelerationMethod } from './acceleration/methods.ts';
export {
  type AcceleratedSequence,
  type AccelerationResult,
  type AccelerationScore,
  type RunAccelerationOptions,
  runAcceleration,
} from './acceleration/run-acceleration.ts';
export { FROZEN_ACTIVATIONS, FrozenOperators } from './frozen-operators.ts';
export { type ExpansionOptions, expandOrders, type OrderExpansion } from './order-expansion.ts';
export { FrozenUnembedding } from './order-logits.ts';
export { type PartialSumPrediction, partialSumPredictions } from './partial-sums.ts';
export { type FlowStep, renormalisationFlow } from './renormalisation.ts';
export {
  type DysonResult,
  type OrderResult,
  type RunDysonOptions,
  runDyson,
  type SublayerResult,
} from './run-dyson.ts';
export { sublayerOperator } from './sublayer-operator.ts';
