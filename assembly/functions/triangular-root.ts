/** R² = T. Mathematics: src/backend/ts/functions/triangular-root.ts. */
import { modulus, squareRoot } from '../eig/complex/scalar';
import { at, put, rowOf, seek } from '../layout';
import { solveRows } from './sylvester';

export function triangularRoot(width: i32, n: i32, t: usize, ld: i32, floor: f64): i32 {
  let failed = 0;
  for (let i = n - 1; i >= 0; i--) {
    const double = width == 1 && i > 0 && at<f64>(rowOf<f64>(t, i, ld), i - 1) != 0;
    const top = double ? i - 1 : i;
    const p = seek<f64>(rowOf<f64>(t, top, ld * width), top * width);
    if (double) blockRoot(p, ld);
    else if (width == 1) put<f64>(p, 0, sqrt<f64>(at<f64>(p, 0)));
    else squareRoot(at<f64>(p, 0), at<f64>(p, 1), p, 0);
    const below = seek<f64>(rowOf<f64>(t, i + 1, ld * width), (i + 1) * width);
    const rest = seek<f64>(rowOf<f64>(t, top, ld * width), (i + 1) * width);
    failed += solveRows(width, n - 1 - i, p, ld, double, below, ld, rest, ld, floor);
    if (double) i--;
  }
  return failed;
}

function blockRoot(p: usize, ld: i32): void {
  const m = at<f64>(p, 0);
  const theta = sqrt<f64>(abs<f64>(at<f64>(p, 1))) * sqrt<f64>(abs<f64>(at<f64>(p, ld)));
  const large = sqrt<f64>(0.5 * (modulus(m, theta) + abs<f64>(m)));
  const alpha = m >= 0 ? large : 0.5 * (theta / large);
  put<f64>(p, 0, alpha);
  put<f64>(p, 1, 0.5 * (at<f64>(p, 1) / alpha));
  put<f64>(p, ld, 0.5 * (at<f64>(p, ld) / alpha));
  put<f64>(p, ld + 1, alpha);
}
