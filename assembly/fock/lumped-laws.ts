/** Laws of lumped states. Mathematics: src/backend/ts/fock/lumped-laws.ts. */
import { at, put } from '../layout';

export function lumpedLaws(
  weights: usize,
  order: usize,
  map: usize,
  base: usize,
  counts: usize,
  S: i32,
  K: i32,
  H: i32,
  products: usize,
  masses: usize,
  p: usize,
  count: i32,
): void {
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < K; k++) {
      put<f64>(masses, K + k, at<f64>(base, k) + (k < S ? <f64>at<i32>(counts, i * S + k) : 0));
    }
    for (let q = 0; q < S; q++) {
      const row = (i * S + q) * S;
      for (let y = 0; y < S; y++) put<f64>(p, row + y, 0);
      if (at<i32>(counts, i * S + q) == 0) continue;
      let tuples = 1;
      put<f64>(products, 0, 1);
      for (let h = 0; h < H; h++) {
        const head = (h * S + q) * K;
        let g = 0;
        for (let j = 0; j < K; j++) {
          g = at<i32>(order, head + j);
          if (at<f64>(masses, K + g) > 0) break;
        }
        const from = (head + g) * K;
        let total: f64 = 0;
        for (let k = 0; k < K; k++) {
          const mass = at<f64>(masses, K + k) * at<f64>(weights, from + k);
          put<f64>(masses, k, mass);
          total += mass;
        }
        const share = 1 / total;
        if (h == H - 1) {
          for (let t = 0; t < tuples; t++) {
            const product = at<f64>(products, t) * share;
            for (let k = 0; k < K; k++) {
              const y = row + at<i32>(map, t * K + k);
              put<f64>(p, y, at<f64>(p, y) + product * at<f64>(masses, k));
            }
          }
          break;
        }
        for (let t = tuples - 1; t >= 0; t--) {
          const product = at<f64>(products, t) * share;
          for (let k = K - 1; k >= 0; k--) put<f64>(products, t * K + k, product * at<f64>(masses, k));
        }
        tuples = tuples * K;
      }
    }
  }
}
