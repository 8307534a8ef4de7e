/** One-sided Jacobi on rows. Mathematics: src/backend/ts/svd/jacobi-rows.ts. One vector holds two real numbers or one complex number. */
import { at, put, rowOf, vectorAt, putVector } from '../layout';

const MAX_SWEEPS: i32 = 40;
const U: f64 = reinterpret<f64>((1023 - 53) << 52);
const LARGE: f64 = reinterpret<f64>((1023 + 400) << 52);

// @ts-ignore: decorator
@inline
function swapped(z: v128): v128 {
  return v128.shuffle<f64>(z, z, 1, 0);
}

// @ts-ignore: decorator
@inline
function total(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

export function jacobiRows(g: usize, j: usize, n: i32, width: i32, info: usize): i32 {
  const length = n * width;
  const tolerance = (2 + sqrt<f64>(<f64>n)) * U;
  for (let sweep = 1; sweep <= MAX_SWEEPS; sweep++) {
    let rotated = false;
    put<f64>(info, 0, sweep);
    for (let p = 0; p < n - 1; p++) {
      const x = rowOf<f64>(g, p, length);
      for (let q = p + 1; q < n; q++) {
        const y = rowOf<f64>(g, q, length);
        let xx = f64x2.splat(0);
        let yy = xx;
        let xy = xx;
        let cross = xx;
        let k = 0;
        for (; k + 2 <= length; k += 2) {
          const a = vectorAt<f64>(x, k);
          const b = vectorAt<f64>(y, k);
          xx = f64x2.add(xx, f64x2.mul(a, a));
          yy = f64x2.add(yy, f64x2.mul(b, b));
          xy = f64x2.add(xy, f64x2.mul(a, b));
          cross = f64x2.add(cross, f64x2.mul(swapped(a), b));
        }
        if (k < length) {
          const a = at<f64>(x, k);
          const b = at<f64>(y, k);
          xx = f64x2.replace_lane(xx, 0, f64x2.extract_lane(xx, 0) + a * a);
          yy = f64x2.replace_lane(yy, 0, f64x2.extract_lane(yy, 0) + b * b);
          xy = f64x2.replace_lane(xy, 0, f64x2.extract_lane(xy, 0) + a * b);
        }
        const re = total(xy);
        const im = width == 1 ? 0.0 : f64x2.extract_lane(cross, 0) - f64x2.extract_lane(cross, 1);
        const size = width == 1 ? abs<f64>(re) : complexSize(re, im);
        if (size <= tolerance * sqrt<f64>(total(xx)) * sqrt<f64>(total(yy))) continue;
        rotated = true;
        const zeta = (total(yy) - total(xx)) / (2 * size);
        const root = abs<f64>(zeta) > LARGE ? 2 * abs<f64>(zeta) : abs<f64>(zeta) + sqrt<f64>(1 + zeta * zeta);
        const t = zeta < 0 ? -1 / root : 1 / root;
        const c = 1 / sqrt<f64>(1 + t * t);
        const s = c * t;
        rotate(x, y, length, width, c, s * (re / size), s * (im / size));
        rotate(rowOf<f64>(j, p, length), rowOf<f64>(j, q, length), length, width, c, s * (re / size), s * (im / size));
      }
    }
    if (!rotated) return 0;
  }
  return 1;
}

function complexSize(re: f64, im: f64): f64 {
  const high = max<f64>(abs<f64>(re), abs<f64>(im));
  if (high == 0) return 0;
  const low = min<f64>(abs<f64>(re), abs<f64>(im)) / high;
  return high * sqrt<f64>(1 + low * low);
}

function rotate(x: usize, y: usize, length: i32, width: i32, c: f64, fr: f64, fi: f64): void {
  const cs = f64x2.splat(c);
  const rs = f64x2.splat(fr);
  if (width == 1) {
    let k = 0;
    for (; k + 2 <= length; k += 2) {
      const a = vectorAt<f64>(x, k);
      const b = vectorAt<f64>(y, k);
      putVector<f64>(x, k, f64x2.sub(f64x2.mul(cs, a), f64x2.mul(rs, b)));
      putVector<f64>(y, k, f64x2.add(f64x2.mul(rs, a), f64x2.mul(cs, b)));
    }
    if (k < length) {
      const a = at<f64>(x, k);
      const b = at<f64>(y, k);
      put<f64>(x, k, c * a - fr * b);
      put<f64>(y, k, fr * a + c * b);
    }
    return;
  }
  // (−fi, fi) times the swapped y is i·fi·y; (fi, −fi) times the swapped x is −i·fi·x.
  const iy = f64x2.replace_lane(f64x2.splat(fi), 0, -fi);
  const ix = f64x2.replace_lane(f64x2.splat(-fi), 0, fi);
  for (let k = 0; k < length; k += 2) {
    const a = vectorAt<f64>(x, k);
    const b = vectorAt<f64>(y, k);
    putVector<f64>(x, k, f64x2.sub(f64x2.mul(cs, a), f64x2.add(f64x2.mul(rs, b), f64x2.mul(iy, swapped(b)))));
    putVector<f64>(y, k, f64x2.add(f64x2.add(f64x2.mul(rs, a), f64x2.mul(ix, swapped(a))), f64x2.mul(cs, b)));
  }
}
