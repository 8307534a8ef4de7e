import { log } from '../math/log.ts';

/** Rows of the tables are padded to a multiple of it. */
const GROUP = 8;
/** Logarithms that are taken together. */
const BUFFER = 64;

/**
 * Walks all strings of positive probability that attention blocks can append to a history, depth first, and adds up what they
 * contribute; nothing is stored but the path. A node h of probability P has masses m_y = Σ_{k: φ(k) = y} c_k e^{G[q,k] − g} and
 * Z = Σ_y m_y, so P(hy) = (P/Z)·m_y, and the entropy of all strings is
 *
 *   S = Σ_h P(h)·H(p(·|h)) = Σ_h P ln Z − Σ_h (P/Z)·Σ_y m_y ln m_y.
 *
 * ln m_y = ln c_k + G[q,k] − g comes from tables unless several k lead to one y.
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
  const P = GROUP * Math.ceil(N / GROUP);
  const query = state.subarray(2);
  const next = state.subarray(2 + L);
  const token = state.subarray(2 + 2 * L);
  const scales = path.subarray(L);
  const masses = path.subarray(2 * L);
  const [buffer, heights] = [path.subarray(2 * L + L * N), path.subarray(2 * L + L * N + BUFFER)];
  let buffered = 0;
  let level = state[0]!;
  let expand = state[1] !== 0;
  let nodes = 0;
  while (level >= 0) {
    const m = level * N;
    if (expand) {
      if (nodes === budget) break;
      nodes = nodes + 1;
      expand = false;
      const b = level % B;
      const row = (b * N + query[level]!) * P;
      const weight = path[level]!;
      let Z = 0;
      let products = 0;
      let place = places[b * (N + 1)]!;
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
        masses[m + y] = mass;
        if (mass === 0) continue;
        Z = Z + mass;
        products = products + mass * (several ? log(mass) : logMass);
      }
      const scale = weight / Z;
      buffer[buffered] = Z;
      heights[buffered] = weight;
      buffered = buffered + 1;
      if (buffered === BUFFER) {
        for (let i = 0; i < buffered; i++) sums[2] = sums[2]! + heights[i]! * log(buffer[i]!);
        buffered = 0;
      }
      sums[3] = sums[3]! + scale * products;
      if (level < L - 1) {
        scales[level] = scale;
        next[level] = 0;
        for (let y = 0; y < N; y++) {
          marginals[m + y] = marginals[m + y]! + scale * masses[m + y]!;
        }
      } else {
        for (let y = 0; y < N; y++) {
          if (masses[m + y] === 0) continue;
          const leaf = scale * masses[m + y]!;
          marginals[m + y] = marginals[m + y]! + leaf;
          sums[0] = sums[0]! + 1;
          sums[1] = sums[1]! + leaf * leaf;
          if (leaf > sums[4]!) {
            sums[4] = leaf;
            for (let l = 0; l < level; l++) best[l] = token[l]!;
            best[level] = y;
          }
        }
      }
    }
    let y = level < L - 1 ? next[level]! : N;
    while (y < N && masses[m + y] === 0) y++;
    if (y < N) {
      next[level] = y + 1;
      token[level] = y;
      counts[y] = counts[y]! + 1;
      path[level + 1] = scales[level]! * masses[m + y]!;
      query[level + 1] = y;
      level = level + 1;
      expand = true;
    } else {
      level = level - 1;
      if (level >= 0) counts[token[level]!] = counts[token[level]!]! - 1;
    }
  }
  for (let i = 0; i < buffered; i++) sums[2] = sums[2]! + heights[i]! * log(buffer[i]!);
  state[0] = level;
  state[1] = expand ? 1 : 0;
  return level < 0 ? 0 : 1;
}
