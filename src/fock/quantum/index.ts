/** Quantum objects of Chen's model: states with coherences, operators, channels, measurements. @module */
export {
  type ApplyOptions,
  applyChannel,
  applyOperator,
  expectation,
  mapOperator,
  type OperatorOnStrings,
} from './apply-channel.ts';
export { type ChannelCertificate, certifyChannel, certifyMap } from './certificate.ts';
export * from './certify-step.ts';
export * from './channel.ts';
export * from './channel-distance.ts';
export * from './channel-properties.ts';
export * from './concurrence.ts';
export { dephase, normalised, toFactoredState, toMatrixState } from './conversions.ts';
export * from './decoherence.ts';
export * from './diamond/diamond-norm.ts';
export * from './distances.ts';
export {
  type EntropyOptions,
  type EntropyUnit,
  entropy,
  relativeEntropy,
  spectrum,
  statePurity,
  type UnitOption,
} from './entropies.ts';
export * from './instrument.ts';
export { denseKraus, type KrausElement, type KrausTable, type KrausTables, krausTables } from './kraus-tables.ts';
export * from './measurement-tree.ts';
export * from './mixture.ts';
export * from './operator-algebra.ts';
export * from './partial-transpose.ts';
export * from './pauli-forms.ts';
export type * from './quantum-result.ts';
export { conditionalMutualInformation, mutualInformation, reducedState, sectorPart } from './reduced-states.ts';
export { type RunQuantumOptions, runQuantum } from './run-quantum.ts';
export * from './schmidt.ts';
export { type AmplitudeOfText, FactoredState, isPure, MatrixState, type QuantumState } from './states.ts';
export { StringBasis } from './string-basis.ts';
export * from './string-channel.ts';
export * from './string-operator.ts';
export * from './tensor-maps.ts';
export * from './truncation.ts';
export * from './witness.ts';
