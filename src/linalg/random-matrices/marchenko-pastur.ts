import { DomainError } from '../../core/errors.ts';
import { firstQuadrantAngle } from '../../math/atan.ts';

/** Law of the eigenvalues of W W†/n for a p×n matrix W of independent entries of variance s², p, n → ∞ with p/n = ratio. */
export interface MarchenkoPastur {
  /** p/n. */
  readonly ratio: number;
  /** s² of the entries. */
  readonly variance: number;
  /** s²(1 − √ratio)², s²(1 + √ratio)². */
  readonly edges: readonly [number, number];
  /** Weight at 0: 1 − 1/ratio for ratio > 1. */
  readonly atom: number;
  /** Density of the continuous part. */
  readonly density: (x: number) => number;
  /** Distribution function, atom included. */
  readonly cdf: (x: number) => number;
}

/**
 * The Marchenko–Pastur law, density √((b − x)(x − a))/(2π s² c x) on [a, b] = s²(1 ∓ √c)². With x = m − h cos φ, m = s²(1+c), h = 2s²√c,
 * its integral is
 *
 *     [m φ + h sin φ − 2 s² |1−c| arctan(√((m+h)/(m−h)) tan(φ/2))]/(2π s² c),   tan(φ/2) = √((x−a)/(b−x))
 *
 * @throws DomainError unless ratio and variance are positive and finite.
 * @accuracy absolute 1e-14 for the distribution function where c is of order 1.
 * @source V. A. Marchenko, L. A. Pastur, Math. USSR Sb. 1 (1967) 457.
 * @example
 * marchenkoPastur(1, 1).edges; // [0, 4]
 */
export function marchenkoPastur(ratio: number, variance: number): MarchenkoPastur {
  for (const [name, value] of [
    ['ratio', ratio],
    ['variance', variance],
  ] as const) {
    if (!(value > 0 && value < Infinity)) {
      throw new DomainError(`marchenkoPastur: ${name} must be positive and finite, but it is ${String(value)}.`);
    }
  }
  const root = Math.sqrt(ratio);
  const [low, high] = [variance * (1 - root) * (1 - root), variance * (1 + root) * (1 + root)];
  const atom = Math.max(0, 1 - 1 / ratio);
  const scale = 2 * Math.PI * variance * ratio;
  return {
    ratio,
    variance,
    edges: [low, high],
    atom,
    density: (x) => (x <= low || x >= high ? 0 : Math.sqrt((high - x) * (x - low)) / (scale * x)),
    cdf: (x) => {
      if (x < 0) return 0;
      if (x <= low) return atom;
      if (x >= high) return 1;
      const [up, down] = [Math.sqrt(x - low), Math.sqrt(high - x)];
      const phi = 2 * firstQuadrantAngle(up, down);
      const bend = firstQuadrantAngle((1 + root) * up, Math.abs(1 - root) * down);
      const area = variance * (1 + ratio) * phi + up * down - 2 * variance * Math.abs(1 - ratio) * bend;
      return atom + area / scale;
    },
  };
}

/** The x at which a continuous law's distribution function reaches `share`, between two bounds. */
export function quantileBetween(cdf: (x: number) => number, share: number, low: number, high: number): number {
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
