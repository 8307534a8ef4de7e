/**
 * The `count` ≤ n largest numbers, or the largest in modulus, and their places in x: largest first, of equal ones the lower place.
 *
 * @cost O(n) for numbers in random order, O(n·count) at worst. @accuracy exact.
 */
export function largestEntries(
  x: Float64Array,
  n: number,
  count: number,
  byModulus: boolean,
  scores: Float64Array,
  places: Int32Array,
): void {
  for (let i = 0; i < n; i++) {
    const score = byModulus ? Math.abs(x[i]!) : x[i]!;
    if (i >= count && !(score > scores[count - 1]!)) continue;
    let k = Math.min(i, count - 1);
    for (; k > 0 && scores[k - 1]! < score; k--) {
      scores[k] = scores[k - 1]!;
      places[k] = places[k - 1]!;
    }
    scores[k] = score;
    places[k] = i;
  }
}

/** Place of x[index] in that order, from 1. */
export function rankOf(x: Float64Array, n: number, index: number): number {
  const value = x[index]!;
  let rank = 1;
  for (let i = 0; i < index; i++) if (x[i]! >= value) rank++;
  for (let i = index + 1; i < n; i++) if (x[i]! > value) rank++;
  return rank;
}
