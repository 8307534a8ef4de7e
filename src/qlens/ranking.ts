/**
 * Indices of the `count` largest of `score(0) … score(n−1)`, largest first; of equal scores the lower index comes first.
 *
 * @cost O(n) for scores in random order, O(n·count) at worst.
 */
export function largest(n: number, count: number, score: (index: number) => number): number[] {
  const ids: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i < n; i++) {
    const value = score(i);
    if (ids.length === count && value <= scores[count - 1]!) continue;
    let place = ids.length;
    while (place > 0 && scores[place - 1]! < value) place--;
    ids.splice(place, 0, i);
    scores.splice(place, 0, value);
    if (ids.length > count) {
      ids.pop();
      scores.pop();
    }
  }
  return ids;
}

/** Place of `index` in the order of {@link largest}, from 1. */
export function rankOf(values: ArrayLike<number>, index: number): number {
  const value = values[index]!;
  let rank = 1;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > value || (values[i]! === value && i < index)) rank++;
  }
  return rank;
}
