import type { Backend } from '../../backend/backend.ts';
import { acceleration } from '../../linalg/index.ts';

/** Baselines first: the last term as it is; the residual stream after as many sublayers, read by the final norm alone. */
export const ACCELERATION_METHODS = [
  'truncation',
  'lens',
  'aitken',
  'scalarEpsilon',
  'vectorEpsilon',
  'minimalPolynomial',
  'reducedRank',
  'anderson',
  'borelPade',
] as const;

/** How the final state is predicted from the first terms of a sequence. */
export type AccelerationMethod = (typeof ACCELERATION_METHODS)[number];

/** A prediction of the final state, and how many of its components broke down and keep their last value. */
export interface Prediction {
  readonly value: Float64Array;
  readonly fallbacks: number;
}

/** Fewest terms that all methods beyond the baselines need. */
export const LEAST_TERMS = 3;

/** Predictions beyond this size are breakdowns. */
const LARGEST = 1e100;

/** Predicts from the terms of a sequence, at least {@link LEAST_TERMS} of them unless by truncation. `lens` is the state to read. */
export function predict(
  backend: Backend,
  method: AccelerationMethod,
  terms: readonly Float64Array[],
  lens: Float64Array,
): Prediction {
  if (method === 'lens') return { value: lens, fallbacks: 0 };
  const last = terms.at(-1)!;
  if (method === 'truncation') return { value: last, fallbacks: 0 };
  const { value, fallbacks } = EXTRAPOLATIONS[method](backend, terms);
  return value.every((x) => Math.abs(x) <= LARGEST) ? { value, fallbacks } : { value: last, fallbacks: last.length };
}

const EXTRAPOLATIONS: Readonly<
  Record<
    Exclude<AccelerationMethod, 'truncation' | 'lens'>,
    (backend: Backend, terms: acceleration.VectorSequence) => acceleration.Extrapolation
  >
> = {
  aitken: (_, terms) => acceleration.aitken(terms),
  scalarEpsilon: (_, terms) => acceleration.scalarEpsilon(terms),
  vectorEpsilon: (_, terms) => acceleration.vectorEpsilon(terms),
  minimalPolynomial: acceleration.minimalPolynomial,
  reducedRank: acceleration.reducedRank,
  anderson: acceleration.andersonOfSequence,
  borelPade: acceleration.borelPadeOfSequence,
};
