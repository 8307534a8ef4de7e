/**
 * How to approximate e^A: the degree m of the diagonal Padé approximant r_m and the number s of squarings with
 * e^A = r_m(2^−s A)^{2^s} to a backward error of u. Bounds use ‖A^k‖^{1/k}, which can be far below ‖A‖: that avoids squarings that
 * would only lose digits.
 *
 * @source A. H. Al-Mohy, N. J. Higham, SIAM J. Matrix Anal. Appl. 31 (2009) 970, algorithm 6.1 and table 3.1.
 */
import type { Block } from '../../backend/memory.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { exponentOf } from '../matrix/powers-of-two.ts';
import { largest, sizeAt } from '../norms.ts';
import type { MatrixSpace } from './matrix-space.ts';
import { normOfProduct } from './norm-estimate.ts';

/** Largest ‖A^k‖^{1/k} for each degree. */
const THETA = {
  3: 1.495585217958292e-2,
  5: 2.53939833006323e-1,
  7: 0.9504178996162932,
  9: 2.097847961257068,
  13: 4.25,
};
const UNIT_ROUNDOFF = 2 ** -53;

export type PadeDegree = keyof typeof THETA;

export interface ExponentialPlan {
  readonly degree: PadeDegree;
  readonly squarings: number;
}

/**
 * Forms A², A⁴, A⁶ and A⁸ in `powers`, as far as the plan needs them (A⁸ for degree 9 only), and makes the plan. `scaled` says that A
 * is a large matrix times a power of two, for which degree 13 is best.
 */
export function planExponential(
  space: MatrixSpace,
  a: Block<'f64'>,
  powers: Block<'f64'>,
  scaled: boolean,
): ExponentialPlan {
  const [a2, a4, a6, a8] = [0, 1, 2, 3].map((k) => space.at(powers, k)) as [
    Block<'f64'>,
    Block<'f64'>,
    Block<'f64'>,
    Block<'f64'>,
  ];
  const excess = excessOf(space, a);
  space.multiply(a, a, a2);
  if (!scaled) {
    const d4 = root(normOfProduct(space, [a2, a2]), 4);
    const d6 = root(normOfProduct(space, [a2, a2, a2]), 6);
    if (Math.max(d4, d6) <= THETA[3] && excess(3, 0) === 0) return { degree: 3, squarings: 0 };
    space.multiply(a2, a2, a4);
    if (Math.max(root(space.norm1(a4), 4), d6) <= THETA[5] && excess(5, 0) === 0) return { degree: 5, squarings: 0 };
  } else space.multiply(a2, a2, a4);
  space.multiply(a2, a4, a6);
  const d4 = root(space.norm1(a4), 4);
  const d6 = root(space.norm1(a6), 6);
  const d8 = root(normOfProduct(space, [a4, a4]), 8);
  const low = Math.max(d6, d8);
  if (!scaled) {
    if (low <= THETA[7] && excess(7, 0) === 0) return { degree: 7, squarings: 0 };
    if (low <= THETA[9] && excess(9, 0) === 0) {
      space.multiply(a4, a4, a8);
      return { degree: 9, squarings: 0 };
    }
  }
  const d10 = root(normOfProduct(space, [a4, a6]), 10);
  const eta = Math.min(Math.max(d4, d6), low, Math.max(d8, d10));
  const squarings = Math.max(0, ceilLog2(eta / THETA[13]));
  return { degree: 13, squarings: squarings + excess(13, squarings) };
}

/**
 * Squarings that rounding errors of r_m ask for besides: from |c_{2m+1}|·‖|A|^{2m+1}‖₁/‖A‖₁, the first term of the backward error with
 * absolute values; A is divided by 2^s first.
 */
function excessOf(space: MatrixSpace, a: Block<'f64'>): (degree: PadeDegree, s: number) => number {
  const norm = space.norm1(a);
  return (degree, s) => {
    if (norm === 0) return 0;
    const term = firstTerm(degree) * growthOf(space, a, norm, 2 * degree + 1);
    // ‖|A|^p‖ scales as 2^{−sp}, ‖A‖ as 2^{−s}; everything is relative to ‖A‖^p so far.
    const exponent = log(norm) * 2 * degree - 2 * degree * s * Math.LN2;
    const logarithm = log(term) + exponent - log(UNIT_ROUNDOFF);
    return Math.max(0, Math.ceil(logarithm / (2 * degree * Math.LN2)));
  };
}

/** ‖|A|^p‖₁/‖A‖₁^p: the columns' sums of a nonnegative matrix, found by products with vectors. */
function growthOf({ n, ld, width, backend }: MatrixSpace, a: Block<'f64'>, norm: number, p: number): number {
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const sizes = memory.allocate('f64', n * n);
    const [from, to] = [a.view(), sizes.view()];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) to[i * n + j] = sizeAt(from, (i * ld + j) * width, width) / norm;
    }
    let [x, y] = [memory.allocate('f64', n), memory.allocate('f64', n)];
    x.view().fill(1);
    for (let k = 0; k < p; k++) {
      kernels.gemv({ op: 'transpose', m: n, n, alpha: 1, a: sizes, lda: n, x, beta: 0, y });
      [x, y] = [y, x];
    }
    return largest(x.view());
  });
}

/** (m!)²/((2m)!·(2m+1)!). */
function firstTerm(m: number): number {
  let term = 1;
  for (let k = 1; k <= m; k++) term *= k / (m + k);
  for (let k = 1; k <= 2 * m + 1; k++) term /= k;
  return term;
}

/** x^{1/k}. */
function root(x: number, k: number): number {
  return x === 0 ? 0 : exp(log(x) / k);
}

/** ⌈log₂ x⌉ of a positive x, −1024 for 0. */
function ceilLog2(x: number): number {
  if (x === 0) return -1024;
  const exponent = exponentOf(x);
  return x === 2 ** exponent ? exponent : exponent + 1;
}
