/** Columns of unit 2-norm whose largest element is real and positive. */
import { modulus, oneNorm } from '../../../../math/complex-pairs.ts';

/** Scales the columns of x (n×n); pivots[k] is multiplied by what column k was. work: 4n numbers. */
export function unitVectors(x: Float64Array, ld: number, n: number, pivots: Float64Array, work: Float64Array): void {
  const peak = n;
  const squares = 3 * n;
  for (let k = 0; k < 4 * n; k++) work[k] = 0;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const p = 2 * (i * ld + k);
      const size = oneNorm(x[p]!, x[p + 1]!);
      if (size > work[k]!) {
        work[k] = size;
        work[peak + 2 * k] = x[p]!;
        work[peak + 2 * k + 1] = x[p + 1]!;
      }
    }
  }
  for (let k = 0; k < n; k++) work[k] = 1 / work[k]!;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const p = 2 * (i * ld + k);
      const re = x[p]! * work[k]!;
      const im = x[p + 1]! * work[k]!;
      work[squares + k] = work[squares + k]! + (re * re + im * im);
    }
  }
  for (let k = 0; k < n; k++) {
    const pr = work[peak + 2 * k]! * work[k]!;
    const pi = work[peak + 2 * k + 1]! * work[k]!;
    const norm = Math.sqrt(work[squares + k]!);
    const scale = 1 / (norm * modulus(pr, pi));
    work[peak + 2 * k] = pr * scale;
    work[peak + 2 * k + 1] = -pi * scale;
    pivots[k] = (pivots[k]! * work[k]!) / norm;
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const p = 2 * (i * ld + k);
      const re = x[p]! * work[k]!;
      const im = x[p + 1]! * work[k]!;
      const cr = work[peak + 2 * k]!;
      const ci = work[peak + 2 * k + 1]!;
      x[p] = re * cr - im * ci;
      x[p + 1] = im * cr + re * ci;
    }
  }
}
