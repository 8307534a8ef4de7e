/** Chen's model: a transformer as quantum operations on the Fock space over its tokens. @module */
export * from './attention-block.ts';
export * from './block-law.ts';
export * from './chen-model.ts';
export type * from './chen-result.ts';
export { CHEN_DEFAULTS } from './defaults.ts';
export * from './description.ts';
export * from './diagonal-state.ts';
export * from './enumerate-strings.ts';
export type * from './enumerated-result.ts';
export * from './evolution.ts';
export type { FeedForward } from './feed-forward.ts';
export * from './fock-space.ts';
export * from './information.ts';
export { frameOfModel } from './labelled.ts';
export * from './lumping/index.ts';
export * from './measurement.ts';
export * from './multi-head-block.ts';
export * from './multi-head-law.ts';
export type { CountingTables, History, NextTokenLaw } from './next-token-law.ts';
export * as quantum from './quantum/index.ts';
export type { Rows } from './rows.ts';
export * from './run-chen.ts';
export { type RunEnumeratedOptions, runEnumerated } from './run-enumerated.ts';
export { type RunStatisticsOptions, runStatistics } from './run-statistics.ts';
export type * from './statistics-result.ts';
export * from './string-totals.ts';
export * from './token-space.ts';
export { sampleTrajectories, type Trajectories, type TrajectoryOptions } from './trajectories.ts';
export {
  type StatisticsOptions,
  type TrajectoryStatistics,
  trajectoryStatistics,
} from './trajectory-statistics.ts';
export * from './wilson.ts';
