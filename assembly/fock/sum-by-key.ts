/** Compensated sums by key. Mathematics: src/backend/ts/fock/sum-by-key.ts. */
import { at, put, seek } from '../layout';

export function sumByKey(keys: usize, values: usize, count: i32, sums: usize): void {
  for (let i = 0; i < count; i++) {
    const own = seek<f64>(sums, 2 * at<i32>(keys, i));
    const value = at<f64>(values, i);
    const sum = at<f64>(own, 0);
    const total = sum + value;
    const larger = abs(sum) >= abs(value);
    const a = larger ? sum : value;
    const b = larger ? value : sum;
    put<f64>(own, 0, total);
    put<f64>(own, 1, at<f64>(own, 1) + (a - total + b));
  }
}
