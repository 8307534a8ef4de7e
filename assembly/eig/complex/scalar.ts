/** Mathematics: src/math/complex-pairs.ts. */
import { put } from '../../layout';

/** |z| without overflow or underflow on the way: a few units in the last place. */
export function modulus(re: f64, im: f64): f64 {
  const x = abs(re);
  const y = abs(im);
  const big = max(x, y);
  if (big == 0) return 0;
  const ratio = min(x, y) / big;
  return big * sqrt(1 + ratio * ratio);
}

/** |Re z| + |Im z|, within a factor √2 of |z|. */
export function oneNorm(re: f64, im: f64): f64 {
  return abs(re) + abs(im);
}

/** The principal square root of (re, im), into out[o] and out[o+1]: |z| + |Re z| is formed where it does not cancel. */
export function squareRoot(re: f64, im: f64, out: usize, o: i32): void {
  const half = sqrt(0.5 * (modulus(re, im) + abs(re)));
  if (half == 0) {
    put<f64>(out, o, 0);
    put<f64>(out, o + 1, 0);
    return;
  }
  const other = 0.5 * (im / half);
  if (re >= 0) {
    put<f64>(out, o, half);
    put<f64>(out, o + 1, other);
  } else {
    put<f64>(out, o, abs(other));
    put<f64>(out, o + 1, im < 0 ? -half : half);
  }
}

export function divide(nr: f64, ni: f64, dr: f64, di: f64, out: usize, o: i32): void {
  const square = dr * dr + di * di;
  if (square > 1e-280 && square < 1e280) {
    const inverse = 1 / square;
    put<f64>(out, o, (nr * dr + ni * di) * inverse);
    put<f64>(out, o + 1, (ni * dr - nr * di) * inverse);
  } else if (abs(dr) >= abs(di)) {
    const ratio = di / dr;
    const base = dr + di * ratio;
    put<f64>(out, o, (nr + ni * ratio) / base);
    put<f64>(out, o + 1, (ni - nr * ratio) / base);
  } else {
    const ratio = dr / di;
    const base = di + dr * ratio;
    put<f64>(out, o, (nr * ratio + ni) / base);
    put<f64>(out, o + 1, (ni * ratio - nr) / base);
  }
}
