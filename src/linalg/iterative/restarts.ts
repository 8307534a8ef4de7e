import { modulus } from '../../math/complex-pairs.ts';
import type { CheckedOptions } from './options.ts';

/** How much a value is wanted: the larger, the more. */
export type Key = (re: number, im: number) => number;

/** Approximations from a basis, in the order in which they are wanted. */
export interface Approximations {
  /** Interleaved. */
  readonly values: Float64Array;
  /** Estimates of ‖A x − λ x‖. */
  readonly residuals: Float64Array;
}

/** A basis that grows by products with an operator and is cut down to its best part. */
export interface RestartedProcess {
  /** Vectors in the full basis. */
  readonly size: number;
  /** The largest lower bound of ‖A‖₂ so far: lengths of products with unit vectors, and approximations of the values. */
  readonly scale: number;
  /** Vectors the basis grows by at a time: it starts from as many, and sees as many copies of a value. */
  readonly block: number;
  /** Whether the full basis spans the whole space. */
  readonly exhausted: boolean;
  /** Fills the basis. */
  expand(): void;
  /** Approximations from the full basis. */
  approximate(): Approximations;
  /** Keeps the best p and the direction in which the basis would have grown. */
  restart(p: number): void;
  /** Length of what {@link probe} drops: how far the best p are from spanning an invariant subspace. */
  coupling(p: number): number;
  /** Keeps the best p and goes on from a random vector. */
  probe(p: number): void;
}

export interface RestartOutcome extends Approximations {
  /** How many of them are wanted: the count, or one more where that would split a conjugate pair. */
  readonly wanted: number;
  readonly restarts: number;
}

/**
 * Runs an iteration until the wanted values have converged, and then again from a random vector beside what was found: one start
 * vector sees each eigenspace in one direction only, so a further copy of a multiple eigenvalue, or a direction orthogonal to the
 * start, shows in this way alone. A probe ends when the best value it could add is known to a residual that rules it out. A block of
 * start vectors sees as many copies as it has vectors, so it needs no probe unless so many values lie together.
 *
 * @param ends one key for each end of the spectrum; the values come from the ends in turn.
 * @source own, beside the restarts: a converged part of the basis is kept as it is.
 */
export function runRestarts(
  iteration: RestartedProcess,
  { count, tolerance, maxRestarts, probe }: CheckedOptions,
  ends: readonly Key[],
): RestartOutcome {
  let atProbe: number[] | null = null;
  for (let restarts = 0; ; restarts++) {
    iteration.expand();
    const found = iteration.approximate();
    const wanted = whole(found.values, Math.min(count, iteration.size));
    // Half of the tolerance: what a probe drops is the other half.
    const threshold = (tolerance / 2) * iteration.scale;
    const open =
      found.residuals.subarray(0, wanted).some((residual) => !(residual <= threshold)) ||
      (probe && !(iteration.coupling(wanted) <= threshold));
    const outcome = { ...found, wanted, restarts };
    if (iteration.exhausted || restarts === maxRestarts) return outcome;
    const seen = probe && atProbe === null && largestCluster(found, wanted, threshold) < iteration.block;
    if (!open && seen) {
      if (!mayBeWanted(found, wanted, ends, threshold)) return outcome;
    } else if (!open) {
      const keys = keysOf(found.values, wanted, ends);
      const isNew = atProbe === null || keys.some((key, i) => key - (atProbe![i] ?? -Infinity) > 2 * threshold);
      if (!probe || (!isNew && !mayBeWanted(found, wanted, ends, threshold))) return outcome;
      if (isNew) {
        atProbe = keys;
        iteration.probe(wanted);
        continue;
      }
    }
    iteration.restart(
      whole(
        found.values,
        Math.min(iteration.size - 1 - iteration.block, wanted + Math.floor((iteration.size - wanted) / 3)),
      ),
    );
  }
}

/** The order in which values are wanted: the best of each end in turn, conjugates next to each other. */
export function ranking(values: Float64Array, ends: readonly Key[]): number[] {
  const indices = Array.from({ length: values.length / 2 }, (_, i) => i);
  const orders = ends.map((key) => {
    const keys = indices.map((i) => key(values[2 * i]!, values[2 * i + 1]!));
    return indices.toSorted(
      (i, j) =>
        keys[j]! - keys[i]! ||
        values[2 * j]! - values[2 * i]! ||
        Math.abs(values[2 * i + 1]!) - Math.abs(values[2 * j + 1]!) ||
        values[2 * j + 1]! - values[2 * i + 1]! ||
        i - j,
    );
  });
  const taken = new Set<number>();
  for (let turn = 0; taken.size < indices.length; turn++) {
    const next = orders[turn % ends.length]!.find((i) => !taken.has(i))!;
    taken.add(next);
  }
  return [...taken];
}

export function largestModulus(values: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < values.length; k += 2) largest = Math.max(largest, modulus(values[k]!, values[k + 1]!));
  return largest;
}

/** k, or k + 1 if the k-th and the next value are conjugates: of a pair the one above the axis stands first. */
function whole(values: Float64Array, k: number): number {
  if (k === 0 || 2 * k >= values.length) return k;
  const [re, im, nextRe, nextIm] = values.subarray(2 * k - 2, 2 * k + 2) as unknown as [number, number, number, number];
  return im > 0 && re === nextRe && im === -nextIm ? k + 1 : k;
}

/** How many of the values, the wanted ones and what may belong to them, lie together as copies of one. */
function largestCluster({ values, residuals }: Approximations, wanted: number, threshold: number): number {
  let [largest, together] = [1, 1];
  for (let i = 1; i < residuals.length; i++) {
    const reach = 2 * threshold + (i < wanted ? 0 : residuals[i]!);
    together = Math.abs(values[2 * i]! - values[2 * i - 2]!) <= reach ? together + 1 : 1;
    if (i >= wanted && together === 1) break;
    largest = Math.max(largest, together);
  }
  return largest;
}

/** Keys of the wanted values: value i is of end i mod ends. */
function keysOf(values: Float64Array, wanted: number, ends: readonly Key[]): number[] {
  return Array.from({ length: wanted }, (_, i) => ends[i % ends.length]!(values[2 * i]!, values[2 * i + 1]!));
}

/** Whether the best value that is not wanted, at one of the ends, could still turn out better than the worst that is. */
function mayBeWanted(
  { values, residuals }: Approximations,
  wanted: number,
  ends: readonly Key[],
  threshold: number,
): boolean {
  const keys = keysOf(values, residuals.length, ends);
  return ends.some((_, end) => {
    const places = Array.from(keys.keys()).filter((i) => i % ends.length === end);
    const worst = places.findLast((i) => i < wanted);
    const next = places.find((i) => i >= wanted);
    if (worst === undefined || next === undefined || residuals[next]! <= threshold) return false;
    return keys[next]! + residuals[next]! >= keys[worst]!;
  });
}
