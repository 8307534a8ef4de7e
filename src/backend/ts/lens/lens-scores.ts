/**
 * How a softmax does against a law, row by row: KL(p‖softmax x) = Σ p_i (log p_i − log q_i) with log q_i = x_i − max − ln Σ_j e^{x_j − max},
 * the log normaliser max + ln Σ, and the first place of max. KL and normaliser have the bits of `klBackward`, which makes a gradient besides.
 *
 * @accuracy KL within 1e-15·(1 + Σ p |log p|); parity exact.
 * @source T. M. Cover, J. A. Thomas, Elements of Information Theory (2006), §2.3.
 */
import { exp } from '../../../math/exp.ts';
import { log } from '../../../math/log.ts';
import { FourSums } from '../sums/four-sums.ts';

const sums = new FourSums();

export function lensScores(
  logits: Float32Array | Float64Array,
  p: Float64Array,
  logP: Float64Array,
  scores: Float64Array,
  rows: number,
  V: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * V;
    let top = 0;
    for (let i = 1; i < V; i++) if (logits[row + i]! > logits[row + top]!) top = i;
    // A zero of either sign gives the same.
    const highest = logits[row + top]! + 0;
    sums.clear();
    for (let i = 0; i < V; i++) sums.add(i, exp(logits[row + i]! - highest));
    const logSum = log(sums.total());
    let even = 0;
    let odd = 0;
    for (let i = 0; i < V; i++) {
      const term = p[row + i]! * (logP[row + i]! - (logits[row + i]! - highest - logSum));
      if (i % 2 === 0) even += term;
      else odd += term;
    }
    scores[3 * r] = even + odd;
    scores[3 * r + 1] = highest + logSum;
    scores[3 * r + 2] = top;
  }
}
