/**
 * KL(p‖softmax x) = Σ p_i (log p_i − log q_i) and its gradient q − p, row by row:
 * log q_i = x_i − max − ln Σ_j e^{x_j − max}. One pass for the maximum, one for the sum, one for the rest.
 *
 * @accuracy KL within 1e-15·(1 + Σ p |log p|); exactly 0 and gradient 0 within rounding where p = q.
 * @source T. M. Cover, J. A. Thomas, Elements of Information Theory (2006), §2.3.
 */
import { exp } from '../../../math/exp.ts';
import { log } from '../../../math/log.ts';
import { FourSums } from '../sums/four-sums.ts';

const sums = new FourSums();

export function klBackward(
  logits: Float32Array | Float64Array,
  p: Float64Array,
  logP: Float64Array,
  measures: Float64Array,
  rows: number,
  V: number,
  weight: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * V;
    let highest = -Infinity;
    for (let i = 0; i < V; i++) if (logits[row + i]! > highest) highest = logits[row + i]!;
    // Of two zeros of unlike sign either may have been found.
    highest += 0;
    sums.clear();
    for (let i = 0; i < V; i++) sums.add(i, exp(logits[row + i]! - highest));
    const logSum = log(sums.total());
    let even = 0;
    let odd = 0;
    for (let i = 0; i < V; i++) {
      const logQ = logits[row + i]! - highest - logSum;
      const term = p[row + i]! * (logP[row + i]! - logQ);
      if (i % 2 === 0) even += term;
      else odd += term;
      logits[row + i] = weight * (exp(logQ) - p[row + i]!);
    }
    measures[2 * r] = even + odd;
    measures[2 * r + 1] = highest + logSum;
  }
}
