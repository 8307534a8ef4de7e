import { makeRotation } from '../dense/rotation.ts';
import { rotateDown, rotateUp } from '../dense/rotation-panels.ts';

const U = 2 ** -53;
const TOLERANCE = 64 * U;
const SAFE = 2 ** -1022;

/**
 * Singular values of the real upper bidiagonal matrix with diagonal d and e[i] beside d[i]: d receives them with signs and in no
 * order. Blocks are chased from the larger end to the smaller; where the shift would cost the smallest singular value its
 * relative accuracy, the step has none. The rotations pass over the transposed singular vectors of B in `left` and
 * `right` (n×n in panels, or null both). `rotations` holds 4n elements. out[3] receives the number of steps.
 *
 * @returns 0, or the number of singular values that are still open (counted from 1) after 30·n² rotations.
 * @accuracy every singular value of B to a relative 64·n·u; parity exact.
 * @source J. Demmel, W. Kahan, SIAM J. Sci. Stat. Comput. 11 (1990) 873: criteria of §3, zero-shift step of §3.1.
 */
export function bidiagonalQr(
  d: Float64Array,
  e: Float64Array,
  n: number,
  rotations: Float64Array,
  left: Float64Array | null,
  right: Float64Array | null,
  out: Float64Array,
): number {
  const part = (index: number): Float64Array => rotations.subarray(index * n, (index + 1) * n);
  const [c1, s1, c2, s2] = [part(0), part(1), part(2), part(3)];
  const threshold = Math.max(TOLERANCE * smallestBound(d, e, n), SAFE);
  let steps = 0;
  let budget = 30 * n * n;
  let last = n - 1;
  let oldFirst = -1;
  let oldLast = -1;
  let down = true;
  out[3] = 0;
  while (last > 0) {
    if (Math.abs(e[last - 1]!) <= threshold) {
      e[last - 1] = 0;
      last--;
      continue;
    }
    let first = last - 1;
    while (first > 0 && Math.abs(e[first - 1]!) > threshold) first--;
    if (first > 0) e[first - 1] = 0;
    if (first > oldLast || last < oldFirst) down = Math.abs(d[first]!) >= Math.abs(d[last]!);
    oldFirst = first;
    oldLast = last;
    const smallest = deflate(d, e, first, last, down);
    if (smallest < 0) continue;
    budget -= last - first;
    if (budget < 0) return last + 1;
    steps++;
    out[3] = steps;
    const shift = chooseShift(d, e, first, last, down, smallest, n);
    if (shift === 0) zeroShiftStep(d, e, first, last, down, c1, s1, c2, s2, out);
    else shiftedStep(d, e, first, last, down, shift, c1, s1, c2, s2, out);
    if (left === null || right === null) continue;
    if (down) {
      rotateUp(right, n, n, first, last, c1, s1);
      rotateUp(left, n, n, first, last, c2, s2);
    } else {
      rotateDown(left, n, n, first, last, c1, s1, n);
      rotateDown(right, n, n, first, last, c2, s2, n);
    }
  }
  return 0;
}

/** A lower bound of the smallest singular value, up to √n. */
function smallestBound(d: Float64Array, e: Float64Array, n: number): number {
  let mu = Math.abs(d[0]!);
  let smallest = mu;
  for (let i = 1; i < n && mu > 0; i++) {
    mu = Math.abs(d[i]!) * (mu / (mu + Math.abs(e[i - 1]!)));
    if (mu < smallest) smallest = mu;
  }
  return smallest / Math.sqrt(n);
}

/** Sets one negligible element to zero and returns −1, or returns a lower bound of the block's smallest singular value. */
function deflate(d: Float64Array, e: Float64Array, first: number, last: number, down: boolean): number {
  const end = down ? last : first;
  const beside = down ? last - 1 : first;
  if (Math.abs(e[beside]!) <= TOLERANCE * Math.abs(d[end]!)) {
    e[beside] = 0;
    return -1;
  }
  let mu = Math.abs(d[down ? first : last]!);
  let smallest = mu;
  for (let count = 0; count < last - first; count++) {
    const row = down ? first + count : last - 1 - count;
    const size = Math.abs(e[row]!);
    if (size <= TOLERANCE * mu) {
      e[row] = 0;
      return -1;
    }
    mu = Math.abs(d[down ? row + 1 : row]!) * (mu / (mu + size));
    if (mu < smallest) smallest = mu;
  }
  return smallest;
}

/** 0 where a shift would spoil the smallest singular value. */
function chooseShift(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  down: boolean,
  smallest: number,
  n: number,
): number {
  let largest = Math.abs(d[last]!);
  for (let i = first; i < last; i++) largest = Math.max(largest, Math.max(Math.abs(d[i]!), Math.abs(e[i]!)));
  if (n * TOLERANCE * (smallest / largest) <= U) return 0;
  const shift = down
    ? smallerSingularValue(d[last - 1]!, e[last - 1]!, d[last]!)
    : smallerSingularValue(d[first]!, e[first]!, d[first + 1]!);
  const start = Math.abs(d[down ? first : last]!);
  const ratio = shift / start;
  return ratio * ratio < U ? 0 : shift;
}

/** Of the matrix [[f, g], [0, h]]. */
function smallerSingularValue(f: number, g: number, h: number): number {
  const low = Math.min(Math.abs(f), Math.abs(h));
  const high = Math.max(Math.abs(f), Math.abs(h));
  const side = Math.abs(g);
  if (low === 0) return 0;
  const sum = 1 + low / high;
  const gap = (high - low) / high;
  if (side < high) {
    const q = (side / high) * (side / high);
    return low * (2 / (Math.sqrt(sum * sum + q) + Math.sqrt(gap * gap + q)));
  }
  const q = high / side;
  if (q === 0) return (low * high) / side;
  const x = sum * q;
  const y = gap * q;
  return 2 * (low * (1 / (Math.sqrt(1 + x * x) + Math.sqrt(1 + y * y)))) * q;
}

/**
 * Upwards, the matrix is read from its other end: that is a lower bidiagonal matrix, the transpose of an upper one, so the
 * same step serves with left and right exchanged. Rotation `index` acts on rows index and index+1.
 */
function zeroShiftStep(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  down: boolean,
  c1: Float64Array,
  s1: Float64Array,
  c2: Float64Array,
  s2: Float64Array,
  out: Float64Array,
): void {
  const step = down ? 1 : -1;
  const sign = down ? -1 : 1;
  let row = down ? first : last;
  let cosine = 1;
  let oldCosine = 1;
  let oldSine = 0;
  for (let count = 0; count < last - first; count++) {
    const index = down ? row : row - 1;
    makeRotation(d[row]! * cosine, e[index]!, out);
    cosine = out[0]!;
    const sine = out[1]!;
    c1[index] = cosine;
    s1[index] = sign * sine;
    if (count > 0) e[index - step] = oldSine * out[2]!;
    makeRotation(oldCosine * out[2]!, d[row + step]! * sine, out);
    oldCosine = out[0]!;
    oldSine = out[1]!;
    c2[index] = oldCosine;
    s2[index] = sign * oldSine;
    d[row] = out[2]!;
    row += step;
  }
  const h = d[row]! * cosine;
  d[row] = h * oldCosine;
  e[down ? last - 1 : first] = h * oldSine;
}

function shiftedStep(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  down: boolean,
  shift: number,
  c1: Float64Array,
  s1: Float64Array,
  c2: Float64Array,
  s2: Float64Array,
  out: Float64Array,
): void {
  const step = down ? 1 : -1;
  const sign = down ? -1 : 1;
  let row = down ? first : last;
  const start = d[row]!;
  let f = (Math.abs(start) - shift) * ((start < 0 ? -1 : 1) + shift / start);
  let g = e[down ? first : last - 1]!;
  for (let count = 0; count < last - first; count++) {
    const index = down ? row : row - 1;
    makeRotation(f, g, out);
    let cosine = out[0]!;
    let sine = out[1]!;
    c1[index] = cosine;
    s1[index] = sign * sine;
    if (count > 0) e[index - step] = out[2]!;
    f = cosine * d[row]! + sine * e[index]!;
    e[index] = cosine * e[index]! - sine * d[row]!;
    g = sine * d[row + step]!;
    d[row + step] = cosine * d[row + step]!;
    makeRotation(f, g, out);
    cosine = out[0]!;
    sine = out[1]!;
    c2[index] = cosine;
    s2[index] = sign * sine;
    d[row] = out[2]!;
    f = cosine * e[index]! + sine * d[row + step]!;
    d[row + step] = cosine * d[row + step]! - sine * e[index]!;
    if (count < last - first - 1) {
      g = sine * e[index + step]!;
      e[index + step] = cosine * e[index + step]!;
    }
    row += step;
  }
  e[down ? last - 1 : first] = f;
}
