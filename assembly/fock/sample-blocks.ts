/** Sampled outcomes of attention blocks. Mathematics: src/backend/ts/fock/sample-blocks.ts. */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { log } from '../math/log';
import { philoxUniform } from '../rng/philox';
import { multiplyAddF64 } from '../simd';

const GROUP: i32 = 8;
const SMALL: f64 = 1e-150;
/** One in the first lane, and in the second. */
const ONE: usize = memory.data<f64>([1, 0, 0, 1], 16);

/** Sum of eight masses, even and odd ones apart. */
// @ts-ignore: decorator
@inline
function groupMass(counts: usize, weights: usize, i: i32): f64 {
  let sums = f64x2.mul(vectorAt<f64>(counts, i), vectorAt<f64>(weights, i));
  sums = multiplyAddF64(vectorAt<f64>(counts, i + 2), vectorAt<f64>(weights, i + 2), sums);
  sums = multiplyAddF64(vectorAt<f64>(counts, i + 4), vectorAt<f64>(weights, i + 4), sums);
  sums = multiplyAddF64(vectorAt<f64>(counts, i + 6), vectorAt<f64>(weights, i + 6), sums);
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

export function sampleBlocks(
  weights: usize,
  tokenMap: usize,
  places: usize,
  sources: usize,
  B: i32,
  N: i32,
  cumulative: usize,
  startCounts: usize,
  last: usize,
  texts: i32,
  L: i32,
  seed: u64,
  first: u64,
  count: i32,
  marginals: usize,
  tokens: usize,
  prepared: usize,
  logProbability: usize,
  work: usize,
): void {
  const groups = (N + GROUP - 1) / GROUP;
  const P = GROUP * groups;
  const uniform = work;
  const counts = seek<f64>(work, L + 1);
  const prefix = seek<f64>(counts, P);
  for (let t = 0; t < count; t++) {
    philoxUniform(uniform, seed, first + <u64>t, 0, L + 1);
    const prepare = at<f64>(uniform, 0) * at<f64>(cumulative, texts - 1);
    let text = 0;
    while (text < texts - 1 && prepare >= at<f64>(cumulative, text)) text++;
    put<i32>(prepared, t, text);
    memory.copy(counts, rowOf<f64>(startCounts, text, P), <usize>P * 8);
    let q = at<i32>(last, text);
    let product: f64 = 1;
    let logP: f64 = 0;
    let b = 0;
    for (let l = 0; l < L; l++) {
      const row = rowOf<f64>(weights, b * N + q, P);
      let Z: f64 = 0;
      for (let j = 0; j < groups; j++) {
        Z += groupMass(counts, row, GROUP * j);
        put<f64>(prefix, j, Z);
      }
      const target = at<f64>(uniform, l + 1) * Z;
      let j = 0;
      while (j < groups - 1 && target >= at<f64>(prefix, j)) j++;
      let sum = j == 0 ? 0 : at<f64>(prefix, j - 1);
      let k = -1;
      for (let i = GROUP * j; i < GROUP * j + GROUP; i++) {
        const mass = at<f64>(counts, i) * at<f64>(row, i);
        if (mass == 0) continue;
        k = i;
        sum += mass;
        if (target < sum) break;
      }
      for (let i = GROUP * j - 1; k < 0; i--) if (at<f64>(counts, i) > 0) k = i;
      const y = at<i32>(tokenMap, b * N + k);
      const end = at<i32>(places, b * (N + 1) + y + 1);
      let mass: f64 = 0;
      for (let i = at<i32>(places, b * (N + 1) + y); i < end; i++) {
        const source = at<i32>(sources, b * N + i);
        mass += at<f64>(counts, source) * at<f64>(row, source);
      }
      product *= mass / Z;
      if (product < SMALL) {
        logP += log(product);
        product = 1;
      }
      put<f64>(marginals, l * N + y, at<f64>(marginals, l * N + y) + 1);
      if (tokens != 0) put<i32>(rowOf<i32>(tokens, t, L), l, y);
      // As a vector: the vector loads of the next step must not wait for half of what they read.
      const pair = y & ~1;
      putVector<f64>(counts, pair, f64x2.add(vectorAt<f64>(counts, pair), vectorAt<f64>(ONE, 2 * (y & 1))));
      q = y;
      b = b + 1 == B ? 0 : b + 1;
    }
    put<f64>(logProbability, t, logP + log(product));
  }
}
