import { fillUniform } from '../../../core/philox.ts';
import { log } from '../../../math/log.ts';

/** Tokens whose masses are summed together. */
const GROUP = 8;
/** Products of probabilities below this go into the logarithm. */
const SMALL = 1e-150;

/**
 * Sampled outcomes of attention blocks. With c_k the occurrences of token k in a history that ends in q, masses
 * m_k = c_k·e^{G[q,k] − g} and Z = Σ_k m_k, a uniform number u picks the token that is attended to,
 *
 *   k = the first with u·Z < m_0 + … + m_k,   y = φ(k),   p(y|h) = Σ_{k: φ(k) = y} m_k / Z,
 *
 * and y is appended. Masses are summed in groups of eight, even and odd tokens apart.
 *
 * @accuracy exact sampling but for rounding of the distribution function; ln P to (L + P)·u relative to the sum of |ln p|.
 * @source Chen, eqs. 3, 5 and 7; Philox streams: src/core/philox.ts.
 */
export function sampleBlocks(
  weights: Float64Array,
  tokenMap: Int32Array,
  places: Int32Array,
  sources: Int32Array,
  B: number,
  N: number,
  cumulative: Float64Array,
  startCounts: Float64Array,
  last: Int32Array,
  texts: number,
  L: number,
  seed: bigint,
  first: bigint,
  count: number,
  marginals: Float64Array,
  tokens: Int32Array | null,
  prepared: Int32Array,
  logProbability: Float64Array,
  work: Float64Array,
): void {
  const groups = Math.ceil(N / GROUP);
  const P = GROUP * groups;
  const uniform = work.subarray(0, L + 1);
  const counts = work.subarray(L + 1, L + 1 + P);
  const prefix = work.subarray(L + 1 + P);
  for (let t = 0; t < count; t++) {
    fillUniform(uniform, seed, first + BigInt(t), 0, L + 1);
    const prepare = uniform[0]! * cumulative[texts - 1]!;
    let text = 0;
    while (text < texts - 1 && prepare >= cumulative[text]!) text++;
    prepared[t] = text;
    counts.set(startCounts.subarray(text * P, text * P + P));
    let q = last[text]!;
    let product = 1;
    let logP = 0;
    for (let l = 0; l < L; l++) {
      const b = l % B;
      const row = (b * N + q) * P;
      let Z = 0;
      for (let j = 0; j < groups; j++) {
        const c = GROUP * j;
        const w = row + c;
        let even = counts[c]! * weights[w]!;
        let odd = counts[c + 1]! * weights[w + 1]!;
        even = even + counts[c + 2]! * weights[w + 2]!;
        odd = odd + counts[c + 3]! * weights[w + 3]!;
        even = even + counts[c + 4]! * weights[w + 4]!;
        odd = odd + counts[c + 5]! * weights[w + 5]!;
        even = even + counts[c + 6]! * weights[w + 6]!;
        odd = odd + counts[c + 7]! * weights[w + 7]!;
        Z = Z + (even + odd);
        prefix[j] = Z;
      }
      const target = uniform[l + 1]! * Z;
      let j = 0;
      while (j < groups - 1 && target >= prefix[j]!) j++;
      let sum = j === 0 ? 0 : prefix[j - 1]!;
      let k = -1;
      for (let i = GROUP * j; i < GROUP * j + GROUP; i++) {
        const mass = counts[i]! * weights[row + i]!;
        if (mass === 0) continue;
        k = i;
        sum = sum + mass;
        if (target < sum) break;
      }
      // Rounding may point behind the last token that occurs.
      for (let i = GROUP * j - 1; k < 0; i--) if (counts[i]! > 0) k = i;
      const y = tokenMap[b * N + k]!;
      const end = places[b * (N + 1) + y + 1]!;
      let mass = 0;
      for (let i = places[b * (N + 1) + y]!; i < end; i++) {
        const source = sources[b * N + i]!;
        mass = mass + counts[source]! * weights[row + source]!;
      }
      product = product * (mass / Z);
      if (product < SMALL) {
        logP = logP + log(product);
        product = 1;
      }
      marginals[l * N + y] = marginals[l * N + y]! + 1;
      if (tokens !== null) tokens[t * L + l] = y;
      counts[y] = counts[y]! + 1;
      q = y;
    }
    logProbability[t] = logP + log(product);
  }
}
