import { exp } from '../../../math/exp.ts';
import { log } from '../../../math/log.ts';

/**
 * Law and state of a vector of logits l: with m = max l, d_i = l_i − m and Z = Σ e^{d_i},
 * p_i = e^{d_i}/Z, log p_i = d_i − log Z, ψ_i = √p_i, and the entropy log Z + Σ e^{d_i}(−d_i)/Z, a sum of non-negative
 * terms. log p_i stays finite where p_i underflows. Both sums are paired (even-numbered terms, odd-numbered terms).
 *
 * @accuracy p, ψ within a few ulp plus the sum's V/2·u; parity exact.
 * @source QLens, eqs. 5–7 (states); the shifted exponential sum is standard.
 */
export function bornState(
  logits: Float32Array | Float64Array,
  p: Float64Array,
  logP: Float64Array,
  psi: Float64Array,
  summary: Float64Array,
  V: number,
): void {
  let max = logits[0]!;
  let min = logits[0]!;
  for (let i = 1; i < V; i++) {
    max = Math.max(max, logits[i]!);
    min = Math.min(min, logits[i]!);
  }

  let evenSum = 0;
  let oddSum = 0;
  let evenMoment = 0;
  let oddMoment = 0;
  let i = 0;
  for (; i + 2 <= V; i += 2) {
    const even = logits[i]! - max;
    const odd = logits[i + 1]! - max;
    const evenWeight = exp(even);
    const oddWeight = exp(odd);
    logP[i] = even;
    logP[i + 1] = odd;
    p[i] = evenWeight;
    p[i + 1] = oddWeight;
    evenSum += evenWeight;
    oddSum += oddWeight;
    evenMoment += evenWeight * even;
    oddMoment += oddWeight * odd;
  }
  if (i < V) {
    const even = logits[i]! - max;
    const evenWeight = exp(even);
    logP[i] = even;
    p[i] = evenWeight;
    evenSum += evenWeight;
    evenMoment += evenWeight * even;
  }
  const z = evenSum + oddSum;
  const logZ = log(z);

  for (let j = 0; j < V; j++) {
    const probability = p[j]! / z;
    p[j] = probability;
    logP[j] = logP[j]! - logZ;
    psi[j] = Math.sqrt(probability);
  }
  summary[0] = max;
  summary[1] = logZ;
  summary[2] = logZ - (evenMoment + oddMoment) / z;
  summary[3] = min;
}
