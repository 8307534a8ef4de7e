import { fillUniform } from '../../core/philox.ts';
import { modulus } from '../../math/complex-pairs.ts';
import type { Products } from './products.ts';

const MAX_STEPS = 5;

/**
 * A lower bound of ‖A‖₁ from products with `t` vectors at a time: the best unit vectors are sought among those where the gradient of
 * x ↦ ‖Ax‖₁ is largest.
 *
 * @source N. J. Higham, F. Tisseur, SIAM J. Matrix Anal. Appl. 21 (2000) 1185, algorithm 2.4; over complex numbers the sign of z is
 * z/|z|, and no columns are compared.
 */
export function estimateNorm1(products: Products, t: number, seed: bigint): { value: number; exact: boolean } {
  const { columns: n, width } = products.operator;
  if (n <= 4 * t) {
    const all = Array.from({ length: n }, (_, i) => i);
    return { value: Math.max(...columnSums(products.applyMany(unitVectors(n, all, width), n), n, width)), exact: true };
  }
  const signs = new RandomSigns(seed);
  let x = startVectors(n, t, width, signs);
  let places: number[] = [];
  let best = -1;
  let estimate = 0;
  let oldSigns: Float64Array | null = null;
  const seen = new Set<number>();
  for (let step = 1; ; step++) {
    const y = products.applyMany(x, t);
    const sums = columnSums(y, t, width);
    const largest = Math.max(...sums);
    if (step > 1 && largest <= estimate) break;
    estimate = largest;
    best = places[sums.indexOf(largest)] ?? -1;
    if (step > MAX_STEPS) break;
    const s = signsOf(y, width);
    if (width === 1) {
      if (oldSigns !== null && everyColumnKnown(s, oldSigns, t)) break;
      replaceParallel(s, oldSigns, t, signs);
    }
    oldSigns = s;
    const slopes = rowMaxima(products.applyAdjointMany(s, t), t, width);
    const order = Array.from(slopes.keys()).sort((i, j) => slopes[j]! - slopes[i]! || i - j);
    if (best >= 0 && slopes[best] === slopes[order[0]!]) break;
    if (order.slice(0, t).every((i) => seen.has(i))) break;
    places = order.filter((i) => !seen.has(i)).slice(0, t);
    // Few columns may be left: any other fills the block.
    while (places.length < t) places.push(order[places.length]!);
    for (const i of places) seen.add(i);
    x = unitVectors(n, places, width);
  }
  return { value: estimate, exact: false };
}

/** ±1, one number of the stream after the other. */
class RandomSigns {
  readonly #seed: bigint;
  readonly #one = new Float64Array(1);
  #position = 0;

  constructor(seed: bigint) {
    this.#seed = seed;
  }

  next(): number {
    fillUniform(this.#one, this.#seed, 0n, this.#position++, 1);
    return this.#one[0]! < 0.5 ? -1 : 1;
  }
}

/** A column of ones, then columns of random signs, over n. */
function startVectors(n: number, t: number, width: number, signs: RandomSigns): Float64Array {
  const x = new Float64Array(n * t * width);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < t; k++) x[(i * t + k) * width] = (k === 0 ? 1 : signs.next()) / n;
  }
  return x;
}

function unitVectors(n: number, places: readonly number[], width: number): Float64Array {
  const x = new Float64Array(n * places.length * width);
  for (const [k, i] of places.entries()) x[(i * places.length + k) * width] = 1;
  return x;
}

function sizeAt(y: Float64Array, at: number, width: number): number {
  if (width === 1) return Math.abs(y[at]!);
  return modulus(y[at]!, y[at + 1]!);
}

function columnSums(y: Float64Array, t: number, width: number): number[] {
  const sums = new Array<number>(t).fill(0);
  for (let e = 0; e * width < y.length; e++) sums[e % t] = sums[e % t]! + sizeAt(y, e * width, width);
  return sums;
}

function rowMaxima(z: Float64Array, t: number, width: number): Float64Array {
  const maxima = new Float64Array(z.length / (t * width));
  for (let e = 0; e * width < z.length; e++) {
    const row = Math.floor(e / t);
    maxima[row] = Math.max(maxima[row]!, sizeAt(z, e * width, width));
  }
  return maxima;
}

function signsOf(y: Float64Array, width: number): Float64Array {
  const s = new Float64Array(y.length);
  for (let at = 0; at < y.length; at += width) {
    const size = sizeAt(y, at, width);
    s[at] = size === 0 ? 1 : y[at]! / size;
    if (width === 2 && size !== 0) s[at + 1] = y[at + 1]! / size;
  }
  return s;
}

/** Whether columns j of a and k of b, of signs, are the same but for one sign. */
function parallel(a: Float64Array, j: number, b: Float64Array, k: number, t: number): boolean {
  const sign = a[j]! * b[k]!;
  for (let row = 0; row < a.length; row += t) if (a[row + j]! * b[row + k]! !== sign) return false;
  return true;
}

function everyColumnKnown(s: Float64Array, old: Float64Array, t: number): boolean {
  const columns = Array.from({ length: t }, (_, k) => k);
  return columns.every((j) => columns.some((k) => parallel(s, j, old, k, t)));
}

/** Columns that repeat an earlier one, of this block or the last, become random. */
function replaceParallel(s: Float64Array, old: Float64Array | null, t: number, signs: RandomSigns): void {
  const columns = Array.from({ length: t }, (_, k) => k);
  for (const j of columns) {
    const repeats = (): boolean =>
      columns.some((k) => (k < j && parallel(s, j, s, k, t)) || (old !== null && parallel(s, j, old, k, t)));
    for (let tries = 0; tries < t && repeats(); tries++) for (let at = j; at < s.length; at += t) s[at] = signs.next();
  }
}
