import type { Backend } from '../../backend/backend.ts';
import { TRANSITION_MEASURES } from '../../backend/contract/state.ts';
import type { Block } from '../../backend/memory.ts';
import { checkInteger } from '../../core/checks.ts';
import { checkWord64 } from '../../core/philox.ts';
import type { VectorSet } from './unit-vectors.ts';

/** Distance up to which two states count as one. */
export const COINCIDING = 1e-12;

/** A stretch of two vectors of independent |N(0, 1)| components, two streams of numbers turned into normal ones after Box and Muller. */
export class GaussianPair {
  readonly a: Block<'f64'>;
  readonly b: Block<'f64'>;
  readonly #kernels: Backend['kernels'];
  readonly #V: number;
  readonly #seed: bigint;
  readonly #radii: Block<'f64'>;
  readonly #angles: Block<'f64'>;

  /** Its blocks belong to the caller's scope. @param width most components at a time */
  constructor({ memory, kernels }: Pick<Backend, 'memory' | 'kernels'>, V: number, seed: bigint, width: number) {
    this.#kernels = kernels;
    this.#V = V;
    this.#seed = seed;
    this.#radii = memory.allocate('f64', width);
    this.#angles = memory.allocate('f64', width);
    this.a = memory.allocate('f64', width);
    this.b = memory.allocate('f64', width);
  }

  /** Components `first` to before `first + n` of pair `stream`: radii from numbers 0 … V − 1 of the stream, angles from the next V. */
  fill(stream: number, first: number, n: number): void {
    const { a, b } = this;
    const [radii, angles, kernels] = [this.#radii, this.#angles, this.#kernels];
    kernels.philoxUniform({ dst: radii, seed: this.#seed, stream: BigInt(stream), first, n });
    kernels.philoxUniform({ dst: angles, seed: this.#seed, stream: BigInt(stream), first: this.#V + first, n });
    const [u, w] = [radii.view(), angles.view()];
    for (let i = 0; i < n; i++) {
      u[i] = 1 - u[i]!;
      w[i]! *= 2 * Math.PI;
    }
    kernels.mapLog({ src: radii, dst: radii, n });
    kernels.mapCos({ src: angles, dst: a, n });
    kernels.mapSin({ src: angles, dst: b, n });
    const [x, y, logs] = [a.view(), b.view(), radii.view()];
    for (let i = 0; i < n; i++) {
      const radius = Math.sqrt(-2 * logs[i]!);
      x[i] = Math.abs(x[i]! * radius);
      y[i] = Math.abs(y[i]! * radius);
    }
  }
}

interface RandomStep {
  readonly stream: number;
  /** Norms of the two states as drawn, and their distance once they have norm 1. */
  readonly from: number;
  readonly to: number;
  readonly distance: number;
}

/**
 * The vectors of the baseline `random-states`, drawn anew whenever components are asked for: those of `baselineVectors` to the
 * rounding of f32, without the 4·V bytes that each takes there.
 *
 * @cost twice the numbers of `baselineVectors`, and 4·count bytes for each component of a block.
 */
export class RandomStates implements VectorSet {
  readonly V: number;
  readonly #backend: Backend;
  readonly #seed: bigint;
  readonly #steps: readonly RandomStep[];

  /** @throws DomainError unless V ≥ 2 and count ≥ 1 are whole and the seed is unsigned and of 64 bits. */
  constructor(backend: Backend, V: number, count: number, seed: bigint) {
    checkInteger('RandomStates', 'V', V, 2);
    checkInteger('RandomStates', 'count', count, 1);
    checkWord64('RandomStates', 'seed', seed);
    this.V = V;
    this.#backend = backend;
    this.#seed = seed;
    this.#steps = stepsOf(backend, V, count, seed);
  }

  get count(): number {
    return this.#steps.length;
  }

  get lengths(): readonly number[] {
    return this.#steps.map(({ distance }) => distance);
  }

  block(first: number, width: number): readonly Float32Array[] {
    const { memory } = this.#backend;
    return memory.scope(() => {
      const pair = new GaussianPair(this.#backend, this.V, this.#seed, width);
      const all = new Float32Array(this.count * width);
      return this.#steps.map(({ stream, from, to, distance }, i) => {
        pair.fill(stream, first, width);
        const [a, b] = [pair.a.view(), pair.b.view()];
        const row = all.subarray(i * width, (i + 1) * width);
        for (let u = 0; u < width; u++) row[u] = (b[u]! / to - a[u]! / from) / distance;
        return row;
      });
    });
  }
}

function stepsOf(backend: Backend, V: number, count: number, seed: bigint): RandomStep[] {
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const pair = new GaussianPair(backend, V, seed, V);
    const measures = memory.allocate('f64', TRANSITION_MEASURES.length);
    return Array.from({ length: count }, (_, stream): RandomStep => {
      pair.fill(stream, 0, V);
      const [from, to] = [normalise(pair.a.view()), normalise(pair.b.view())];
      kernels.transition({ psiIn: pair.a, psiOut: pair.b, basis: null, measures, V });
      return { stream, from, to, distance: measures.view()[TRANSITION_MEASURES.distance]! };
    }).filter(({ distance }) => distance > COINCIDING);
  });
}

/** Divides x by its norm, which is returned. */
export function normalise(x: Float64Array): number {
  let square = 0;
  for (let i = 0; i < x.length; i++) square += x[i]! * x[i]!;
  const norm = Math.sqrt(square);
  for (let i = 0; i < x.length; i++) x[i] = x[i]! / norm;
  return norm;
}
