import { checkFinite, checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';

/**
 * Whether Δ is a difference b − a of two states (non-negative unit vectors): exactly when
 * ‖Δ‖² ≤ 2·min(‖Δ₊‖, ‖Δ₋‖), Δ₊ and Δ₋ the positive and the negative part.
 *
 * Proof. With P = ‖Δ₊‖, N = ‖Δ₋‖ and c = min(a, b) ≥ 0 we have b = Δ₊ + c, a = Δ₋ + c, so both are unit vectors if and only if
 * P² + 2⟨Δ₊,c⟩ + ‖c‖² = 1 = N² + 2⟨Δ₋,c⟩ + ‖c‖². Write q = ‖c‖², x = ⟨Δ₊,c⟩/P, y = ⟨Δ₋,c⟩/N: x = (1 − q − P²)/2P and
 * y = (1 − q − N²)/2N must be ≥ 0, and x² + y² ≤ q since Δ₊ ⟂ Δ₋. Conversely x² + y² = q suffices, with
 * c = xΔ₊/P + yΔ₋/N. x² + y² − q is positive or zero at q = 0 and falls with q, so such a q exists if and only if it is ≤ 0 at
 * the largest q that keeps x, y ≥ 0, q = 1 − max(P,N)². For P ≥ N there x = 0 and y = (P² − N²)/2N, and y² ≤ 1 − P² reads
 * (P² + N²)² ≤ 4N². ∎
 *
 * @param delta V components.
 * @param tolerance allowed excess of ‖Δ‖² over the right-hand side; equality is reached between one-hot states.
 * @throws NonFiniteError, DomainError.
 * @source own (proof above); V = 2: QLens, appendix A.2.
 * @example
 * isStateDifference(Float64Array.of(-1, 1)); // true: from one-hot to one-hot
 */
export function isStateDifference(delta: ArrayLike<number>, tolerance = 1e-12): boolean {
  checkFinite('isStateDifference', 'delta', delta);
  if (!(tolerance >= 0)) {
    throw new DomainError(`isStateDifference: tolerance must be at least 0, but it is ${String(tolerance)}.`);
  }
  let positive = 0;
  let negative = 0;
  for (let i = 0; i < delta.length; i++) {
    const square = delta[i]! * delta[i]!;
    if (delta[i]! > 0) positive += square;
    else negative += square;
  }
  return positive + negative <= 2 * Math.sqrt(Math.min(positive, negative)) + tolerance;
}

/**
 * Boundary of the locus for V = 2: the lobes of quadrants II and IV, each the lens of two unit discs. In polar form
 * Δ = r(φ)·(cos φ, sin φ) with r = 2·min(|cos φ|, |sin φ|).
 *
 * @param points points on each lobe, at least 3; the first and last are the origin.
 * @returns the lobes of quadrant II and of quadrant IV, `points` pairs (Δ₁, Δ₂) each.
 * @throws DomainError.
 * @source QLens, appendix A.2; polar form: own, {@link isStateDifference} with equality.
 */
export function locusBoundary(points = 129): [second: Float64Array, fourth: Float64Array] {
  checkInteger('locusBoundary', 'points', points, 3);
  const second = new Float64Array(2 * points);
  for (let i = 1; i < points - 1; i++) {
    const phi = ((i / (points - 1)) * Math.PI) / 2;
    const r = 2 * Math.min(Math.cos(phi), Math.sin(phi));
    second[2 * i] = -r * Math.sin(phi);
    second[2 * i + 1] = r * Math.cos(phi);
  }
  return [second, second.map((coordinate) => (coordinate === 0 ? 0 : -coordinate))];
}
