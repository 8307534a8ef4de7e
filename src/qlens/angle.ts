import { firstQuadrantAngle } from '../math/atan.ts';

/**
 * Angles between unit vectors from d = ‖b − a‖ and s = ‖a + b‖, which keep the digits that the inner product loses near 1:
 * d = 2 sin(θ/2), s = 2 cos(θ/2). Dividing by d² + s² (= 4 for exact unit vectors) takes the rounding of the norms away.
 *
 * @source W. Kahan, Miscalculating Area and Angles of a Needle-like Triangle (2014), §12; half-angle formulas.
 */
export interface HalfAngle {
  /** ‖b − a‖ = 2 sin(θ/2). */
  readonly distance: number;
  /** ‖a + b‖ = 2 cos(θ/2). */
  readonly sumNorm: number;
}

/**
 * Bures angle θ = arccos⟨a|b⟩ = 2·atan2(‖b − a‖, ‖a + b‖) in radians; [0, π/2] for two states.
 *
 * @accuracy relative, at every θ; arccos would give 0 below 1e-8.
 */
export function buresAngle({ distance, sumNorm }: HalfAngle): number {
  return 2 * firstQuadrantAngle(distance, sumNorm);
}

/** sin θ. */
export function sinOf({ distance, sumNorm }: HalfAngle): number {
  return (2 * distance * sumNorm) / (distance * distance + sumNorm * sumNorm);
}

/** cos θ − 1 = −2 sin²(θ/2), without cancellation. */
export function cosMinusOne({ distance, sumNorm }: HalfAngle): number {
  return (-2 * distance * distance) / (distance * distance + sumNorm * sumNorm);
}
