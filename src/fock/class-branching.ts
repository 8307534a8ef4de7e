import type { Backend } from '../backend/backend.ts';
import type { Block, ElementKind } from '../backend/memory.ts';
import { type CountClasses, countClasses } from './count-classes.ts';
import type { DiagonalState, StringArrays } from './diagonal-state.ts';
import { checkUnlimited } from './heaviest-strings.ts';
import { evaluateLaws, type NextTokenLaw } from './next-token-law.ts';

/** Strings stored when nothing limits their number: half a gigabyte. */
const LARGEST = 1 << 25;
/** Strings of one crossing into the kernels. */
const CHUNK = 1 << 15;

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
export function classBranching(
  backend: Backend,
  state: DiagonalState,
  law: NextTokenLaw,
  vacuumToken: number,
): ClassBranching {
  const { classOf, examples }: CountClasses = countClasses(state);
  const laws = Array.from(
    evaluateLaws(law, examples.length, (c) => examples[c]!),
    ([, p]) => p?.slice() ?? null,
  );
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
    weights: sumByClass(backend, classOf, state.weight, laws.length),
    firsts,
    tokens: Int32Array.from(tokens),
    probabilities: Float64Array.from(probabilities),
  };
}

/** All that can follow the strings of a state, in the order of (parent, token); what underflows to 0 is left out. */
export function allChildren(
  { memory, kernels }: Backend,
  state: DiagonalState,
  branching: ClassBranching,
): StringArrays {
  const { classOf, firsts } = branching;
  let most = 0;
  let widest = 0;
  for (let i = 0; i < classOf.length; i++) {
    const width = firsts[classOf[i]! + 1]! - firsts[classOf[i]!]!;
    most += width;
    widest = Math.max(widest, width);
  }
  checkUnlimited(most, LARGEST);
  const parent = new Int32Array(most);
  const token = new Int32Array(most);
  const weight = new Float64Array(most);
  return memory.scope(() => {
    const put = <K extends ElementKind>(kind: K, data: Float64Array | Int32Array): Block<K> => {
      const block = memory.allocate(kind, data.length);
      (block.view() as Float64Array | Int32Array).set(data);
      return block;
    };
    const laws = {
      firsts: put('i32', firsts),
      tokens: put('i32', branching.tokens),
      probabilities: put('f64', branching.probabilities),
    };
    const chunk = Math.min(classOf.length, Math.max(1, Math.floor(CHUNK / widest)));
    const [classes, weights] = [memory.allocate('i32', chunk), memory.allocate('f64', chunk)];
    const children = {
      parents: memory.allocate('i32', chunk * widest),
      tokens: memory.allocate('i32', chunk * widest),
      weights: memory.allocate('f64', chunk * widest),
    };
    let count = 0;
    for (let first = 0; first < classOf.length; first += chunk) {
      const end = Math.min(first + chunk, classOf.length);
      classes.view().set(classOf.subarray(first, end));
      weights.view().set(state.weight.subarray(first, end));
      const made = kernels.stepStrings(classes, weights, first, end - first, laws, children);
      parent.set(children.parents.view().subarray(0, made), count);
      token.set(children.tokens.view().subarray(0, made), count);
      weight.set(children.weights.view().subarray(0, made), count);
      count += made;
    }
    if (count === most) return { parent, token, weight };
    return { parent: parent.slice(0, count), token: token.slice(0, count), weight: weight.slice(0, count) };
  });
}

/** Compensated sums of weights by class. */
export function sumByClass(
  { memory, kernels }: Backend,
  classOf: Int32Array,
  weight: Float64Array,
  classes: number,
): Float64Array {
  return memory.scope(() => {
    const sums = memory.allocate('f64', 2 * classes);
    const chunk = Math.min(CHUNK, classOf.length);
    const [keys, values] = [memory.allocate('i32', chunk), memory.allocate('f64', chunk)];
    for (let first = 0; first < classOf.length; first += CHUNK) {
      const end = Math.min(first + CHUNK, classOf.length);
      keys.view().set(classOf.subarray(first, end));
      values.view().set(weight.subarray(first, end));
      kernels.sumByKey(keys, values, end - first, sums);
    }
    const found = sums.view();
    return Float64Array.from({ length: classes }, (_, c) => found[2 * c]! + found[2 * c + 1]!);
  });
}
