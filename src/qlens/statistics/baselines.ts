import type { Backend } from '../../backend/backend.ts';
import { TRANSITION_MEASURES } from '../../backend/contract/state.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkWord64, RandomStream } from '../../core/philox.ts';
import { cos, sin } from '../../math/trig.ts';
import { COINCIDING, GaussianPair, normalise } from './random-states.ts';
import { UnitVectors } from './unit-vectors.ts';

/** Chance to compare with; see {@link baselineVectors}. */
export type BaselineKind = 'circle' | 'feasible-arc' | 'random-states';

/** Baselines that exist for V output units. */
export function baselinesFor(V: number): readonly BaselineKind[] {
  return V === 2 ? ['feasible-arc', 'random-states', 'circle'] : ['random-states'];
}

/**
 * Vectors of operators that know nothing of a text:
 *
 * - `circle` (V = 2): v at a uniform angle. Mean sim_H 1/2, sim_U 0.
 * - `feasible-arc` (V = 2): the same in quadrants II and IV, where differences of states lie. Mean sim_H 1/2 + 2/π², sim_U 4/π².
 * - `random-states`: v between two states of independent |N(0, 1)| components. Mean sim_H 1/2 + 32/π⁴ at V = 2, about 1/V for large V.
 *   These come with lengths.
 *
 * @param count vectors, at least 1.
 * @param seed of the generator; vector i is stream i.
 * @throws DomainError; the first two exist for V = 2 only.
 * @source QLens, section 5.3 (`circle`); the others: own, after the authors' notebooks.
 */
export function baselineVectors(
  backend: Backend,
  kind: BaselineKind,
  V: number,
  count: number,
  seed = 1n,
): UnitVectors {
  const where = 'baselineVectors';
  checkInteger(where, 'V', V, 2);
  checkInteger(where, 'count', count, 1);
  checkWord64(where, 'seed', seed);
  if (kind === 'random-states') {
    const vectors = new UnitVectors(V);
    eachRandomStep(backend, V, count, seed, (v, length) => vectors.add(v, length));
    return vectors;
  }
  if (kind !== 'circle' && kind !== 'feasible-arc') {
    throw new DomainError(`${where}: kind must be circle, feasible-arc or random-states, but it is ${String(kind)}.`);
  }
  if (V !== 2) throw new DomainError(`${where}: V must be 2 for ${kind}, but it is ${V}. Take random-states.`);
  const vectors = new UnitVectors(2);
  for (let i = 0; i < count; i++) {
    const random = new RandomStream(seed, BigInt(i));
    if (kind === 'circle') {
      const angle = 2 * Math.PI * random.next();
      vectors.add(Float64Array.of(cos(angle), sin(angle)));
    } else {
      const angle = (Math.PI / 2) * random.next();
      const sign = random.next() < 0.5 ? 1 : -1;
      vectors.add(Float64Array.of(-sign * sin(angle), sign * cos(angle)));
    }
  }
  return vectors;
}

/** Operators and the states they start from. */
export interface Steps {
  /** v of every operator. */
  readonly vectors: UnitVectors;
  /** ψ_in of every operator. */
  readonly inputs: UnitVectors;
}

/** The steps of the baseline `random-states`, with the states they start from: the vectors are those of {@link baselineVectors}. */
export function randomSteps(backend: Backend, V: number, count: number, seed: bigint): Steps {
  const [vectors, inputs] = [new UnitVectors(V), new UnitVectors(V)];
  eachRandomStep(backend, V, count, seed, (v, length, psiIn) => {
    vectors.add(v, length);
    inputs.add(v === null ? null : psiIn);
  });
  return { vectors, inputs };
}

type OnStep = (v: Float64Array | null, length: number, psiIn: Float64Array) => void;

/** Steps between random states, whole: a state of |N(0, 1)| components, another, both of norm 1, and the vector from one to the other. */
function eachRandomStep({ memory, kernels }: Backend, V: number, count: number, seed: bigint, onStep: OnStep): void {
  memory.scope(() => {
    const pair = new GaussianPair({ memory, kernels }, V, seed, V);
    const basis = memory.allocate('f64', 2 * V);
    const measures = memory.allocate('f64', TRANSITION_MEASURES.length);
    for (let i = 0; i < count; i++) {
      pair.fill(i, 0, V);
      normalise(pair.a.view());
      normalise(pair.b.view());
      kernels.transition({ psiIn: pair.a, psiOut: pair.b, basis, measures, V });
      const distance = measures.view()[TRANSITION_MEASURES.distance]!;
      onStep(distance > COINCIDING ? basis.view().subarray(0, V) : null, distance, pair.a.view());
    }
  });
}
