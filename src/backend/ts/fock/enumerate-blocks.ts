import { log } from '../../../math/log.ts';

/** Rows of the tables are padded to a multiple of it. */
const GROUP = 8;
/** Logarithms that are taken together. */
const BUFFER = 64;

// Places in `sums`.
const STRINGS = 0;
const PURITY = 1;
const LOGARITHMS = 2;
const PRODUCTS = 3;
const LARGEST = 4;

interface Tables {
  readonly weights: Float64Array;
  readonly logWeights: Float64Array;
  readonly logCounts: Float64Array;
  readonly places: Int32Array;
  readonly sources: Int32Array;
  readonly N: number;
  readonly counts: Float64Array;
  readonly path: Float64Array;
  readonly sums: Float64Array;
}

/** Adds Σ_i heights[i]·ln buffer[i]; the buffer begins at a place of `path`. */
function addLogarithms(path: Float64Array, buffer: number, n: number, sums: Float64Array): void {
  let sum = sums[LOGARITHMS]!;
  for (let i = 0; i < n; i++) sum = sum + path[buffer + BUFFER + i]! * log(path[buffer + i]!);
  sums[LOGARITHMS] = sum;
}

/** Whether every φ takes one token to each. */
function allPermute(places: Int32Array, B: number, N: number): boolean {
  for (let b = 0; b < B; b++) {
    const own = b * (N + 1);
    for (let y = 0; y < N; y++) if (places[own + y + 1]! - places[own + y]! !== 1) return false;
  }
  return true;
}

/** Masses of the tokens after a node with last token q, to place m of `path`; what the node adds to the sums. Gives back P/Z. */
function expandNode(
  permutes: boolean,
  { weights, logWeights, logCounts, places, sources, N, counts, path, sums }: Tables,
  b: number,
  q: number,
  weight: number,
  m: number,
  buffer: number,
  slot: number,
): number {
  const row = (b * N + q) * GROUP * Math.ceil(N / GROUP);
  let Z = 0;
  let products = 0;
  if (permutes) {
    for (let y = 0; y < N; y++) {
      const k = sources[b * N + y]!;
      const c = counts[k]!;
      const mass = c * weights[row + k]!;
      path[m + y] = mass;
      Z = Z + mass;
      products = products + mass * (logCounts[c]! + logWeights[row + k]!);
    }
  } else {
    let place = 0;
    for (let y = 0; y < N; y++) {
      const end = places[b * (N + 1) + y + 1]!;
      let mass = 0;
      let logMass = 0;
      let several = false;
      for (; place < end; place++) {
        const k = sources[b * N + place]!;
        const c = counts[k]!;
        if (c === 0) continue;
        several = mass !== 0;
        mass = mass + c * weights[row + k]!;
        logMass = logCounts[c]! + logWeights[row + k]!;
      }
      path[m + y] = mass;
      if (mass === 0) continue;
      Z = Z + mass;
      products = products + mass * (several ? log(mass) : logMass);
    }
  }
  const scale = weight / Z;
  path[buffer + slot] = Z;
  path[buffer + BUFFER + slot] = weight;
  if (slot === BUFFER - 1) addLogarithms(path, buffer, BUFFER, sums);
  sums[PRODUCTS] = sums[PRODUCTS]! + scale * products;
  return scale;
}

/** The strings that end after a node of the last level, whose masses are at place m of `path`. */
function addLeaves(
  scale: number,
  { path, N, sums }: Tables,
  m: number,
  marginal: Float64Array,
  tokens: Int32Array,
  L: number,
  best: Int32Array,
): void {
  let purity = sums[PURITY]!;
  let strings = 0;
  for (let y = 0; y < N; y++) {
    const leaf = scale * path[m + y]!;
    marginal[y] = marginal[y]! + leaf;
    if (leaf !== 0) strings = strings + 1;
    purity = purity + leaf * leaf;
    if (leaf > sums[LARGEST]!) {
      sums[LARGEST] = leaf;
      best.set(tokens.subarray(1, L));
      best[L - 1] = y;
    }
  }
  sums[PURITY] = purity;
  sums[STRINGS] = sums[STRINGS]! + strings;
}

/**
 * Walks all strings of positive probability that attention blocks can append to a history, depth first, and adds up what they
 * contribute; nothing is stored but the path. A node h of probability P has masses m_y = Σ_{k: φ(k) = y} c_k e^{G[q,k] − g} and
 * Z = Σ_y m_y, so P(hy) = (P/Z)·m_y, and the entropy of all strings is
 *
 *   S = Σ_h P(h)·H(p(·|h)) = Σ_h P ln Z − Σ_h (P/Z)·Σ_y m_y ln m_y.
 *
 * ln m_y = ln c_k + G[q,k] − g comes from tables unless several k lead to one y; where every φ is a permutation none do, and a node
 * takes no branch. Nodes of the last level are expanded where their parent stands. Strings whose probability underflows to 0 are
 * left out.
 *
 * @accuracy relative error about (L + N)·u per probability; sums to the number of terms times u.
 * @source own: Chen, eqs. 3, 5 and 7, and the chain rule of entropy.
 */
export function enumerateBlocks(
  weights: Float64Array,
  logWeights: Float64Array,
  logCounts: Float64Array,
  places: Int32Array,
  sources: Int32Array,
  B: number,
  N: number,
  counts: Float64Array,
  L: number,
  budget: number,
  state: Int32Array,
  path: Float64Array,
  marginals: Float64Array,
  best: Int32Array,
  sums: Float64Array,
): number {
  const tables = { weights, logWeights, logCounts, places, sources, N, counts, path, sums };
  const permutes = allPermute(places, B, N);
  const tokens = state.subarray(2);
  const buffer = 1 + L * N;
  const last = L - 1;
  const lastRow = 1 + last * N;
  const lastMarginal = marginals.subarray(last * N);
  let level = state[0]!;
  let expand = state[1] !== 0;
  let nodes = 0;
  while (level >= 0) {
    const row = 1 + level * N;
    if (expand) {
      if (nodes >= budget) break;
      expand = false;
      tokens[level + 1] = -1;
      const q = tokens[level]!;
      const weight = level === 0 ? path[0]! : path[row - N + q]!;
      const scale = expandNode(permutes, tables, level % B, q, weight, row, buffer, nodes % BUFFER);
      nodes = nodes + 1;
      if (level === last) addLeaves(scale, tables, row, lastMarginal, tokens, L, best);
      else {
        for (let y = 0; y < N; y++) {
          const child = scale * path[row + y]!;
          path[row + y] = child;
          marginals[level * N + y] = marginals[level * N + y]! + child;
        }
      }
    }
    if (level === last - 1) {
      for (let y = 0; y < N; y++) {
        const weight = path[row + y]!;
        if (weight === 0) continue;
        tokens[last] = y;
        const c = counts[y]!;
        counts[y] = c + 1;
        const scale = expandNode(permutes, tables, last % B, y, weight, lastRow, buffer, nodes % BUFFER);
        nodes = nodes + 1;
        addLeaves(scale, tables, lastRow, lastMarginal, tokens, L, best);
        counts[y] = c;
      }
    }
    let y = level < last - 1 ? tokens[level + 1]! + 1 : N;
    while (y < N && path[row + y] === 0) y++;
    if (y < N) {
      tokens[level + 1] = y;
      counts[y] = counts[y]! + 1;
      level = level + 1;
      expand = true;
    } else {
      level = level - 1;
      if (level >= 0) counts[tokens[level + 1]!] = counts[tokens[level + 1]!]! - 1;
    }
  }
  addLogarithms(path, buffer, nodes % BUFFER, sums);
  state[0] = level;
  state[1] = expand ? 1 : 0;
  return level < 0 ? 0 : 1;
}
