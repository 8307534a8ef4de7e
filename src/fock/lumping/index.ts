/** Lumping: exact numbers of open systems with position-free scores in polynomial time. */
export { LUMPING_BYTES } from './capacity.ts';
export { type Compared, type ComparedStep, type CompareOptions, compareLumped } from './compare.ts';
export { lumpedStates } from './count-index.ts';
export { CountLaw } from './count-law.ts';
export { whyNotLumpable } from './counting.ts';
export { lumpedJointLaw } from './joint-law.ts';
export { type Lumped, type LumpedStep, type LumpOptions, lump } from './lump.ts';
export type * from './lumped-result.ts';
export type { LumpedModel, LumpingOptions } from './plan.ts';
export { type RunLumpedOptions, runLumped } from './run-lumped.ts';
export { type Estimate, estimateTraceDistance } from './trace-distance.ts';
