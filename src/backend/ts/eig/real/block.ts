/**
 * 2×2 diagonal blocks of a real Schur form: two real eigenvalues are split, a complex pair gets equal diagonal elements.
 *
 * @source Z. Bai, J. W. Demmel, Linear Algebra Appl. 186 (1993) 73–95, section 2.
 */

const ULP: number = 2.220446049250313e-16;

/** (x, z) ← (c x + s z, c z − s x) for `count` elements `step` apart. */
function rotate(a: Float64Array, x: number, z: number, count: number, step: number, c: number, s: number): void {
  for (let i = 0; i < count; i++) {
    const u = a[x + i * step]!;
    const w = a[z + i * step]!;
    a[x + i * step] = c * u + s * w;
    a[z + i * step] = c * w - s * u;
  }
}

/** √(x² + y²) without overflow or underflow on the way. */
export function length(x: number, y: number): number {
  const big = Math.max(Math.abs(x), Math.abs(y));
  if (big === 0) return 0;
  const ratio = Math.min(Math.abs(x), Math.abs(y)) / big;
  return big * Math.sqrt(1 + ratio * ratio);
}

/**
 * Eigenvalues of [[a, b], [c, d]] into out[o…] = Re, Im, Re, Im. With p = (a−d)/2: d + p ± √(p² + bc), the real ones formed
 * without cancellation.
 */
export function blockValues(a: number, b: number, c: number, d: number, out: Float64Array, o: number): void {
  const p = 0.5 * (a - d);
  const size = Math.max(Math.abs(p), Math.max(Math.abs(b), Math.abs(c)));
  out[o] = a;
  out[o + 1] = 0;
  out[o + 2] = d;
  out[o + 3] = 0;
  if (b === 0 || c === 0) return;
  const square = (p / size) * p + (b / size) * c;
  const root = Math.sqrt(size) * Math.sqrt(Math.abs(square));
  if (square >= 0) {
    const z = p >= 0 ? p + root : p - root;
    out[o] = d + z;
    out[o + 2] = z === 0 ? d : d - (b / z) * c;
  } else {
    out[o] = d + p;
    out[o + 1] = root;
    out[o + 2] = d + p;
    out[o + 3] = -root;
  }
}

/**
 * Brings the block in rows and columns k, k+1 of h to standard form: c = 0, or a = d and bc < 0. Columns up to `right` and rows
 * from `top` of h and qRows rows of q take part.
 */
export function standardise(
  h: Float64Array,
  ld: number,
  top: number,
  right: number,
  q: Float64Array,
  qRows: number,
  k: number,
): void {
  const p = k * ld + k;
  const a = h[p]!;
  const b = h[p + 1]!;
  const c = h[p + ld]!;
  const d = h[p + ld + 1]!;
  if (c === 0 || (a === d && b < 0 !== c < 0 && b !== 0)) return;
  const half = 0.5 * (a - d);
  const size = Math.max(Math.abs(half), Math.max(Math.abs(b), Math.abs(c)));
  const square = (half / size) * half + (b / size) * c;
  if (square >= 4 * ULP * size) {
    // Real and apart: the eigenvector of d + z is (z, c).
    const root = Math.sqrt(size) * Math.sqrt(square);
    const z = half >= 0 ? half + root : half - root;
    const norm = length(z, c);
    turn(h, ld, top, right, q, qRows, k, z / norm, c / norm);
    h[p] = d + z;
    h[p + ld] = 0;
    h[p + ld + 1] = d - (b / z) * c;
    return;
  }
  // Complex or nearly equal: first make the diagonal elements equal, by the angle with tan 2θ = (d−a)/(b+c) measured from b+c.
  const sigma = b + c;
  const tau = length(sigma, a - d);
  let cosine = 1.0;
  let sine = 0.0;
  if (tau > 0) {
    cosine = Math.sqrt(0.5 * (1 + Math.abs(sigma) / tau));
    sine = -(half / (tau * cosine)) * (sigma < 0 ? -1.0 : 1.0);
  }
  turn(h, ld, top, right, q, qRows, k, cosine, sine);
  const mean = 0.5 * (h[p]! + h[p + ld + 1]!);
  h[p] = mean;
  h[p + ld + 1] = mean;
  const upper = h[p + 1]!;
  const lower = h[p + ld]!;
  if (lower === 0) return;
  if (upper === 0) {
    turn(h, ld, top, right, q, qRows, k, 0, 1);
    h[p + ld] = 0;
    return;
  }
  if (upper < 0 !== lower < 0) return;
  // Real after all: (b, √(bc)) is an eigenvector.
  const rootB = Math.sqrt(Math.abs(upper));
  const rootC = Math.sqrt(Math.abs(lower));
  const shift = rootB * rootC;
  const norm = length(rootB, rootC);
  turn(h, ld, top, right, q, qRows, k, rootB / norm, (upper < 0 ? -rootC : rootC) / norm);
  h[p] = mean + shift;
  h[p + ld] = 0;
  h[p + ld + 1] = mean - shift;
}

/** h ← G h Gᵀ, q ← q Gᵀ with the rotation G = [c s; −s c] of rows k, k+1. */
function turn(
  h: Float64Array,
  ld: number,
  top: number,
  right: number,
  q: Float64Array,
  qRows: number,
  k: number,
  c: number,
  s: number,
): void {
  const p = k * ld + k;
  rotate(h, p, p + ld, right - k + 1, 1, c, s);
  rotate(h, top * ld + k, top * ld + k + 1, k + 2 - top, ld, c, s);
  rotate(q, k, k + 1, qRows, ld, c, s);
}
