/**
 * Scalars of the complex eigenvalue kernels. A complex number is a pair (re, im) of f64.
 */

/** |z| without overflow or underflow on the way: a few units in the last place. */
export function modulus(re: number, im: number): number {
  const x = Math.abs(re);
  const y = Math.abs(im);
  const big = Math.max(x, y);
  if (big === 0) return 0;
  const ratio = Math.min(x, y) / big;
  return big * Math.sqrt(1 + ratio * ratio);
}

/** |Re z| + |Im z|, within a factor √2 of |z|. */
export function oneNorm(re: number, im: number): number {
  return Math.abs(re) + Math.abs(im);
}

/** The principal square root of (re, im), into out[o] and out[o+1]: |z| + |Re z| is formed where it does not cancel. */
export function squareRoot(re: number, im: number, out: Float64Array, o: number): void {
  const half = Math.sqrt(0.5 * (modulus(re, im) + Math.abs(re)));
  if (half === 0) {
    out[o] = 0;
    out[o + 1] = 0;
    return;
  }
  const other = 0.5 * (im / half);
  if (re >= 0) {
    out[o] = half;
    out[o + 1] = other;
  } else {
    out[o] = Math.abs(other);
    out[o + 1] = im < 0 ? -half : half;
  }
}

/**
 * num/den into out[o] and out[o+1]; den ≠ 0.
 *
 * @source R. L. Smith, Algorithm 116, Commun. ACM 5 (1962) 435, where |den|² would leave the range.
 */
export function divide(nr: number, ni: number, dr: number, di: number, out: Float64Array, o: number): void {
  const square = dr * dr + di * di;
  if (square > 1e-280 && square < 1e280) {
    const inverse = 1 / square;
    out[o] = (nr * dr + ni * di) * inverse;
    out[o + 1] = (ni * dr - nr * di) * inverse;
  } else if (Math.abs(dr) >= Math.abs(di)) {
    const ratio = di / dr;
    const base = dr + di * ratio;
    out[o] = (nr + ni * ratio) / base;
    out[o + 1] = (ni - nr * ratio) / base;
  } else {
    const ratio = dr / di;
    const base = di + dr * ratio;
    out[o] = (nr * ratio + ni) / base;
    out[o + 1] = (ni * ratio - nr) / base;
  }
}
