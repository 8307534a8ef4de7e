/** What can follow strings, by classes with one law each. Mathematics: src/backend/ts/fock/step-strings.ts. */
import { at, put } from '../layout';

export function stepStrings(
  classes: usize,
  weights: usize,
  first: i32,
  count: i32,
  firsts: usize,
  lawTokens: usize,
  probabilities: usize,
  parents: usize,
  tokens: usize,
  children: usize,
): i32 {
  let made = 0;
  for (let i = 0; i < count; i++) {
    const c = at<i32>(classes, i);
    const weight = at<f64>(weights, i);
    const end = at<i32>(firsts, c + 1);
    for (let place = at<i32>(firsts, c); place < end; place++) {
      const child = weight * at<f64>(probabilities, place);
      put<i32>(parents, made, first + i);
      put<i32>(tokens, made, at<i32>(lawTokens, place));
      put<f64>(children, made, child);
      made += i32(child != 0);
    }
  }
  return made;
}
