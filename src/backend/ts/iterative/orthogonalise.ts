import type { Width } from '../../contract/hermitian.ts';
import { complexGemv } from '../dense/complex-gemv.ts';
import { addAdjoint, forward } from './thin-products.ts';
import { twoNorm } from './two-norm.ts';

/** Most sweeps of Gram–Schmidt. */
const SWEEPS = 4;
/** A sweep that leaves more than this share of the length has left no component that counts. */
const ENOUGH = Math.SQRT1_2;

/**
 * w ← w − V h, h = V†w, by sweeps of classical Gram–Schmidt, one more while a sweep shortens w to less than 1/√2. Contract:
 * src/backend/contract/iterative.ts.
 *
 * @cost 4·n·count flops a sweep (four times that complex)
 * @accuracy V†w is at rounding level, V being orthonormal to it; parity exact.
 * @source J. W. Daniel, W. B. Gragg, L. Kaufman, G. W. Stewart, Math. Comp. 30 (1976) 772, with their criterion; L. Giraud, J. Langou,
 * M. Rozložník, J. van den Eshof, Numer. Math. 101 (2005) 87.
 */
export function orthogonalise(
  width: Width,
  n: number,
  count: number,
  basis: Float64Array,
  stride: number,
  w: Float64Array,
  h: Float64Array,
  c: Float64Array,
  known: number,
  relative: number,
  scale: number,
  info: Float64Array,
): void {
  let before = twoNorm(width * n, w);
  const floor = relative * (before > scale ? before : scale);
  info[0] = before;
  info[1] = 0;
  if (known !== 0) {
    subtractKnown(width, n, count, basis, stride, w, h, c);
    before = twoNorm(width * n, w);
  } else h.fill(0, 0, width * count);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    components(width, n, count, basis, stride, w, c);
    for (let i = 0; i < width * count; i++) h[i] = h[i]! + c[i]!;
    subtract(width, n, count, basis, stride, w, c);
    const after = twoNorm(width * n, w);
    if (after === 0) return;
    if (after > ENOUGH * before) {
      info[1] = after;
      if (after > floor) append(width, n, basis, count * stride * width, w, after);
      return;
    }
    before = after;
  }
  w.fill(0, 0, width * n);
}

/** Takes off what h says for all vectors but the last, then the component along that one, which is added to h. */
function subtractKnown(
  width: Width,
  n: number,
  count: number,
  basis: Float64Array,
  stride: number,
  w: Float64Array,
  h: Float64Array,
  c: Float64Array,
): void {
  const last = count - 1;
  let first = 0;
  while (first < width * last && h[first] === 0) first++;
  first = Math.floor(first / width);
  for (let i = width * first; i < width * last; i++) c[i] = h[i]!;
  const row = stride * width;
  subtract(width, n, last - first, basis.subarray(first * row), stride, w, c.subarray(first * width));
  components(width, n, 1, basis.subarray(last * row), stride, w, c);
  for (let part = 0; part < width; part++) h[last * width + part] = c[part]!;
  subtract(width, n, 1, basis.subarray(last * row), stride, w, c);
}

/** c = V†w. */
function components(
  width: Width,
  n: number,
  count: number,
  basis: Float64Array,
  stride: number,
  w: Float64Array,
  c: Float64Array,
): void {
  if (width === 1) forward(count, n, basis, stride, w, c);
  else complexGemv(0, count, n, [1, 0], basis, stride, w, [0, 0], c);
}

/** w ← w − V c; c is overwritten. */
function subtract(
  width: Width,
  n: number,
  count: number,
  basis: Float64Array,
  stride: number,
  w: Float64Array,
  c: Float64Array,
): void {
  if (width === 2) {
    complexGemv(2, count, n, [-1, 0], basis, stride, c, [1, 0], w);
    return;
  }
  for (let i = 0; i < count; i++) c[i] = -c[i]!;
  addAdjoint(count, n, basis, stride, c, w);
}

/** The conjugate of w/length as a row. */
function append(width: Width, n: number, basis: Float64Array, at: number, w: Float64Array, length: number): void {
  for (let i = 0; i < width * n; i++) basis[at + i] = (width === 2 && i % 2 === 1 ? -w[i]! : w[i]!) / length;
}
