import { DomainError } from '../../core/errors.ts';
import { firstQuadrantAngle } from '../../math/atan.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { cos, sin } from '../../math/trig.ts';

/** Where a stable matrix has its eigenvalues: Re λ < 0 (e^{tA} decays) or |λ| < 1 (Aᵏ decays). */
export type StabilityRegion = 'half-plane' | 'disc';

/**
 * The curves on which a region is swept: lines Re z = level along Im z, or circles |z| = level along arg z. `along` is the coordinate
 * on a curve.
 */
export interface Sweep {
  /** Level of the region's own boundary. */
  readonly boundary: 0 | 1;
  point(level: number, along: number): readonly [re: number, im: number];
  level(re: number, im: number): number;
  along(re: number, im: number): number;
  /** Length after which `along` repeats; null on a line. */
  readonly period: number | null;
}

const LINES: Sweep = {
  boundary: 0,
  point: (level, along) => [level, along],
  level: (re) => re,
  along: (_re, im) => im,
  period: null,
};

const CIRCLES: Sweep = {
  boundary: 1,
  point: (level, along) => [level * cos(along), level * sin(along)],
  level: modulus,
  along: argument,
  period: 2 * Math.PI,
};

/** @throws DomainError for another name. */
export function sweepOf(where: string, region: StabilityRegion): Sweep {
  if (region === 'half-plane') return LINES;
  if (region === 'disc') return CIRCLES;
  throw new DomainError(`${where}: region must be half-plane or disc, but it is ${String(region)}.`);
}

/** arg z in (−π, π]; 0 for 0. */
export function argument(re: number, im: number): number {
  if (re === 0 && im === 0) return 0;
  const angle = firstQuadrantAngle(Math.abs(im), Math.abs(re));
  const upper = re < 0 ? Math.PI - angle : angle;
  return im < 0 ? -upper : upper;
}
