/** Mathematics: src/backend/ts/eig/real/block.ts. */
import { at, put } from '../../layout';

const ULP: f64 = 2.220446049250313e-16;

/** (x, z) ← (c x + s z, c z − s x) for `count` elements `step` apart. */
function rotate(a: usize, x: i32, z: i32, count: i32, step: i32, c: f64, s: f64): void {
  for (let i = 0; i < count; i++) {
    const u = at<f64>(a, x + i * step);
    const w = at<f64>(a, z + i * step);
    put<f64>(a, x + i * step, c * u + s * w);
    put<f64>(a, z + i * step, c * w - s * u);
  }
}

/** √(x² + y²) without overflow or underflow on the way. */
export function length(x: f64, y: f64): f64 {
  const big = max(abs(x), abs(y));
  if (big == 0) return 0;
  const ratio = min(abs(x), abs(y)) / big;
  return big * sqrt(1 + ratio * ratio);
}

export function blockValues(a: f64, b: f64, c: f64, d: f64, out: usize, o: i32): void {
  const p = 0.5 * (a - d);
  const size = max(abs(p), max(abs(b), abs(c)));
  put<f64>(out, o, a);
  put<f64>(out, o + 1, 0);
  put<f64>(out, o + 2, d);
  put<f64>(out, o + 3, 0);
  if (b == 0 || c == 0) return;
  const square = (p / size) * p + (b / size) * c;
  const root = sqrt(size) * sqrt(abs(square));
  if (square >= 0) {
    const z = p >= 0 ? p + root : p - root;
    put<f64>(out, o, d + z);
    put<f64>(out, o + 2, z == 0 ? d : d - (b / z) * c);
  } else {
    put<f64>(out, o, d + p);
    put<f64>(out, o + 1, root);
    put<f64>(out, o + 2, d + p);
    put<f64>(out, o + 3, -root);
  }
}

export function standardise(h: usize, ld: i32, top: i32, right: i32, q: usize, qRows: i32, k: i32): void {
  const p = k * ld + k;
  const a = at<f64>(h, p);
  const b = at<f64>(h, p + 1);
  const c = at<f64>(h, p + ld);
  const d = at<f64>(h, p + ld + 1);
  if (c == 0 || (a == d && b < 0 != c < 0 && b != 0)) return;
  const half = 0.5 * (a - d);
  const size = max(abs(half), max(abs(b), abs(c)));
  const square = (half / size) * half + (b / size) * c;
  if (square >= 4 * ULP * size) {
    // Real and apart: the eigenvector of d + z is (z, c).
    const root = sqrt(size) * sqrt(square);
    const z = half >= 0 ? half + root : half - root;
    const norm = length(z, c);
    turn(h, ld, top, right, q, qRows, k, z / norm, c / norm);
    put<f64>(h, p, d + z);
    put<f64>(h, p + ld, 0);
    put<f64>(h, p + ld + 1, d - (b / z) * c);
    return;
  }
  // Complex or nearly equal: first make the diagonal elements equal, by the angle with tan 2θ = (d−a)/(b+c) measured from b+c.
  const sigma = b + c;
  const tau = length(sigma, a - d);
  let cosine = 1.0;
  let sine = 0.0;
  if (tau > 0) {
    cosine = sqrt(0.5 * (1 + abs(sigma) / tau));
    sine = -(half / (tau * cosine)) * (sigma < 0 ? -1.0 : 1.0);
  }
  turn(h, ld, top, right, q, qRows, k, cosine, sine);
  const mean = 0.5 * (at<f64>(h, p) + at<f64>(h, p + ld + 1));
  put<f64>(h, p, mean);
  put<f64>(h, p + ld + 1, mean);
  const upper = at<f64>(h, p + 1);
  const lower = at<f64>(h, p + ld);
  if (lower == 0) return;
  if (upper == 0) {
    turn(h, ld, top, right, q, qRows, k, 0, 1);
    put<f64>(h, p + ld, 0);
    return;
  }
  if (upper < 0 != lower < 0) return;
  // Real after all: (b, √(bc)) is an eigenvector.
  const rootB = sqrt(abs(upper));
  const rootC = sqrt(abs(lower));
  const shift = rootB * rootC;
  const norm = length(rootB, rootC);
  turn(h, ld, top, right, q, qRows, k, rootB / norm, (upper < 0 ? -rootC : rootC) / norm);
  put<f64>(h, p, mean + shift);
  put<f64>(h, p + ld, 0);
  put<f64>(h, p + ld + 1, mean - shift);
}

/** h ← G h Gᵀ, q ← q Gᵀ with the rotation G = [c s; −s c] of rows k, k+1. */
function turn(h: usize, ld: i32, top: i32, right: i32, q: usize, qRows: i32, k: i32, c: f64, s: f64): void {
  const p = k * ld + k;
  rotate(h, p, p + ld, right - k + 1, 1, c, s);
  rotate(h, top * ld + k, top * ld + k + 1, k + 2 - top, ld, c, s);
  rotate(q, k, k + 1, qRows, ld, c, s);
}
