/** Plane rotations. Mathematics: src/backend/ts/dense/rotation.ts. */
import { put } from '../layout';

const LARGE: f64 = reinterpret<f64>((1023 + 960) << 52);
const SMALL: f64 = reinterpret<f64>((1023 - 860) << 52);
const UP: f64 = reinterpret<f64>((1023 + 600) << 52);
const DOWN: f64 = reinterpret<f64>((1023 - 600) << 52);

export function makeRotation(f: f64, g: f64, out: usize): void {
  let unit: f64 = 1;
  let a = f;
  let b = g;
  let squares = a * a + b * b;
  if (!(squares <= LARGE && squares >= SMALL)) {
    if (f == 0 && g == 0) {
      put<f64>(out, 0, 1);
      put<f64>(out, 1, 0);
      put<f64>(out, 2, 0);
      return;
    }
    unit = squares > LARGE ? DOWN : UP;
    a *= unit;
    b *= unit;
    squares = a * a + b * b;
  }
  const r = sqrt(squares);
  put<f64>(out, 0, a / r);
  put<f64>(out, 1, b / r);
  put<f64>(out, 2, unit == 1 ? r : r / unit);
}
