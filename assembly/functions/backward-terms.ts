/** Squarings against rounding errors. Mathematics: src/backend/ts/functions/backward-terms.ts. */
import { gemv } from '../dense/gemv';
import { modulus } from '../eig/complex/scalar';
import { at, put } from '../layout';
import { log } from '../math/log';

const LN2: f64 = 0.6931471805599453;

export function relativeSizes(width: i32, n: i32, a: usize, norm: f64, b: usize): void {
  for (let i = 0; i < n * n; i++) {
    const size = width == 1 ? abs<f64>(at<f64>(a, i)) : modulus(at<f64>(a, 2 * i), at<f64>(a, 2 * i + 1));
    put<f64>(b, i, size / norm);
  }
}

export function squaringsFor(m: i32, n: i32, b: usize, norm: f64, x: usize, y: usize): i32 {
  if (norm == 0) return 0;
  const p = 2 * m + 1;
  const fixed = log(firstTerm(m)) + <f64>(2 * m) * log(norm) + 53 * LN2;
  let from = x;
  let to = y;
  for (let j = 0; j < n; j++) put<f64>(from, j, 1);
  for (let k = 1; ; k++) {
    gemv(1, n, n, 1, b, n, from, 0, to);
    let low = at<f64>(to, 0);
    let high = low;
    for (let j = 1; j < n; j++) {
      const sum = at<f64>(to, j);
      if (sum < low) low = sum;
      if (sum > high) high = sum;
    }
    const most = ceilingOf(fixed + <f64>(p / k) * log(high), m);
    if (k == p || most <= 0 || most == ceilingOf(fixed + (<f64>p / <f64>k) * log(low), m)) return most > 0 ? <i32>most : 0;
    const last = from;
    from = to;
    to = last;
  }
  return 0;
}

function ceilingOf(logarithm: f64, m: i32): f64 {
  return Math.ceil(logarithm / (<f64>(2 * m) * LN2));
}

function firstTerm(m: i32): f64 {
  let term: f64 = 1;
  for (let k = 1; k <= m; k++) term *= <f64>k / <f64>(m + k);
  for (let k = 1; k <= 2 * m + 1; k++) term /= <f64>k;
  return term;
}
