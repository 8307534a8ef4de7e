/**
 * Reflectors in blocks. Mathematics and layout: src/backend/ts/dense/reflector-blocks.ts. All three products of a block run on the
 * register block of the real products: a panel of vectors is a packed panel of B as it lies, and the vectors v are packed
 * once per block, not once per panel. Rows and steps where a group of three vectors is zero are left out.
 */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { pack } from './pack';
import { ROWS, tile } from './tile';
import { gatherPanel, scatterPanel, VECTOR_PANEL } from './vector-panels';

/** Rows of the real form of a block of vectors. */
export const BLOCK: i32 = 24;
/** Bytes in a row of a panel of vectors. */
const STEP: usize = (<usize>VECTOR_PANEL) * 8;

export function backTransform(
  direction: i32, count: i32, edge: i32, vr: usize, vi: usize, ld: i32, tau: usize, sources: usize, n: i32, rows: i32, order: usize,
  columns: i32, target: usize, work: usize,
): void {
  const width = vi == 0 ? 1 : 2;
  const strip = max(1, (n + VECTOR_PANEL - 1) / VECTOR_PANEL) * VECTOR_PANEL;
  const scratch = rowOf<f64>(work, strip, width * rows);
  for (let first = 0; first < columns; first += strip) {
    const end = min(first + strip, columns);
    let panel = work;
    for (let column = first; column < end; column += VECTOR_PANEL) {
      gatherPanel(sources, n, rows, width, order, column, panel);
      panel = rowOf<f64>(panel, VECTOR_PANEL, width * rows);
    }
    reflectPanels(direction, count, edge, vr, vi, ld, tau, rows, work, panel, scratch);
    panel = work;
    for (let column = first; column < end; column += VECTOR_PANEL) {
      scatterPanel(panel, rows, width, column, columns, target);
      panel = rowOf<f64>(panel, VECTOR_PANEL, width * rows);
    }
  }
}

function reflectPanels(
  direction: i32, count: i32, edge: i32, vr: usize, vi: usize, ld: i32, tau: usize, rows: i32, panels: usize, end: usize, work: usize,
): void {
  const width = vi == 0 ? 1 : 2;
  const perBlock = BLOCK / width;
  let size = count % perBlock;
  if (size == 0) size = perBlock;
  for (let first = 0; first < count; first += size, size = perBlock) {
    const skip = direction * first;
    const re = seek<f64>(vr, skip * ld);
    const im: usize = vi == 0 ? 0 : seek<f64>(vi, skip * ld);
    reflectByBlock(direction, size, edge + skip, re, im, ld, seek<f64>(tau, 2 * skip), rows, false, panels, end, work);
  }
}

/** Z ← Z − V (T (V†Z)), with T† where `adjointly`, for one block of reflectors and all panels from `panels` to `end`. */
export function reflectByBlock(
  direction: i32, size: i32, edge: i32, vr: usize, vi: usize, ld: i32, tau: usize, rows: i32, adjointly: bool, panels: usize, end: usize,
  work: usize,
): void {
  const width = vi == 0 ? 1 : 2;
  const low = direction > 0 ? 0 : edge - (size - 1);
  const high = direction > 0 ? edge + size : rows;
  const inner = (high - low) * width;
  const height = size * width;
  const adjoint = rowOf<f64>(work, BLOCK, width * rows);
  const minus = rowOf<f64>(adjoint, BLOCK, width * rows);
  const gram = rowOf<f64>(minus, BLOCK, width * rows + 2);
  const factor = seek<f64>(gram, 2 * BLOCK * BLOCK);
  const w = seek<f64>(factor, BLOCK * BLOCK);
  const tw = seek<f64>(w, BLOCK * VECTOR_PANEL);
  loadVectors(direction, size, edge, vr, vi, ld, low, high, work);
  for (let row = 0; row < height; row += ROWS) {
    pack<f64>(rowOf<f64>(work, row, inner), inner, 1, min(ROWS, height - row), inner, ROWS, 1, rowOf<f64>(adjoint, row, inner));
  }
  formFactor(direction, size, width, tau, edge, low, inner, adjointly, work, adjoint, minus, gram, factor);
  for (let row = 0; row < inner; row += ROWS) {
    pack<f64>(seek<f64>(work, row), 1, inner, min(ROWS, inner - row), height, ROWS, -1, rowOf<f64>(minus, row, height));
  }
  const step = rowOf<f64>(0, VECTOR_PANEL, width * rows);
  for (let panel = rowOf<f64>(panels, low * width, VECTOR_PANEL); panel < end; panel += step) {
    timesAdjoint(direction, size, width, edge, low, inner, 0, adjoint, panel, w);
    for (let row = 0; row < height; row += ROWS) {
      const skip = adjointly ? row / width * width : 0;
      const k = adjointly ? height : min(size, (row + ROWS - 1) / width + 1) * width;
      tile<f64>(
        ROWS, VECTOR_PANEL, seek<f64>(rowOf<f64>(factor, row, height), ROWS * skip), 0, rowOf<f64>(w, skip, VECTOR_PANEL), STEP,
        rowOf<f64>(tw, row, VECTOR_PANEL), STEP, k - skip, true,
      );
    }
    for (let row = 0; row < inner; row += ROWS) {
      const count = min(ROWS, inner - row);
      const outer = direction > 0 ? low + row / width - edge : edge - low - (row + count - 1) / width;
      const skip = max(0, outer) * width;
      tile<f64>(
        count, VECTOR_PANEL, seek<f64>(rowOf<f64>(minus, row, height), ROWS * skip), 0, rowOf<f64>(tw, skip, VECTOR_PANEL), STEP,
        rowOf<f64>(panel, row, VECTOR_PANEL), STEP, height - skip, false,
      );
    }
  }
}

/** Rows from `firstRow` on of the real form of V†Z, for rows low … of one panel. */
// @ts-ignore: decorator
@inline
function timesAdjoint(
  direction: i32, size: i32, width: i32, edge: i32, low: i32, inner: i32, firstRow: i32, adjoint: usize, panel: usize, w: usize,
): void {
  const height = size * width;
  for (let row = firstRow; row < height; row += ROWS) {
    const last = min(size - 1, (row + ROWS - 1) / width);
    const skip = direction > 0 ? 0 : (edge - last - low) * width;
    const k = direction > 0 ? (edge + last + 1 - low) * width : inner - skip;
    tile<f64>(
      ROWS, VECTOR_PANEL, seek<f64>(rowOf<f64>(adjoint, row, inner), ROWS * skip), 0, rowOf<f64>(panel, skip, VECTOR_PANEL), STEP,
      rowOf<f64>(w, row, VECTOR_PANEL), STEP, k, true,
    );
  }
}

/** The real form of V†, row by row, zero where a vector is not stored. */
function loadVectors(direction: i32, size: i32, edge: i32, vr: usize, vi: usize, ld: i32, low: i32, high: i32, vectors: usize): void {
  const width = vi == 0 ? 1 : 2;
  const inner = (high - low) * width;
  memory.fill(vectors, 0, (<usize>(size * width * inner)) * 8);
  for (let j = 0; j < size; j++) {
    const skip = direction * j;
    const from = direction > 0 ? low : edge + skip;
    const end = direction > 0 ? edge + skip + 1 : high;
    const re = seek<f64>(vr, skip * ld);
    const row = rowOf<f64>(vectors, j * width, inner);
    if (width == 1) {
      memory.copy(seek<f64>(row, from - low), seek<f64>(re, from), (<usize>(end - from)) * 8);
      continue;
    }
    const im = seek<f64>(vi, skip * ld);
    let to = seek<f64>(row, 2 * (from - low));
    let i = from;
    for (; i + 2 <= end; i += 2) {
      const x = vectorAt<f64>(re, i);
      const y = vectorAt<f64>(im, i);
      const z = f64x2.neg(y);
      v128.store(to, v128.shuffle<f64>(x, y, 0, 2));
      v128.store(to, v128.shuffle<f64>(x, y, 1, 3), 16);
      putVector<f64>(to, inner, v128.shuffle<f64>(z, x, 0, 2));
      putVector<f64>(to, inner + 2, v128.shuffle<f64>(z, x, 1, 3));
      to = seek<f64>(to, 4);
    }
    if (i < end) {
      put<f64>(to, 0, at<f64>(re, i));
      put<f64>(to, 1, at<f64>(im, i));
      put<f64>(to, inner, -at<f64>(im, i));
      put<f64>(to, inner + 1, at<f64>(re, i));
    }
  }
}

/** The real form of T, or of T† where `adjointly`, packed; `panel` holds six vectors at a time, `gram` their products with all that come after them. */
function formFactor(
  direction: i32, size: i32, width: i32, tau: usize, edge: i32, low: i32, inner: i32, adjointly: bool, vectors: usize, adjoint: usize,
  panel: usize, gram: usize, factor: usize,
): void {
  const height = size * width;
  for (let first = 0; first < size; first += VECTOR_PANEL) {
    const step = width * inner;
    const count = min(VECTOR_PANEL, size - first);
    pack<f64>(rowOf<f64>(vectors, first, step), step, 1, count, inner, VECTOR_PANEL, 1, panel);
    timesAdjoint(direction, size, width, edge, low, inner, first * width, adjoint, panel, seek<f64>(gram, first * BLOCK));
  }
  const rows = seek<f64>(gram, BLOCK * BLOCK);
  memory.fill(rows, 0, (<usize>(height * height)) * 8);
  for (let j = 0; j < size; j++) {
    const tr = at<f64>(tau, 2 * direction * j);
    const ti = width == 1 ? 0.0 : at<f64>(tau, 2 * direction * j + 1);
    for (let i = 0; i < j; i++) {
      let sumR: f64 = 0;
      let sumI: f64 = 0;
      for (let l = i; l < j; l++) {
        const product = seek<f64>(gram, l / VECTOR_PANEL * VECTOR_PANEL * BLOCK + j * width * VECTOR_PANEL + l % VECTOR_PANEL);
        const known = seek<f64>(rows, l * width * height + i * width);
        const gr = at<f64>(product, 0);
        const fr = at<f64>(known, 0);
        sumR += gr * fr;
        if (width == 2) {
          const gi = at<f64>(product, VECTOR_PANEL);
          const fi = at<f64>(known, height);
          sumR -= gi * fi;
          sumI += gr * fi + gi * fr;
        }
      }
      putFactor(rows, height, width, j, i, -(tr * sumR - ti * sumI), -(tr * sumI + ti * sumR));
    }
    putFactor(rows, height, width, j, j, tr, ti);
  }
  for (let row = 0; row < height; row += ROWS) {
    const from = adjointly ? seek<f64>(rows, row) : rowOf<f64>(rows, row, height);
    const count = min(ROWS, height - row);
    pack<f64>(from, adjointly ? 1 : height, adjointly ? height : 1, count, height, ROWS, 1, rowOf<f64>(factor, row, height));
  }
}

/** The real form of one element. */
// @ts-ignore: decorator
@inline
function putFactor(rows: usize, height: i32, width: i32, j: i32, i: i32, re: f64, im: f64): void {
  const place = seek<f64>(rows, j * width * height + i * width);
  put<f64>(place, 0, re);
  if (width == 2) {
    put<f64>(place, 1, -im);
    put<f64>(place, height, im);
    put<f64>(place, height + 1, re);
  }
}
