/** Digits with which every f32 is told from its neighbours. */
const DIGITS = 9;

/**
 * The f64 of the shortest decimal that rounds to an f32: 1e-5 for 9.999999747378752e-6. That is the number which was meant, where one of few digits was.
 *
 * @param single a number that is an f32
 */
export function shortestDecimal(single: number): number {
  if (!Number.isFinite(single)) return single;
  for (let digits = 1; digits < DIGITS; digits++) {
    const value = Number(single.toPrecision(digits));
    if (Math.fround(value) === single) return value;
  }
  return Number(single.toPrecision(DIGITS));
}
