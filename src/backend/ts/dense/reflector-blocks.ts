import { REFLECTOR_BLOCK, VECTOR_PANEL, type Width } from '../../contract/hermitian.ts';
import { gatherPanel, scatterPanel } from './vector-panels.ts';

/**
 * Reflectors H_j = I − τ_j v_j v_j† in the order in which they are applied, j = 0 … count−1. v_j lies in row first + direction·j of
 * `re` and `im` (rows of `ld` elements; null for real vectors), its τ in that pair of `tau`. Its pivot is row
 * edge + direction·j of what it is applied to; above it where direction = −1, below it where direction = 1, it is zero and not stored.
 */
export interface Reflectors {
  readonly direction: 1 | -1;
  readonly count: number;
  readonly edge: number;
  readonly re: Float64Array;
  readonly im: Float64Array | null;
  readonly ld: number;
  readonly first: number;
  readonly tau: Float64Array;
}

/**
 * target = H_{count−1} ⋯ H_0 S for the `columns` columns of S, in the given order, from their transpose in panels
 * ({@link gatherPanel}: n of them, unit vectors after these). As many as a block takes are applied together,
 * H_{s−1} ⋯ H_0 = I − V T V†, where T is lower triangular: T_jj = τ_j, T_ji = −τ_j Σ_{i≤l<j} (v_j†v_l) T_li.
 *
 * A panel holds six columns: a row is six real parts and, for complex vectors, another one of six imaginary parts. So complex numbers
 * are real ones of twice the order, x + iy a block (x, −y; y, x), and there is one code for both: V† is `height` = width·s rows of
 * `inner` = width·(rows touched) reals. All sums run from left to right; three rows of Z at a time leave out the vectors that are zero
 * in all three. work = [panels of a strip of S, V†, two copies of it, Gram matrix, T, T packed, V†Z, T V†Z].
 *
 * @cost 4·rows·columns·count flops less the zeros, four times that complex; 2·block/rows of it more for T
 * @accuracy that of one reflector after another, to a constant; parity exact.
 * @source R. Schreiber, C. Van Loan, SIAM J. Sci. Stat. Comput. 10 (1989) 53.
 */
export function backTransform(
  reflectors: Reflectors,
  sources: Float64Array,
  n: number,
  rows: number,
  order: Float64Array,
  columns: number,
  target: Float64Array,
  work: Float64Array,
): void {
  const width = reflectors.im === null ? 1 : 2;
  const length = VECTOR_PANEL * width * rows;
  const strip = Math.max(1, Math.ceil(n / VECTOR_PANEL));
  const scratch = work.subarray(strip * length);
  const panelOf = (index: number): Float64Array =>
    work.subarray((index % strip) * length, ((index % strip) + 1) * length);
  const all = Math.ceil(columns / VECTOR_PANEL);
  for (let from = 0; from < all; from += strip) {
    const to = Math.min(from + strip, all);
    for (let p = from; p < to; p++) gatherPanel(sources, n, rows, width, order, p * VECTOR_PANEL, panelOf(p));
    const panels = Array.from({ length: to - from }, (_, p) => panelOf(from + p));
    for (const block of blocksOf(reflectors, width)) reflectByBlock(block, rows, false, panels, scratch);
    for (let p = from; p < to; p++) scatterPanel(panelOf(p), rows, width, p * VECTOR_PANEL, columns, target);
  }
}

/** Z ← H_{count−1} ⋯ H_0 Z, or the adjoint of this product times Z, for the panels of Z; `count` as many as a block takes at most. */
export function reflectByBlock(
  block: Reflectors,
  rows: number,
  adjointly: boolean,
  panels: readonly Float64Array[],
  scratch: Float64Array,
): void {
  const width = block.im === null ? 1 : 2;
  const form = realForm(block, rows, width, scratch);
  if (adjointly) transpose(form.factor, form.height);
  for (const panel of panels) reflectPanel(form, block, width, panel);
}

function transpose(square: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const kept = square[i * n + j]!;
      square[i * n + j] = square[j * n + i]!;
      square[j * n + i] = kept;
    }
  }
}

/** Blocks of reflectors in order, the first as short as need be: it has the fewest rows. */
function* blocksOf(all: Reflectors, width: Width): Generator<Reflectors> {
  const perBlock = REFLECTOR_BLOCK / width;
  let count = all.count % perBlock || perBlock;
  for (let done = 0; done < all.count; done += count, count = perBlock) {
    const skip = all.direction * done;
    yield { ...all, count, edge: all.edge + skip, first: all.first + skip };
  }
}

interface RealForm {
  /** First row of Z that is touched. */
  readonly low: number;
  readonly inner: number;
  readonly height: number;
  /** V†, height×inner. */
  readonly adjoint: Float64Array;
  /** T, height×height. */
  readonly factor: Float64Array;
  /** V†Z and T V†Z for one panel. */
  readonly w: Float64Array;
  readonly tw: Float64Array;
}

function realForm(block: Reflectors, rows: number, width: Width, scratch: Float64Array): RealForm {
  const { direction, count, edge } = block;
  const low = direction > 0 ? 0 : edge - (count - 1);
  const high = direction > 0 ? edge + count : rows;
  const [inner, height] = [(high - low) * width, count * width];
  let used = 0;
  const take = (length: number): Float64Array => scratch.subarray(used, (used += length));
  const adjoint = take(height * inner);
  const [gram, factor] = [take(REFLECTOR_BLOCK ** 2), take(REFLECTOR_BLOCK ** 2)];
  const [w, tw] = [take(REFLECTOR_BLOCK * VECTOR_PANEL), take(REFLECTOR_BLOCK * VECTOR_PANEL)];
  loadVectors(block, low, high, adjoint);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < height; c += width) {
      let sum = 0;
      for (let p = 0; p < inner; p++) sum += adjoint[r * inner + p]! * adjoint[c * inner + p]!;
      gram[r * height + c] = sum;
    }
  }
  formFactor(block, width, gram, factor);
  return { low, inner, height, adjoint, factor, w, tw };
}

/** The real form of V†, row by row, zero where a vector is not stored. */
function loadVectors(
  { direction, count, edge, re, im, ld, first }: Reflectors,
  low: number,
  high: number,
  adjoint: Float64Array,
): void {
  const width = im === null ? 1 : 2;
  const inner = (high - low) * width;
  adjoint.fill(0);
  for (let j = 0; j < count; j++) {
    const from = direction > 0 ? low : edge - j;
    const to = direction > 0 ? edge + j + 1 : high;
    const row = (first + direction * j) * ld;
    for (let i = from; i < to; i++) {
      const at = j * width * inner + (i - low) * width;
      adjoint[at] = re[row + i]!;
      if (im === null) continue;
      adjoint[at + 1] = im[row + i]!;
      adjoint[at + inner] = -im[row + i]!;
      adjoint[at + inner + 1] = re[row + i]!;
    }
  }
}

/** The real form of T from that of V†V. */
function formFactor(
  { direction, count, first, tau }: Reflectors,
  width: Width,
  gram: Float64Array,
  factor: Float64Array,
): void {
  const height = count * width;
  factor.fill(0);
  for (let j = 0; j < count; j++) {
    const pair = 2 * (first + direction * j);
    const tr = tau[pair]!;
    const ti = width === 1 ? 0 : tau[pair + 1]!;
    for (let i = 0; i < j; i++) {
      let sumR = 0;
      let sumI = 0;
      for (let l = i; l < j; l++) {
        const product = j * width * height + l * width;
        const known = l * width * height + i * width;
        sumR += gram[product]! * factor[known]!;
        if (width === 1) continue;
        sumR -= gram[product + height]! * factor[known + height]!;
        sumI += gram[product]! * factor[known + height]! + gram[product + height]! * factor[known]!;
      }
      putFactor(factor, height, width, j, i, -(tr * sumR - ti * sumI), -(tr * sumI + ti * sumR));
    }
    putFactor(factor, height, width, j, j, tr, ti);
  }
}

/** The real form of one element. */
function putFactor(
  factor: Float64Array,
  height: number,
  width: Width,
  j: number,
  i: number,
  re: number,
  im: number,
): void {
  const at = j * width * height + i * width;
  factor[at] = re;
  if (width === 1) return;
  factor[at + 1] = -im;
  factor[at + height] = im;
  factor[at + height + 1] = re;
}

/** Z ← Z − V (T (V†Z)) for one panel. */
function reflectPanel(form: RealForm, { direction, edge }: Reflectors, width: Width, panel: Float64Array): void {
  const { low, inner, height, adjoint, factor, w, tw } = form;
  const z = panel.subarray(low * width * VECTOR_PANEL);
  multiplyPanel(adjoint, height, inner, z, w);
  multiplyPanel(factor, height, height, w, tw);
  for (let row = 0; row < inner; row++) {
    const group = row - (row % 3);
    const outer =
      direction > 0
        ? low + Math.floor(group / width) - edge
        : edge - low - Math.floor((Math.min(group + 3, inner) - 1) / width);
    for (let p = Math.max(0, outer) * width; p < height; p++) {
      const x = -adjoint[p * inner + row]!;
      for (let l = 0; l < VECTOR_PANEL; l++) {
        const at = row * VECTOR_PANEL + l;
        z[at] = z[at]! + x * tw[p * VECTOR_PANEL + l]!;
      }
    }
  }
}

/** y = A x for a matrix of `rows` rows and a panel of six columns. */
function multiplyPanel(a: Float64Array, rows: number, columns: number, x: Float64Array, y: Float64Array): void {
  y.fill(0, 0, rows * VECTOR_PANEL);
  for (let i = 0; i < rows; i++) {
    for (let p = 0; p < columns; p++) {
      const factor = a[i * columns + p]!;
      for (let l = 0; l < VECTOR_PANEL; l++) {
        const at = i * VECTOR_PANEL + l;
        y[at] = y[at]! + factor * x[p * VECTOR_PANEL + l]!;
      }
    }
  }
}
