import { checkFinite, checkInteger } from '../../core/checks.ts';
import { ShapeError } from '../../core/errors.ts';
import { firstQuadrantAngle } from '../../math/atan.ts';
import { modulus } from '../../math/complex-pairs.ts';

/** Means of complex spacing ratios that are known: r = |ξ| and cos θ, θ = arg ξ. */
export const SPACING_RATIO_MEANS = {
  /** Complex Ginibre, N eigenvalues of which the reference lies at the origin. */
  surmise3: { r: 0.678097, cos: -0.441786 },
  surmise6: { r: 0.735851, cos: -0.257883 },
  /** Complex Ginibre in the bulk, N → ∞: about. */
  ginibre: { r: 0.738, cos: -0.247 },
  /** Independent points of the plane. */
  poisson: { r: 2 / 3, cos: 0 },
} as const;

/** Complex spacing ratios ξ = (λ_NN − λ)/(λ_NNN − λ), NN the nearest and NNN the next-nearest eigenvalue. */
export interface SpacingRatios {
  /** ξ of each reference eigenvalue, interleaved. */
  readonly ratios: Float64Array;
  /** arg ξ in (−π, π]. */
  readonly angles: Float64Array;
  /** Number of reference eigenvalues. */
  readonly count: number;
  /** ⟨|ξ|⟩ and ⟨cos arg ξ⟩, null without a reference eigenvalue. */
  readonly r: MeanValue | null;
  /** ⟨cos arg ξ⟩; null without a reference eigenvalue. */
  readonly cos: MeanValue | null;
}

/** A mean with its standard error. */
export interface MeanValue {
  /** The mean. */
  readonly mean: number;
  /** Standard deviation of the mean, as if the ratios were independent. */
  readonly error: number;
}

/** Options of `spacingRatios`. */
export interface SpacingRatioOptions {
  /** Whether the eigenvalues are a real matrix's: only Im λ > 0 away from the real axis then counts. Default false. */
  readonly real?: boolean;
  /** Reference eigenvalues lie within this share of the ellipse that has the spectrum's second moments; default 0.8. ∞ keeps all. */
  readonly bulk?: number;
}

/** In mean spacings: a nearer pair λ, λ̄ of a real matrix would be its own neighbour. */
const AXIS_SPACINGS = 2;

/**
 * Complex spacing ratios of a spectrum. They need no unfolding: the local density cancels. Ginibre matrices repel at all angles and
 * favour none near 0; independent points fill the unit disc evenly.
 *
 * @param values eigenvalues, interleaved, at least 3
 * @throws ShapeError for an odd number of elements, DomainError for fewer than 3 eigenvalues, NonFiniteError.
 * @accuracy two equal eigenvalues give ξ = 0; three equal ones leave theirs out.
 * @cost n² distances.
 * @source L. Sá, P. Ribeiro, T. Prosen, Phys. Rev. X 10 (2020) 021019.
 * @example
 * const { r, cos } = spacingRatios(eig(backend, a).values, { real: true });
 */
export function spacingRatios(
  values: Float64Array,
  { real = false, bulk = 0.8 }: SpacingRatioOptions = {},
): SpacingRatios {
  if (values.length % 2 !== 0) {
    throw new ShapeError(`spacingRatios: values must have two elements for each number, but it has ${values.length}.`);
  }
  checkInteger('spacingRatios', 'the number of values', values.length / 2, 3);
  checkFinite('spacingRatios', 'values', values);
  const inside = bulkOf(values, real, bulk);
  const found: number[] = [];
  for (let k = 0; 2 * k < values.length; k++) {
    if (!inside(values[2 * k]!, values[2 * k + 1]!)) continue;
    const ratio = ratioAt(values, k);
    if (ratio !== null) found.push(...ratio);
  }
  const ratios = Float64Array.from(found);
  const count = ratios.length / 2;
  const sizes = Float64Array.from({ length: count }, (_, k) => modulus(ratios[2 * k]!, ratios[2 * k + 1]!));
  const cosines = sizes.map((size, k) => (size === 0 ? 1 : ratios[2 * k]! / size));
  const angles = sizes.map((_, k) => angleOf(ratios[2 * k]!, ratios[2 * k + 1]!));
  return { ratios, angles, count, r: meanOf(sizes), cos: meanOf(cosines) };
}

/** ξ of number k among all; null if its two neighbours coincide with it. */
function ratioAt(values: Float64Array, k: number): readonly [number, number] | null {
  const [x, y] = [values[2 * k]!, values[2 * k + 1]!];
  let [nearest, next] = [-1, -1];
  let [least, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let j = 0; 2 * j < values.length; j++) {
    if (j === k) continue;
    const distance = modulus(values[2 * j]! - x, values[2 * j + 1]! - y);
    if (distance < least) [nearest, least, next, second] = [j, distance, nearest, least];
    else if (distance < second) [next, second] = [j, distance];
  }
  if (second === 0) return null;
  const [a, b] = [(values[2 * nearest]! - x) / second, (values[2 * nearest + 1]! - y) / second];
  const [c, d] = [(values[2 * next]! - x) / second, (values[2 * next + 1]! - y) / second];
  return [a * c + b * d, b * c - a * d];
}

/** Whether a number counts as a reference: within the ellipse, and off the real axis if the matrix is real. */
function bulkOf(values: Float64Array, real: boolean, share: number): (x: number, y: number) => boolean {
  const n = values.length / 2;
  let [cx, cy] = [0, 0];
  for (let k = 0; k < n; k++) {
    cx += values[2 * k]! / n;
    cy += values[2 * k + 1]! / n;
  }
  let [vx, vy] = [0, 0];
  for (let k = 0; k < n; k++) {
    vx += ((values[2 * k]! - cx) * (values[2 * k]! - cx)) / n;
    vy += ((values[2 * k + 1]! - cy) * (values[2 * k + 1]! - cy)) / n;
  }
  // A uniform ellipse with semi-axes A, B has the variances A²/4, B²/4, and n points on it have the mean spacing √(πAB/n).
  const [a, b] = [2 * Math.sqrt(vx), 2 * Math.sqrt(vy)];
  const axis = real ? AXIS_SPACINGS * Math.sqrt((Math.PI * a * b) / n) : Number.NEGATIVE_INFINITY;
  const part = (distance: number, semiAxis: number) => (distance === 0 ? 0 : distance / semiAxis);
  return (x, y) => y > axis && (share === Infinity || modulus(part(x - cx, a), part(y - cy, b)) <= share);
}

function angleOf(x: number, y: number): number {
  const angle = firstQuadrantAngle(Math.abs(y), Math.abs(x));
  const upper = x < 0 ? Math.PI - angle : angle;
  return y < 0 ? -upper : upper;
}

function meanOf(values: Float64Array): MeanValue | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / Math.max(1, n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}
