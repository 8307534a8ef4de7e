/** Extrapolation of sequences of vectors to their limit. @module */
export { aitken } from './aitken.ts';
export { type AndersonOptions, anderson, andersonOfSequence } from './anderson.ts';
export { type BorelPade, borelPade, borelPadeOfSequence } from './borel-pade.ts';
export { type CombinedExtrapolation, minimalPolynomial, reducedRank } from './polynomial-extrapolation.ts';
export { scalarEpsilon } from './scalar-epsilon.ts';
export type { Extrapolation, VectorSequence } from './sequence.ts';
export { vectorEpsilon } from './vector-epsilon.ts';
