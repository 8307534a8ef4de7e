/**
 * What can follow strings first … first+count−1: for a string of class c and weight w, each token of places firsts[c] …
 * firsts[c+1]−1 with weight w·p, in order; what underflows to 0 is left out. Gives back how many there are; the outputs have
 * room for all of them, zeros too.
 *
 * @source Chen, eq. 7; that strings of equal counts and last token share a law: own.
 */
export function stepStrings(
  classes: Int32Array,
  weights: Float64Array,
  first: number,
  count: number,
  firsts: Int32Array,
  lawTokens: Int32Array,
  probabilities: Float64Array,
  parents: Int32Array,
  tokens: Int32Array,
  children: Float64Array,
): number {
  let made = 0;
  for (let i = 0; i < count; i++) {
    const c = classes[i]!;
    const weight = weights[i]!;
    const end = firsts[c + 1]!;
    for (let place = firsts[c]!; place < end; place++) {
      const child = weight * probabilities[place]!;
      parents[made] = first + i;
      tokens[made] = lawTokens[place]!;
      children[made] = child;
      if (child !== 0) made = made + 1;
    }
  }
  return made;
}
