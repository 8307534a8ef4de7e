/**
 * Scaling by powers of two that bring the norms of row i and column i together, after a permutation that moves isolated
 * eigenvalues to the ends. Norms are 2-norms, so that a matrix whose large elements lie off the diagonal is not spoiled.
 *
 * @source B. N. Parlett, C. Reinsch, Numer. Math. 13 (1969) 293–304; R. James, J. Langou, B. R. Lowery, arXiv:1401.5766.
 */

const LOW: number = 1e-280;
const HIGH: number = 1e280;
/** A step of scaling must shrink the sum of the two norms by this factor to be taken. */
const GAIN: number = 0.95;
/** Bounds on the factors: products with elements in range stay in range. */
const SMALLEST: number = 1.0020841800044864e-292;
const LARGEST: number = 9.9792015476736e291;

/** 2-norm of `count` elements of `width` numbers each, the first at a[p], `step` numbers apart. */
function norm2(a: Float64Array, p: number, count: number, step: number, width: number): number {
  let squares = 0.0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) {
      const x = a[p + i * step + k]!;
      squares += x * x;
    }
  }
  if (squares > LOW && squares < HIGH) return Math.sqrt(squares);
  let largest = 0.0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) largest = Math.max(largest, Math.abs(a[p + i * step + k]!));
  }
  if (largest === 0) return 0;
  squares = 0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) {
      const x = a[p + i * step + k]! / largest;
      squares += x * x;
    }
  }
  return largest * Math.sqrt(squares);
}

function exchange(a: Float64Array, p: number, q: number, count: number, step: number, width: number): void {
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) {
      const one = p + i * step + k;
      const other = q + i * step + k;
      const x = a[one]!;
      a[one] = a[other]!;
      a[other] = x;
    }
  }
}

/** Whether row i (or column i) is zero in columns (rows) lo…hi but for its diagonal element. */
function isolated(
  a: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  i: number,
  column: boolean,
  width: number,
): boolean {
  for (let j = lo; j <= hi; j++) {
    const p = width * (column ? j * ld + i : i * ld + j);
    if (j !== i && (a[p]! !== 0 || a[p + width - 1]! !== 0)) return false;
  }
  return true;
}

/** Exchanges indices i and j of a, whose rows and columns lo…hi are active, and records it in scale[j]. */
function permute(
  a: Float64Array,
  ld: number,
  n: number,
  hi: number,
  lo: number,
  i: number,
  j: number,
  scale: Float64Array,
  width: number,
): void {
  scale[j] = i;
  if (i === j) return;
  exchange(a, width * i, width * j, hi + 1, width * ld, width);
  exchange(a, width * (i * ld + lo), width * (j * ld + lo), n - lo, width, width);
}

/**
 * Balances the n×n matrix a, whose elements take `width` numbers (1 real, 2 complex), in place. info[0], info[1] = lo, hi: outside them a is triangular. scale[i] is the factor of
 * index i inside lo…hi (a ← D⁻¹ a D) and the index i was exchanged with outside.
 */
export function balance(
  a: Float64Array,
  ld: number,
  n: number,
  width: number,
  scale: Float64Array,
  info: Float64Array,
): void {
  let lo = 0;
  let hi = n - 1;
  let i = hi;
  while (i >= 0 && hi > 0) {
    if (isolated(a, ld, 0, hi, i, false, width)) {
      permute(a, ld, n, hi, 0, i, hi, scale, width);
      hi--;
      i = hi;
    } else i--;
  }
  i = lo;
  while (i <= hi && lo < hi) {
    if (isolated(a, ld, lo, hi, i, true, width)) {
      permute(a, ld, n, hi, lo, i, lo, scale, width);
      lo++;
      i = lo;
    } else i++;
  }
  for (let j = lo; j <= hi; j++) scale[j] = 1;
  info[0] = lo;
  info[1] = hi;
  let changed = hi > lo;
  while (changed) {
    changed = false;
    for (let j = lo; j <= hi; j++) {
      if (scaleIndex(a, ld, n, lo, hi, j, scale, width)) changed = true;
    }
  }
}

/** One step of scaling at index j; whether it was worth taking. */
function scaleIndex(
  a: Float64Array,
  ld: number,
  n: number,
  lo: number,
  hi: number,
  j: number,
  scale: Float64Array,
  width: number,
): boolean {
  let c = norm2(a, width * (lo * ld + j), hi - lo + 1, width * ld, width);
  let r = norm2(a, width * (j * ld + lo), hi - lo + 1, width, width);
  if (c === 0 || r === 0) return false;
  const sum = c + r;
  let f = 1.0;
  while (2 * c <= r && f < LARGEST && c < LARGEST) {
    f *= 2;
    c *= 2;
    r *= 0.5;
  }
  while (c >= 2 * r && f > SMALLEST && r < LARGEST) {
    f *= 0.5;
    c *= 0.5;
    r *= 2;
  }
  if (c + r >= GAIN * sum || f === 1) return false;
  const product = scale[j]! * f;
  if (product < SMALLEST || product > LARGEST) return false;
  scale[j] = product;
  const inverse = 1 / f;
  for (let k = width * (j * ld + lo); k < width * (j * ld + n); k++) a[k] = a[k]! * inverse;
  for (let k = 0; k <= hi; k++) {
    const p = width * (k * ld + j);
    for (let w = p; w < p + width; w++) a[w] = a[w]! * f;
  }
  return true;
}

/** Rows of the complex matrix x ← D x (or D⁻¹ x for left vectors), then the exchanges in reverse: vectors of the matrix before balancing. */
export function undoBalance(
  x: Float64Array,
  ld: number,
  n: number,
  columns: number,
  lo: number,
  hi: number,
  scale: Float64Array,
  left: boolean,
): void {
  for (let i = lo; i <= hi; i++) {
    const factor = left ? 1 / scale[i]! : scale[i]!;
    if (factor !== 1) for (let j = 2 * i * ld; j < 2 * (i * ld + columns); j++) x[j] = x[j]! * factor;
  }
  for (let i = lo - 1; i >= 0; i--) exchange(x, 2 * i * ld, 2 * scale[i]! * ld, columns, 2, 2);
  for (let i = hi + 1; i < n; i++) exchange(x, 2 * i * ld, 2 * scale[i]! * ld, columns, 2, 2);
}
