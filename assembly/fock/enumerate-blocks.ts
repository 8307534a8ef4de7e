/**
 * All strings that attention blocks can append, depth first. Mathematics: src/backend/ts/fock/enumerate-blocks.ts.
 * Sums live in memory rather than in locals, so that the one function for a node is expanded where it stands.
 */
import { at, put, rowOf, seek } from '../layout';
import { log, mapLog } from '../math/log';

const GROUP: i32 = 8;
const BUFFER: i32 = 64;

// Places in `sums`.
const STRINGS: i32 = 0;
const PURITY: i32 = 1;
const LOGARITHMS: i32 = 2;
const PRODUCTS: i32 = 3;
const LARGEST: i32 = 4;

/** Adds Σ_i heights[i]·ln buffer[i]; the buffer is overwritten. */
function addLogarithms(buffer: usize, n: i32, sums: usize): void {
  const heights = seek<f64>(buffer, BUFFER);
  mapLog(buffer, buffer, n);
  let sum = at<f64>(sums, LOGARITHMS);
  for (let i = 0; i < n; i++) sum += at<f64>(heights, i) * at<f64>(buffer, i);
  put<f64>(sums, LOGARITHMS, sum);
}

/** Whether every φ takes one token to each. */
function allPermute(places: usize, B: i32, N: i32): bool {
  for (let b = 0; b < B; b++) {
    const own = rowOf<i32>(places, b, N + 1);
    for (let y = 0; y < N; y++) if (at<i32>(own, y + 1) - at<i32>(own, y) != 1) return false;
  }
  return true;
}

/** Masses of the tokens after a node, to `m`; what the node adds to the sums. Gives back P/Z. */
// @ts-ignore: decorator
@inline
function expandNode(
  permutes: bool,
  weights: usize,
  logWeights: usize,
  logCounts: usize,
  places: usize,
  sources: usize,
  N: i32,
  counts: usize,
  weight: f64,
  m: usize,
  buffer: usize,
  slot: i32,
  sums: usize,
): f64 {
  let Z: f64 = 0;
  let products: f64 = 0;
  if (permutes) {
    for (let y = 0; y < N; y++) {
      const k = at<i32>(sources, y);
      const c = at<f64>(counts, k);
      const mass = c * at<f64>(weights, k);
      put<f64>(m, y, mass);
      Z += mass;
      products += mass * (at<f64>(logCounts, <i32>c) + at<f64>(logWeights, k));
    }
  } else {
    let place = 0;
    for (let y = 0; y < N; y++) {
      const end = at<i32>(places, y + 1);
      let mass: f64 = 0;
      let logMass: f64 = 0;
      let several = false;
      for (; place < end; place++) {
        const k = at<i32>(sources, place);
        const c = at<f64>(counts, k);
        if (c == 0) continue;
        several = mass != 0;
        mass += c * at<f64>(weights, k);
        logMass = at<f64>(logCounts, <i32>c) + at<f64>(logWeights, k);
      }
      put<f64>(m, y, mass);
      if (mass == 0) continue;
      Z += mass;
      products += mass * (several ? log(mass) : logMass);
    }
  }
  const scale = weight / Z;
  put<f64>(buffer, slot, Z);
  put<f64>(buffer, BUFFER + slot, weight);
  if (slot == BUFFER - 1) addLogarithms(buffer, BUFFER, sums);
  put<f64>(sums, PRODUCTS, at<f64>(sums, PRODUCTS) + scale * products);
  return scale;
}

/** The strings that end after a node of the last level. */
// @ts-ignore: decorator
@inline
function addLeaves(scale: f64, m: usize, N: i32, marginal: usize, tokens: usize, L: i32, best: usize, sums: usize): void {
  let purity = at<f64>(sums, PURITY);
  let strings = 0;
  for (let y = 0; y < N; y++) {
    const leaf = scale * at<f64>(m, y);
    put<f64>(marginal, y, at<f64>(marginal, y) + leaf);
    strings += i32(leaf != 0);
    purity += leaf * leaf;
    if (leaf > at<f64>(sums, LARGEST)) {
      put<f64>(sums, LARGEST, leaf);
      memory.copy(best, seek<i32>(tokens, 1), <usize>(L - 1) * 4);
      put<i32>(best, L - 1, y);
    }
  }
  put<f64>(sums, PURITY, purity);
  put<f64>(sums, STRINGS, at<f64>(sums, STRINGS) + <f64>strings);
}

// @ts-ignore: decorator
@inline
function walk(
  permutes: bool,
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
  const tokens = seek<i32>(state, 2);
  const children = seek<f64>(path, 1);
  const buffer = rowOf<f64>(children, L, N);
  const last = L - 1;
  const lastBlock = last % B;
  const lastRow = rowOf<f64>(children, last, N);
  const lastMarginal = rowOf<f64>(marginals, last, N);
  const lastPlaces = rowOf<i32>(places, lastBlock, N + 1);
  const lastSources = rowOf<i32>(sources, lastBlock, N);
  const lastWeights = rowOf<f64>(weights, lastBlock * N, P);
  const lastLogs = rowOf<f64>(logWeights, lastBlock * N, P);
  let level = at<i32>(state, 0);
  let expand = at<i32>(state, 1) != 0;
  let nodes = 0;
  while (level >= 0) {
    const row = rowOf<f64>(children, level, N);
    if (expand) {
      if (nodes >= budget) break;
      expand = false;
      put<i32>(tokens, level + 1, -1);
      const q = at<i32>(tokens, level);
      const weight = level == 0 ? at<f64>(path, 0) : at<f64>(rowOf<f64>(children, level - 1, N), q);
      const b = level % B;
      const from = b * N + q;
      const scale = expandNode(
        permutes,
        rowOf<f64>(weights, from, P),
        rowOf<f64>(logWeights, from, P),
        logCounts,
        rowOf<i32>(places, b, N + 1),
        rowOf<i32>(sources, b, N),
        N,
        counts,
        weight,
        row,
        buffer,
        nodes & (BUFFER - 1),
        sums,
      );
      nodes++;
      if (level == last) addLeaves(scale, row, N, lastMarginal, tokens, L, best, sums);
      else {
        const marginal = rowOf<f64>(marginals, level, N);
        for (let y = 0; y < N; y++) {
          const child = scale * at<f64>(row, y);
          put<f64>(row, y, child);
          put<f64>(marginal, y, at<f64>(marginal, y) + child);
        }
      }
    }
    if (level == last - 1) {
      for (let y = 0; y < N; y++) {
        const weight = at<f64>(row, y);
        if (weight == 0) continue;
        put<i32>(tokens, last, y);
        const c = at<f64>(counts, y);
        put<f64>(counts, y, c + 1);
        const scale = expandNode(
          permutes,
          rowOf<f64>(lastWeights, y, P),
          rowOf<f64>(lastLogs, y, P),
          logCounts,
          lastPlaces,
          lastSources,
          N,
          counts,
          weight,
          lastRow,
          buffer,
          nodes & (BUFFER - 1),
          sums,
        );
        nodes++;
        addLeaves(scale, lastRow, N, lastMarginal, tokens, L, best, sums);
        put<f64>(counts, y, c);
      }
    }
    let y = level < last - 1 ? at<i32>(tokens, level + 1) + 1 : N;
    while (y < N && at<f64>(row, y) == 0) y++;
    if (y < N) {
      put<i32>(tokens, level + 1, y);
      put<f64>(counts, y, at<f64>(counts, y) + 1);
      level++;
      expand = true;
    } else {
      level--;
      if (level >= 0) {
        const token = at<i32>(tokens, level + 1);
        put<f64>(counts, token, at<f64>(counts, token) - 1);
      }
    }
  }
  addLogarithms(buffer, nodes & (BUFFER - 1), sums);
  put<i32>(state, 0, level);
  put<i32>(state, 1, expand ? 1 : 0);
  return level < 0 ? 0 : 1;
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
  return allPermute(places, B, N)
    ? walk(true, weights, logWeights, logCounts, places, sources, B, N, counts, L, budget, state, path, marginals, best, sums)
    : walk(false, weights, logWeights, logCounts, places, sources, B, N, counts, L, budget, state, path, marginals, best, sums);
}
