import { DENSE_PANEL, type Width } from '../../contract/hermitian.ts';
import { backTransform } from '../dense/reflector-blocks.ts';
import { identityPanels } from '../dense/rotation-panels.ts';
import { largestSize, scaleFor } from '../dense/scaling.ts';
import { sortNumbers } from '../dense/vector-panels.ts';
import { bidiagonalQr } from './bidiagonal-qr.ts';
import { bidiagonalValues } from './bidiagonal-values.ts';
import { bidiagonalise } from './bidiagonalise.ts';

/**
 * A = U Σ V†: scaling, reduction A = Q B P† (of A† where A is wide), B = X Σ Yᵀ, U = Q X and V = P Y by blocks of reflectors. Where a
 * diagonal element of B ends up negative, its column of Y changes sign. The singular values are those of {@link bidiagonalValues},
 * with and without vectors; where it does not settle, those of {@link bidiagonalQr}.
 * work = [re, im, d, e, τ left, τ right, c₁, s₁, c₂, s₂, vectors, out, left reflectors, Xᵀ and Yᵀ in panels, work of backTransform].
 * Arguments: src/backend/contract/svd.ts.
 *
 * @cost flops of an n×n real A: 8n³/3 without vectors, about 19n³ with; complex A: 32n³/3 and 39n³
 * @accuracy ‖AV − UΣ‖ ≤ c·m·u·‖A‖; parity exact.
 * @source G. H. Golub, C. F. Van Loan, Matrix Computations (4th ed., 2013), §8.6.
 */
export function svd(
  a: Float64Array,
  rows: number,
  columns: number,
  width: Width,
  values: Float64Array,
  u: Float64Array | null,
  uColumns: number,
  v: Float64Array | null,
  vColumns: number,
  work: Float64Array,
  info: Float64Array,
): number {
  info[0] = 0;
  const wide = rows < columns;
  const m = wide ? columns : rows;
  const n = wide ? rows : columns;
  const ld = n + (n & 1);
  let used = 0;
  const take = (length: number): Float64Array => work.subarray(used, (used += length));
  const re = take(m * ld);
  const im = width === 2 ? take(m * ld) : null;
  const [d, e, tauLeft, tauRight, rotations] = [take(n), take(n), take(2 * n), take(2 * n), take(4 * n)];
  const [vectors, out] = [take(8 * ld + 6 * m), take(4)];
  const withVectors = u !== null;
  const reflectors = withVectors ? take(width * n * m) : null;
  const panelLength = Math.ceil(n / DENSE_PANEL) * DENSE_PANEL * n;
  const left = withVectors ? take(panelLength) : null;
  const right = withVectors ? take(panelLength) : null;
  if (n > 0) {
    const scale = scaleFor(largestSize(a, width * rows * columns));
    loadTall(a, rows, columns, scale, ld, re, im);
    bidiagonalise(re, im, m, n, d, e, tauLeft, tauRight, reflectors, vectors, out);
    // The reduction has done with its vectors.
    const [lengths, spare] = [vectors.subarray(0, n), vectors.subarray(n, 2 * n)];
    lengths.set(d);
    spare.set(e);
    const found = bidiagonalValues(lengths, spare, n, vectors.subarray(2 * n), out) === 0;
    info[0] = out[3]!;
    if (withVectors || !found) {
      if (left !== null) identityPanels(left, n);
      if (right !== null) identityPanels(right, n);
      const status = bidiagonalQr(d, e, n, rotations, left, right, out);
      info[0] = out[3]!;
      if (status !== 0) return status;
      if (right !== null) makeLengthsPositive(d, n, right);
      for (let i = 0; i < n; i++) d[i] = Math.abs(d[i]!);
      sortNumbers(d, n, rotations, true);
    }
    if (found) sortNumbers(lengths, n, spare, true);
    const factor = 1 / scale;
    for (let i = 0; i < n; i++) values[i] = (found ? lengths : d)[i]! * factor;
  }
  if (left === null || right === null || reflectors === null || u === null || v === null) return 0;
  const rest = work.subarray(used);
  const [tall, tallColumns] = wide ? [v, vColumns] : [u, uColumns];
  const leftIm = im === null ? null : reflectors.subarray(n * m);
  const leftOnes = {
    direction: -1,
    count: n,
    edge: n - 1,
    re: reflectors,
    im: leftIm,
    ld: m,
    first: n - 1,
    tau: tauLeft,
  } as const;
  backTransform(leftOnes, left, n, m, rotations, tallColumns, tall, rest);
  if (n === 0) return 0;
  const [short, shortColumns] = wide ? [u, uColumns] : [v, vColumns];
  const rightOnes = { direction: -1, count: n - 1, edge: n - 1, re, im, ld, first: n - 2, tau: tauRight } as const;
  backTransform(rightOnes, right, n, n, rotations, shortColumns, short, rest);
  return 0;
}

/** scale·A, or scale·A† where A is wide, in rows of `ld` elements. */
function loadTall(
  a: Float64Array,
  rows: number,
  columns: number,
  scale: number,
  ld: number,
  re: Float64Array,
  im: Float64Array | null,
): void {
  const wide = rows < columns;
  const m = wide ? columns : rows;
  const n = wide ? rows : columns;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const from = wide ? j * columns + i : i * columns + j;
      const to = i * ld + j;
      if (im === null) re[to] = a[from]! * scale;
      else {
        re[to] = a[2 * from]! * scale;
        im[to] = wide ? -(a[2 * from + 1]! * scale) : a[2 * from + 1]! * scale;
      }
    }
    if (ld > n) {
      re[i * ld + n] = 0;
      if (im !== null) im[i * ld + n] = 0;
    }
  }
}

/** Changes the sign of the rows of Yᵀ that belong to negative numbers. */
function makeLengthsPositive(d: Float64Array, n: number, right: Float64Array): void {
  for (let i = 0; i < n; i++) {
    if (d[i]! >= 0) continue;
    for (let p = 0; p * DENSE_PANEL < n; p++) {
      const row = (p * n + i) * DENSE_PANEL;
      for (let l = row; l < row + DENSE_PANEL; l++) right[l] = -right[l]!;
    }
  }
}
