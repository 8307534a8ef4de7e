/** All strings that attention blocks can append, depth first. Mathematics: src/backend/ts/fock/enumerate-blocks.ts. */
import { at, put, rowOf, seek } from '../layout';
import { log, mapLog } from '../math/log';

const GROUP: i32 = 8;
const BUFFER: i32 = 64;

/** sum + Σ_i heights[i]·ln buffer[i]; the buffer is overwritten. */
// @ts-ignore: decorator
@inline
function addLogarithms(sum: f64, buffer: usize, heights: usize, n: i32): f64 {
  mapLog(buffer, buffer, n);
  for (let i = 0; i < n; i++) sum += at<f64>(heights, i) * at<f64>(buffer, i);
  return sum;
}

export function enumerateBlocks(
  weights: usize,
  logWeights: usize,
  logCounts: usize,
  places: usize,
  sources: usize,
  B: i32,
  N: i32,
  counts: usize,
  L: i32,
  budget: i32,
  state: usize,
  path: usize,
  marginals: usize,
  best: usize,
  sums: usize,
): i32 {
  const P = GROUP * ((N + GROUP - 1) / GROUP);
  const query = seek<i32>(state, 2);
  const next = seek<i32>(query, L);
  const token = seek<i32>(next, L);
  const scales = seek<f64>(path, L);
  const masses = seek<f64>(scales, L);
  const buffer = rowOf<f64>(masses, L, N);
  const heights = seek<f64>(buffer, BUFFER);
  let buffered = 0;
  let level = at<i32>(state, 0);
  let expand = at<i32>(state, 1) != 0;
  let nodes = 0;
  let strings = at<f64>(sums, 0);
  let purity = at<f64>(sums, 1);
  let logarithms = at<f64>(sums, 2);
  let productSum = at<f64>(sums, 3);
  let largest = at<f64>(sums, 4);
  while (level >= 0) {
    const m = rowOf<f64>(masses, level, N);
    if (expand) {
      if (nodes == budget) break;
      nodes++;
      expand = false;
      const b = level % B;
      const blockPlaces = rowOf<i32>(places, b, N + 1);
      const blockSources = rowOf<i32>(sources, b, N);
      const row = b * N + at<i32>(query, level);
      const rowWeights = rowOf<f64>(weights, row, P);
      const rowLogs = rowOf<f64>(logWeights, row, P);
      const marginal = rowOf<f64>(marginals, level, N);
      const weight = at<f64>(path, level);
      let Z: f64 = 0;
      let products: f64 = 0;
      let place = at<i32>(blockPlaces, 0);
      for (let y = 0; y < N; y++) {
        const end = at<i32>(blockPlaces, y + 1);
        let mass: f64 = 0;
        let logMass: f64 = 0;
        let several = false;
        for (; place < end; place++) {
          const k = at<i32>(blockSources, place);
          const c = at<f64>(counts, k);
          if (c == 0) continue;
          several = mass != 0;
          mass += c * at<f64>(rowWeights, k);
          logMass = at<f64>(logCounts, <i32>c) + at<f64>(rowLogs, k);
        }
        put<f64>(m, y, mass);
        if (mass == 0) continue;
        Z += mass;
        products += mass * (several ? log(mass) : logMass);
      }
      const scale = weight / Z;
      put<f64>(buffer, buffered, Z);
      put<f64>(heights, buffered, weight);
      buffered++;
      if (buffered == BUFFER) {
        logarithms = addLogarithms(logarithms, buffer, heights, buffered);
        buffered = 0;
      }
      productSum += scale * products;
      if (level < L - 1) {
        put<f64>(scales, level, scale);
        put<i32>(next, level, 0);
        for (let y = 0; y < N; y++) put<f64>(marginal, y, at<f64>(marginal, y) + scale * at<f64>(m, y));
      } else {
        for (let y = 0; y < N; y++) {
          const mass = at<f64>(m, y);
          if (mass == 0) continue;
          const leaf = scale * mass;
          put<f64>(marginal, y, at<f64>(marginal, y) + leaf);
          strings += 1;
          purity += leaf * leaf;
          if (leaf > largest) {
            largest = leaf;
            memory.copy(best, token, <usize>level * 4);
            put<i32>(best, level, y);
          }
        }
      }
    }
    let y = level < L - 1 ? at<i32>(next, level) : N;
    while (y < N && at<f64>(m, y) == 0) y++;
    if (y < N) {
      put<i32>(next, level, y + 1);
      put<i32>(token, level, y);
      put<f64>(counts, y, at<f64>(counts, y) + 1);
      put<f64>(path, level + 1, at<f64>(scales, level) * at<f64>(m, y));
      put<i32>(query, level + 1, y);
      level++;
      expand = true;
    } else {
      level--;
      if (level >= 0) {
        const last = at<i32>(token, level);
        put<f64>(counts, last, at<f64>(counts, last) - 1);
      }
    }
  }
  put<f64>(sums, 0, strings);
  put<f64>(sums, 1, purity);
  put<f64>(sums, 2, addLogarithms(logarithms, buffer, heights, buffered));
  put<f64>(sums, 3, productSum);
  put<f64>(sums, 4, largest);
  put<i32>(state, 0, level);
  put<i32>(state, 1, expand ? 1 : 0);
  return level < 0 ? 0 : 1;
}
