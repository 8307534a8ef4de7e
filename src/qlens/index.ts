/**
 * QLens: the evolution of a transformer's output law through its stages as unitary evolution of ψ = √p.
 *
 * @source “QLens: Towards A Quantum Perspective of Language Transformers”; extensions are marked “own”.
 * @module
 */
export { type AnalyseOptions, analyseStages, type StageSource } from './analyse.ts';
export { analyseDataSet, type DataSetOptions } from './data-set/analyse.ts';
export {
  type CollectOptions,
  collectOperators,
  type DataSetOperators,
  type StepOperators,
} from './data-set/operators.ts';
export type {
  BaselineComparison,
  Clusters,
  DataSetResult,
  OtherOperators,
  RotationStatistics,
  StepDependence,
  StepRow,
  StepStatistics,
  Structure,
} from './data-set/result.ts';
export { QLENS_DEFAULTS, type QLensDefaults } from './defaults.ts';
export { eigenvector, hamiltonianMatrix, unitaryMatrix } from './dense.ts';
export { type DepthGeometry, depthGeometry } from './depth.ts';
export { type Divergences, lawDivergences } from './divergence.ts';
export { type Energy, energyAtInput, type Uncertainty, uncertaintyAtInput } from './energy.ts';
export { toLinearOperator } from './linear-operator.ts';
export { isStateDifference, locusBoundary } from './locus.ts';
export {
  applyHamiltonian,
  applyUnitary,
  type FactoredUnitary,
  householder,
  rotation,
  type StateOperator,
  spectralUpdate,
} from './operator.ts';
export type { FactoredForm, Level, OperatorForm, OperatorKind, OperatorOptions, Transition } from './operator-form.ts';
export { type ProcrustesOperator, procrustes } from './procrustes.ts';
export type { QLensResult, Residuals, StageRow, TransitionRow, UnitChange, UnitProbability } from './result.ts';
export { type SamplingMoments, samplingMoments } from './sampling.ts';
export {
  type LawKind,
  type RowsToLogits,
  type StageArray,
  type StageArrayOptions,
  sourcesFromArrays,
} from './stage-arrays.ts';
export type { StageLaw, StageLogits } from './stage-state.ts';
export { bornProbabilities, checkedLaw, type LawOptions, stateFromLaw } from './state.ts';
export * from './statistics/index.ts';
