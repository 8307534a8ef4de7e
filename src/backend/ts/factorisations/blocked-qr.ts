import { QR_BLOCKED_COLUMNS, QR_BLOCKED_FROM } from '../../contract/factorisations.ts';
import { REFLECTOR_BLOCK, VECTOR_PANEL, type Width } from '../../contract/hermitian.ts';
import { dotProduct, makeReflector } from '../dense/reflector.ts';
import { type Reflectors, reflectByBlock } from '../dense/reflector-blocks.ts';
import { largestSize, scaleFor, scaleTriangle } from '../dense/scaling.ts';
import { scatterPanel } from '../dense/vector-panels.ts';

/** Whether {@link blockedQr} factorises a matrix whose narrower side is `count`, without pivoting. */
export function qrInBlocks(count: number): boolean {
  return count >= QR_BLOCKED_FROM;
}

/** Whether {@link blockedQrMultiply} applies `count` reflectors to this many columns. */
export function multiplyInBlocks(count: number, columns: number): boolean {
  return count >= QR_BLOCKED_FROM && columns >= QR_BLOCKED_COLUMNS;
}

/**
 * A = Q R without pivoting. The reflectors of a block of 24 real or 12 complex columns are made from these columns alone, x ← x − v (τ̄ v†x),
 * and applied together to those after it, Z ← Z − V (T† (V†Z)). Sums over a column add even-numbered and odd-numbered terms
 * apart; those of the blocks are the ones of src/backend/ts/dense/reflector-blocks.ts.
 * work = [A in panels of six columns, diagonal of R, three numbers, the block's columns, work space of a block of reflectors].
 *
 * @source R. Schreiber, C. Van Loan, SIAM J. Sci. Stat. Comput. 10 (1989) 53.
 */
export function blockedQr(
  a: Float64Array,
  m: number,
  n: number,
  width: Width,
  tau: Float64Array,
  work: Float64Array,
): void {
  const panels = takePanels(work, m, n, width);
  let used = panels.length * VECTOR_PANEL * width * m;
  const take = (length: number): Float64Array => work.subarray(used, (used += length));
  const [betas, out, v] = [take(REFLECTOR_BLOCK), take(3), take(REFLECTOR_BLOCK * m)];
  const scratch = work.subarray(used);
  const scale = scaleFor(largestSize(a, width * m * n));
  toPanels(a, m, n, width, scale, panels);
  const steps = Math.min(m, n);
  const perBlock = REFLECTOR_BLOCK / width;
  const [re, im] = [v, width === 1 ? null : v.subarray(perBlock * m)];
  for (let first = 0; first < steps; first += perBlock) {
    const size = Math.min(perBlock, steps - first);
    for (let c = 0; c < size; c++) {
      const panel = panels[Math.floor((first + c) / VECTOR_PANEL)]!;
      for (let i = first; i < m; i++) {
        const at = i * width * VECTOR_PANEL + ((first + c) % VECTOR_PANEL);
        re[c * m + i] = panel[at]!;
        if (im !== null) im[c * m + i] = panel[at + VECTOR_PANEL]!;
      }
    }
    factoriseBlock(m, first, size, re, im, tau, betas, out);
    const rest = panels.slice(Math.floor((first + size) / VECTOR_PANEL));
    if (first + size < n) reflectByBlock(blockOf(re, im, m, tau, first, size), m, true, rest, scratch);
    for (let c = 0; c < size; c++) {
      const k = first + c;
      re[c * m + k] = betas[c]!;
      if (im !== null) im[c * m + k] = 0;
      const panel = panels[Math.floor(k / VECTOR_PANEL)]!;
      for (let i = first; i < m; i++) {
        const at = i * width * VECTOR_PANEL + (k % VECTOR_PANEL);
        panel[at] = re[c * m + i]!;
        if (im !== null) panel[at + VECTOR_PANEL] = im[c * m + i]!;
      }
    }
  }
  fromPanels(a, m, n, width, panels);
  scaleTriangle(a, m, n, width, 1 / scale);
}

/** B ← Q B, or Q†B where `adjoint`, block by block. work = [B in panels, the block's vectors, work space of a block of reflectors]. */
export function blockedQrMultiply(
  factors: Float64Array,
  tau: Float64Array,
  m: number,
  n: number,
  width: Width,
  b: Float64Array,
  columns: number,
  adjoint: boolean,
  work: Float64Array,
): void {
  const panels = takePanels(work, m, columns, width);
  const used = panels.length * VECTOR_PANEL * width * m;
  const re = work.subarray(used, used + REFLECTOR_BLOCK * m);
  const scratch = work.subarray(used + REFLECTOR_BLOCK * m);
  const perBlock = REFLECTOR_BLOCK / width;
  const im = width === 1 ? null : re.subarray(perBlock * m);
  toPanels(b, m, columns, width, 1, panels);
  const steps = Math.min(m, n);
  const blocks = Math.ceil(steps / perBlock);
  for (let block = 0; block < blocks; block++) {
    const first = (adjoint ? block : blocks - 1 - block) * perBlock;
    const size = Math.min(perBlock, steps - first);
    for (let c = 0; c < size; c++) {
      for (let i = first + c; i < m; i++) {
        const at = (i * n + first + c) * width;
        re[c * m + i] = i === first + c ? 1 : factors[at]!;
        if (im !== null) im[c * m + i] = i === first + c ? 0 : factors[at + 1]!;
      }
    }
    reflectByBlock(blockOf(re, im, m, tau, first, size), m, adjoint, panels, scratch);
  }
  fromPanels(b, m, columns, width, panels);
}

/** H_first ⋯ H_{first+size−1}, the last of them applied first. */
function blockOf(
  re: Float64Array,
  im: Float64Array | null,
  m: number,
  tau: Float64Array,
  first: number,
  size: number,
): Reflectors {
  const own = tau.subarray(2 * first);
  return { direction: -1, count: size, edge: first + size - 1, re, im, ld: m, first: size - 1, tau: own };
}

/** The reflectors of the block's own columns. */
function factoriseBlock(
  m: number,
  first: number,
  size: number,
  re: Float64Array,
  im: Float64Array | null,
  tau: Float64Array,
  betas: Float64Array,
  out: Float64Array,
): void {
  for (let c = 0; c < size; c++) {
    const k = first + c;
    const length = m - k;
    const [vr, vi] = [re.subarray(c * m + k, (c + 1) * m), im?.subarray(c * m + k, (c + 1) * m) ?? null];
    makeReflector(vr, vi, length, 0, out);
    const [tr, ti, beta] = [out[0]!, out[1]!, out[2]!];
    tau[2 * k] = tr;
    tau[2 * k + 1] = ti;
    betas[c] = beta;
    for (let j = c + 1; j < size; j++) {
      const xr = re.subarray(j * m + k, (j + 1) * m);
      if (im === null || vi === null) {
        const z = tr * dotProduct(vr, xr, length);
        for (let i = 0; i < length; i++) xr[i] = xr[i]! - vr[i]! * z;
        continue;
      }
      const xi = im.subarray(j * m + k, (j + 1) * m);
      const sumR = dotProduct(vr, xr, length) + dotProduct(vi, xi, length);
      const sumI = dotProduct(vr, xi, length) - dotProduct(vi, xr, length);
      const [zr, zi] = [tr * sumR + ti * sumI, tr * sumI - ti * sumR];
      for (let i = 0; i < length; i++) {
        xr[i] = xr[i]! - (vr[i]! * zr - vi[i]! * zi);
        xi[i] = xi[i]! - (vr[i]! * zi + vi[i]! * zr);
      }
    }
  }
}

function takePanels(work: Float64Array, m: number, n: number, width: Width): Float64Array[] {
  const length = VECTOR_PANEL * width * m;
  return Array.from({ length: Math.ceil(n / VECTOR_PANEL) }, (_, p) => work.subarray(p * length, (p + 1) * length));
}

/** Columns of a row-major matrix, six to a panel: a row holds six real parts, and then six imaginary ones; zeros beyond the last column. */
function toPanels(
  a: Float64Array,
  m: number,
  n: number,
  width: Width,
  scale: number,
  panels: readonly Float64Array[],
): void {
  for (const panel of panels) panel.fill(0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let part = 0; part < width; part++) {
        const at = (i * width + part) * VECTOR_PANEL + (j % VECTOR_PANEL);
        panels[Math.floor(j / VECTOR_PANEL)]![at] = a[(i * n + j) * width + part]! * scale;
      }
    }
  }
}

function fromPanels(a: Float64Array, m: number, n: number, width: Width, panels: readonly Float64Array[]): void {
  for (const [p, panel] of panels.entries()) scatterPanel(panel, m, width, p * VECTOR_PANEL, n, a);
}
