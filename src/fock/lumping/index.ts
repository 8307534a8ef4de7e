/** Lumping: exact numbers of open systems with position-free scores in polynomial time. */
export { LUMPING_BYTES } from './capacity.ts';
export { lumpedStates } from './count-index.ts';
export { CountLaw } from './count-law.ts';
export { whyNotLumpable } from './counting.ts';
export { type Lumped, type LumpedStep, type LumpingOptions, type LumpOptions, lump } from './lump.ts';
