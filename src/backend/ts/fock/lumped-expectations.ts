import { DOWN } from './scaled.ts';

/**
 * Expectations over lumped states of weight P, in addition to what `sums` holds: [Σ P·H(p), Σ P·D(p‖q), Σ P·p(0), …, Σ P·p(S−1)]
 * with H = −Σ p ln p and D = Σ (p ln(p/q) − p + q) in nats; D is left out without q, and is ∞ where p > 0 = q. P is scaled;
 * below 2⁻⁷⁶⁸ it counts as 0 (but in an infinite D).
 *
 * @accuracy relative error about (n + 4)·u per sum of n terms; D to u·Σ p|ln(p/q)|.
 * @source T. M. Cover, J. A. Thomas, Elements of Information Theory (2006), §2.5 (chain rules).
 */
export function lumpedExpectations(
  from: Float64Array,
  sources: Int32Array,
  p: Float64Array,
  logP: Float64Array,
  q: Float64Array | null,
  logQ: Float64Array | null,
  S: number,
  count: number,
  sums: Float64Array,
): void {
  for (let i = 0; i < count * S; i++) {
    const source = sources[i]!;
    if (source < 0) continue;
    const m = from[2 * source]!;
    if (m === 0) continue;
    const e = from[2 * source + 1]!;
    const weight = e === 0 ? m : e === -1 ? m * DOWN : 0;
    let entropy = 0;
    let divergence = 0;
    for (let y = 0; y < S; y++) {
      const py = p[i * S + y]!;
      const qy = q === null ? 0 : q[i * S + y]!;
      if (py > 0) {
        const log = logP[i * S + y]!;
        entropy -= py * log;
        if (logQ !== null) divergence += py * (log - logQ[i * S + y]!) - py + qy;
        sums[2 + y] = sums[2 + y]! + weight * py;
      } else divergence += qy;
    }
    sums[0] = sums[0]! + weight * entropy;
    sums[1] = sums[1]! + (divergence === Infinity ? divergence : weight * divergence);
  }
}
