/**
 * The linear systems that 2×2 diagonal blocks [[p, q], [r, p]], qr < 0, leave in A X + X B = C, by elimination with complete pivoting.
 * Blocks of nearly equal eigenvalues have q and r of very different sizes: scaling them to multiples of a rotation loses the digits that
 * √|q/r| takes, and Cramer's rule those of the determinant; pivots keep the residual small in every case.
 *
 * @accuracy residual ≤ c·u·(largest coefficient)·(largest unknown); parity exact.
 * @source R. H. Bartels, G. W. Stewart, Comm. ACM 15 (1972) 820; N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), §9.3.
 */

/** [[d, upper], [lower, d]] (x, y) = (c[first], c[second]), upper·lower < 0, in place. No subtraction of pivots cancels. */
export function solvePair(
  d: number,
  upper: number,
  lower: number,
  c: Float64Array,
  first: number,
  second: number,
): void {
  const x = c[first]!;
  const y = c[second]!;
  const sizeD = Math.abs(d);
  const sizeUpper = Math.abs(upper);
  const sizeLower = Math.abs(lower);
  if (sizeD >= sizeUpper && sizeD >= sizeLower) {
    const ratio = lower / d;
    const last = (y - ratio * x) / (d - ratio * upper);
    c[first] = (x - upper * last) / d;
    c[second] = last;
  } else if (sizeUpper >= sizeLower) {
    const ratio = d / upper;
    const last = (y - ratio * x) / (lower - ratio * d);
    c[first] = last;
    c[second] = (x - d * last) / upper;
  } else {
    const ratio = d / lower;
    const last = (x - ratio * y) / (upper - ratio * d);
    c[first] = (y - d * last) / lower;
    c[second] = last;
  }
}

/** Unknowns of a system, and numbers a row of it takes: the coefficients and the right-hand side. */
const ORDER = 4;
const ROW = 5;
/** Four rows, then which unknown stands in each column. */
const system = new Float64Array(ORDER * ROW + ORDER);
const PLACES = ORDER * ROW;

/** The 2×2 element of X at c[at], for the blocks A = [[α, b], [c, α]] at a[p] and B = [[β, e], [f, β]] at b[q]. */
export function solveSquare(
  a: Float64Array,
  p: number,
  lda: number,
  b: Float64Array,
  q: number,
  ldb: number,
  c: Float64Array,
  at: number,
  ldc: number,
): void {
  const sum = a[p]! + b[q]!;
  const upperA = a[p + 1]!;
  const lowerA = a[p + lda]!;
  const upperB = b[q + 1]!;
  const lowerB = b[q + ldb]!;
  putRow(0, sum, lowerB, upperA, 0, c[at]!);
  putRow(1, upperB, sum, 0, upperA, c[at + 1]!);
  putRow(2, lowerA, 0, sum, lowerB, c[at + ldc]!);
  putRow(3, 0, lowerA, upperB, sum, c[at + ldc + 1]!);
  eliminate();
  for (let k = ORDER - 1; k >= 0; k--) {
    let value = system[k * ROW + ORDER]!;
    for (let j = k + 1; j < ORDER; j++) value -= system[k * ROW + j]! * system[j * ROW + ORDER]!;
    system[k * ROW + ORDER] = value / system[k * ROW + k]!;
  }
  for (let k = 0; k < ORDER; k++) {
    const place = system[PLACES + k]!;
    c[place < 2 ? at + place : at + ldc + place - 2] = system[k * ROW + ORDER]!;
  }
}

function putRow(row: number, x: number, y: number, z: number, w: number, right: number): void {
  const start = row * ROW;
  system[start] = x;
  system[start + 1] = y;
  system[start + 2] = z;
  system[start + 3] = w;
  system[start + ORDER] = right;
  system[PLACES + row] = row;
}

/** Upper triangular form; the pivot is the largest element that is left. */
function eliminate(): void {
  for (let k = 0; k + 1 < ORDER; k++) {
    let row = k;
    let column = k;
    for (let i = k; i < ORDER; i++) {
      for (let j = k; j < ORDER; j++) {
        if (Math.abs(system[i * ROW + j]!) <= Math.abs(system[row * ROW + column]!)) continue;
        row = i;
        column = j;
      }
    }
    for (let j = k; j < ROW; j++) exchange(k * ROW + j, row * ROW + j);
    for (let i = 0; i < ORDER; i++) exchange(i * ROW + k, i * ROW + column);
    exchange(PLACES + k, PLACES + column);
    for (let i = k + 1; i < ORDER; i++) {
      const ratio = system[i * ROW + k]! / system[k * ROW + k]!;
      for (let j = k + 1; j < ROW; j++) system[i * ROW + j]! -= ratio * system[k * ROW + j]!;
    }
  }
}

function exchange(i: number, j: number): void {
  const value = system[i]!;
  system[i] = system[j]!;
  system[j] = value;
}
