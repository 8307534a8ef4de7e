/**
 * Scaled numbers: numbers ≥ 0 with an exponent of their own, for products of thousands of probabilities. A pair (m, e) stands
 * for m·2^(512e) with 2⁻²⁵⁶ ≤ m < 2²⁵⁶; (0, 0) is zero. Scaling by 2^±512 is exact, so products and sums are as accurate as
 * those of doubles, and take no logarithm. Terms that lie 2 or more exponents below a sum are less than 2⁻⁵¹² of it.
 *
 * @source J. M. Smith, F. W. J. Olver, D. W. Lozier, Extended-range arithmetic and normalized Legendre polynomials, ACM TOMS
 *   7 (1981) 93–105.
 */
export const UP = 2 ** 512;
export const DOWN = 2 ** -512;
export const LOW = 2 ** -256;
export const HIGH = 2 ** 256;
