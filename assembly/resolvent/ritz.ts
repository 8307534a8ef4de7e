/** Mathematics: src/backend/ts/resolvent/ritz.ts. */
import { at, put } from '../layout';

const LEAST_PIVOT: f64 = reinterpret<f64>((1023 - 60) << 52);
const LEAST_GROWTH: f64 = reinterpret<f64>((1023 - 45) << 52);
const GROWTH_TOLERANCE: f64 = reinterpret<f64>((1023 - 20) << 52);
const MAX_STEPS: i32 = 12;

export function ritz(a: usize, b: usize, k: i32, theta: f64, square: f64, out: usize): void {
  const x = k == 1 ? at<f64>(a, 0) : theta + growth(a, b, k, theta, square);
  let d = x - at<f64>(a, k - 1);
  let first: f64 = 1;
  let second: f64 = 0;
  let sum: f64 = 0;
  let product: f64 = 1;
  for (let i = k - 2; i >= 0; i--) {
    const w = 1 / max<f64>(d, LEAST_PIVOT * x);
    const t = at<f64>(b, i) * w * w;
    sum += first * w;
    product *= t;
    second = t * (second - 2 * w * first * first);
    first = 1 + t * first;
    d = x - at<f64>(a, i) - at<f64>(b, i) * w;
  }
  put<f64>(out, 0, x);
  put<f64>(out, 1, (at<f64>(b, k - 1) * product) / first);
  put<f64>(out, 2, second / (2 * first) + sum);
}

function growth(a: usize, b: usize, k: i32, theta: f64, square: f64): f64 {
  let y = positiveRoot(theta - at<f64>(a, k - 1), square);
  for (let step = 0; step < MAX_STEPS && y > LEAST_GROWTH * theta; step++) {
    const x = theta + y;
    let q = x - at<f64>(a, 0);
    let slope: f64 = 1;
    for (let i = 1; i < k; i++) {
      const w = 1 / max<f64>(q, LEAST_PIVOT * x);
      const e = at<f64>(b, i - 1) * w;
      slope = 1 + e * w * slope;
      q = x - at<f64>(a, i) - e;
    }
    const last = y;
    y = positiveRoot(q - last + (slope - 1) * last, (slope - 1) * last * last);
    if (abs<f64>(y - last) <= GROWTH_TOLERANCE * y) break;
  }
  return y;
}

function positiveRoot(g: f64, c: f64): f64 {
  const half = 0.5 * g;
  const root = sqrt<f64>(half * half + c);
  return half > 0 ? c / (half + root) : root - half;
}
