import type { Block } from '../../backend/memory.ts';
import type { MatrixSpace } from './matrix-space.ts';

/** Degrees of diagonal Padé approximants of the exponential. */
type PadeDegree = 5 | 7;

/**
 * x = p_m(A), the numerator of r_m = p_m(A)/p_m(−A) with p_m = V + U, U odd, V even in A; gives back p_m(−A). `powers` holds A², A⁴, ….
 *
 * @source N. J. Higham, SIAM J. Matrix Anal. Appl. 26 (2005) 1179, (2.2)–(2.5).
 */
export function padeFraction(
  space: MatrixSpace,
  a: Block<'f64'>,
  powers: Block<'f64'>,
  degree: PadeDegree,
  x: Block<'f64'>,
): Block<'f64'> {
  const b = coefficientsOf(degree);
  const parts = space.matrices(3);
  const [v, u, odd] = [space.at(parts, 0), space.at(parts, 1), space.at(parts, 2)];
  evenPart(space, powers, b, 1, odd);
  space.multiply(a, odd, u);
  evenPart(space, powers, b, 0, v);
  space.combine([1, 1], parts, x);
  space.combine([1, -1], parts, v);
  return v;
}

/** sum = Σ_k b_{2k+first} A^{2k}. */
function evenPart(
  space: MatrixSpace,
  powers: Block<'f64'>,
  b: readonly number[],
  first: 0 | 1,
  sum: Block<'f64'>,
): void {
  const above = b.filter((_, k) => k % 2 === first && k >= 2);
  space.combine(above, powers, sum);
  space.addToDiagonal(sum, b[first]!);
}

/** b_k = (2m−k)!·m!/((2m)!·(m−k)!·k!), times (2m)!/m! so that b_m = 1. */
function coefficientsOf(m: PadeDegree): number[] {
  const b = [1];
  for (let k = m; k > 0; k--) b.unshift((b[0]! * (2 * m - k + 1) * k) / (m - k + 1));
  return b;
}
