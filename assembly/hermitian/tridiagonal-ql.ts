/** QL steps on a tridiagonal matrix. Mathematics: src/backend/ts/hermitian/tridiagonal-ql.ts. panels = 0: eigenvalues only. */
import { at, put } from '../layout';
import { makeRotation } from '../dense/rotation';
import { rotateDown } from '../dense/rotation-panels';

const MAX_STEPS: i32 = 60;
const PATIENCE: i32 = 20;
const U: f64 = reinterpret<f64>((1023 - 53) << 52);
const U2: f64 = U * U;
const SAFE: f64 = reinterpret<f64>((1023 - 1022) << 52);
const LARGE: f64 = reinterpret<f64>((1023 + 400) << 52);

export function tridiagonalQl(d: usize, e: usize, n: i32, c: usize, s: usize, panels: usize, out: usize): i32 {
  const rounding = U * normInfinity(d, e, n);
  let steps = 0;
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      const small = step < PATIENCE ? SAFE : rounding * rounding + SAFE;
      let m = l;
      while (m < n - 1 && !(at<f64>(e, m) * at<f64>(e, m) <= U2 * abs<f64>(at<f64>(d, m)) * abs<f64>(at<f64>(d, m + 1)) + small)) m++;
      if (m < n - 1) put<f64>(e, m, 0);
      if (m == l) break;
      put<f64>(out, 3, steps);
      if (step == MAX_STEPS) return l + 1;
      steps++;
      qlStep(d, e, l, m, c, s, out);
      if (panels != 0) rotateDown(panels, n, n, l, m, c, s, steps);
    }
  }
  put<f64>(out, 3, steps);
  return 0;
}

function normInfinity(d: usize, e: usize, n: i32): f64 {
  let norm: f64 = 0;
  let before: f64 = 0;
  for (let i = 0; i < n; i++) {
    const after = i < n - 1 ? abs<f64>(at<f64>(e, i)) : 0;
    norm = max<f64>(norm, abs<f64>(at<f64>(d, i)) + before + after);
    before = after;
  }
  return norm;
}

function qlStep(d: usize, e: usize, l: i32, m: i32, c: usize, s: usize, out: usize): void {
  const half = (at<f64>(d, l + 1) - at<f64>(d, l)) / (2 * at<f64>(e, l));
  const root = abs<f64>(half) > LARGE ? abs<f64>(half) : sqrt<f64>(half * half + 1);
  let g = at<f64>(d, m) - at<f64>(d, l) + at<f64>(e, l) / (half < 0 ? half - root : half + root);
  let sine: f64 = 1;
  let cosine: f64 = 1;
  let p: f64 = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = sine * at<f64>(e, i);
    const b = cosine * at<f64>(e, i);
    makeRotation(g, f, out);
    cosine = at<f64>(out, 0);
    sine = at<f64>(out, 1);
    if (i < m - 1) put<f64>(e, i + 1, at<f64>(out, 2));
    g = at<f64>(d, i + 1) - p;
    const r = (at<f64>(d, i) - g) * sine + 2 * cosine * b;
    p = sine * r;
    put<f64>(d, i + 1, g + p);
    g = cosine * r - b;
    put<f64>(c, i, cosine);
    put<f64>(s, i, sine);
  }
  put<f64>(d, l, at<f64>(d, l) - p);
  put<f64>(e, l, g);
}
