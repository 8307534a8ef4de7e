/** Powers of laws as scaled numbers. Mathematics: src/backend/ts/fock/law-powers.ts. */
import { at, put } from '../layout';
import { exp } from '../math/exp';
import { log } from '../math/log';
import { DOWN, HIGH, LOW, UP } from './scaled';

const LN_UP_HIGH: f64 = 354.8913563489914;
const LN_UP_LOW: f64 = 9.770060437865409e-8;
const PER_LN_UP: f64 = 0.0028177637517362566;

export function lawPowers(p: usize, a: f64, q: usize, b: f64, powers: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    let m = at<f64>(p, i);
    let e: f64 = 0;
    if (m == 0 || (q != 0 && at<f64>(q, i) == 0)) m = 0;
    else if (q == 0 && (a == 1 || a == 2)) {
      while (m < LOW) {
        m = m * UP;
        e = e - 1;
      }
      if (a == 2) {
        m = m * m;
        e = e + e;
        if (m < LOW) {
          m = m * UP;
          e = e - 1;
        } else if (m >= HIGH) {
          m = m * DOWN;
          e = e + 1;
        }
      }
    } else {
      let t = a * log(m);
      if (q != 0) t = t + b * log(at<f64>(q, i));
      e = floor(t * PER_LN_UP + 0.5);
      m = exp(t - e * LN_UP_HIGH - e * LN_UP_LOW);
    }
    put<f64>(powers, 2 * i, m);
    put<f64>(powers, 2 * i + 1, e);
  }
}
