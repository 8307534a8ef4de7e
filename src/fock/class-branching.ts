import { CompensatedSum } from '../core/sums.ts';
import { type CountClasses, countClasses } from './count-classes.ts';
import type { DiagonalState, StringArrays } from './diagonal-state.ts';
import { checkUnlimited } from './heaviest-strings.ts';
import { evaluateLaws, type NextTokenLaw } from './next-token-law.ts';

/** Strings stored when nothing limits their number: half a gigabyte. */
const LARGEST = 1 << 25;

/** The strings of a state in classes with one law each, and what can follow a string of each class. */
export interface ClassBranching {
  readonly classOf: Int32Array;
  /** The law of each class; null for the vacuum. */
  readonly laws: readonly (Float64Array | null)[];
  /** Tr of the part of the state that lies in each class, compensated. */
  readonly weights: Float64Array;
  /** Places firsts[c] … firsts[c+1]−1 of `tokens` and `probabilities` hold what can follow class c. */
  readonly firsts: Int32Array;
  readonly tokens: Int32Array;
  readonly probabilities: Float64Array;
}

/** One law for all strings with equal token counts and last token; the law must depend on nothing else. */
export function classBranching(state: DiagonalState, law: NextTokenLaw, vacuumToken: number): ClassBranching {
  const { classOf, examples }: CountClasses = countClasses(state);
  const laws = Array.from(
    evaluateLaws(law, examples.length, (c) => examples[c]!),
    ([, p]) => p?.slice() ?? null,
  );
  const sums = examples.map(() => new CompensatedSum());
  for (let i = 0; i < classOf.length; i++) sums[classOf[i]!]!.add(state.weight[i]!);
  const firsts = new Int32Array(laws.length + 1);
  const tokens: number[] = [];
  const probabilities: number[] = [];
  for (const [c, p] of laws.entries()) {
    for (const [y, py] of p?.entries() ?? [[vacuumToken, 1] as const]) {
      if (py === 0) continue;
      tokens.push(y);
      probabilities.push(py);
    }
    firsts[c + 1] = tokens.length;
  }
  return {
    classOf,
    laws,
    weights: Float64Array.from(sums, (sum) => sum.value),
    firsts,
    tokens: Int32Array.from(tokens),
    probabilities: Float64Array.from(probabilities),
  };
}

/** All that can follow the strings of a state, in the order of (parent, token); what underflows to 0 is left out. */
export function allChildren(state: DiagonalState, branching: ClassBranching): StringArrays {
  const { classOf, firsts, tokens, probabilities } = branching;
  let most = 0;
  for (let i = 0; i < classOf.length; i++) most += firsts[classOf[i]! + 1]! - firsts[classOf[i]!]!;
  checkUnlimited(most, LARGEST);
  const parent = new Int32Array(most);
  const token = new Int32Array(most);
  const weight = new Float64Array(most);
  let count = 0;
  for (let i = 0; i < classOf.length; i++) {
    const c = classOf[i]!;
    const before = state.weight[i]!;
    const end = firsts[c + 1]!;
    for (let at = firsts[c]!; at < end; at++) {
      const child = before * probabilities[at]!;
      parent[count] = i;
      token[count] = tokens[at]!;
      weight[count] = child;
      if (child !== 0) count++;
    }
  }
  if (count === most) return { parent, token, weight };
  return { parent: parent.slice(0, count), token: token.slice(0, count), weight: weight.slice(0, count) };
}
