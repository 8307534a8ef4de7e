/** Length of the way through the stages against the shortest way from first to last. */
export interface DepthGeometry {
  /** Path length Σ_l arccos⟨ψ_l|ψ_{l+1}⟩ in radians. */
  readonly pathLength: number;
  /** Geodesic arccos⟨ψ_0|ψ_L⟩ in radians. */
  readonly geodesic: number;
  /** Speed-limit efficiency geodesic/pathLength in [0, 1]; null if no stage moves the state. */
  readonly efficiency: number | null;
}

/**
 * Path length and efficiency from the Bures angles of the steps. Angles between unit vectors obey the triangle inequality,
 * so the efficiency is at most 1; on a geodesic rounding can leave the ratio some ulp above, which is cut off.
 *
 * @param steps Bures angle of each step, radians.
 * @param geodesic Bures angle between first and last state, radians.
 * @source own: the spherical triangle inequality; J. Anandan, Y. Aharonov, Phys. Rev. Lett. 65 (1990) 1697 (speed limit).
 */
export function depthGeometry(steps: readonly number[], geodesic: number): DepthGeometry {
  let pathLength = 0;
  for (const step of steps) pathLength += step;
  return { pathLength, geodesic, efficiency: pathLength === 0 ? null : Math.min(1, geodesic / pathLength) };
}
