import type { DiagonalState } from './diagonal-state.ts';

/**
 * The strings of a state in classes of equal token counts and equal last token: a law that depends on nothing else is the same
 * for all strings of a class, and there are few classes where there are many strings.
 */
export interface CountClasses {
  /** Class of each string. */
  readonly classOf: Int32Array;
  /** A string of each class. */
  readonly examples: readonly Int32Array[];
}

const known = new WeakMap<DiagonalState, CountClasses>();

/** The classes of a state, found from those of the level before it; kept as long as the state is. */
export function countClasses(state: DiagonalState): CountClasses {
  let classes = known.get(state);
  if (classes === undefined) {
    classes = state.previous === null ? ofTexts(state) : ofContinuations(state, countClasses(state.previous));
    known.set(state, classes);
  }
  return classes;
}

function ofTexts(state: DiagonalState): CountClasses {
  const { classAt, examples } = registry();
  const classOf = Int32Array.from({ length: state.count }, (_, i) => classAt(state.string(i)));
  return { classOf, examples };
}

function ofContinuations(state: DiagonalState, before: CountClasses): CountClasses {
  const { classAt, examples } = registry();
  const { V, parent, token } = state;
  // The class of a string is that of its parent and its last token; −1 where the pair was not met yet.
  const ofPair = new Int32Array(before.examples.length * V).fill(-1);
  const classOf = new Int32Array(state.count);
  for (let i = 0; i < classOf.length; i++) {
    const from = before.classOf[parent[i]!]!;
    const pair = from * V + token[i]!;
    if (ofPair[pair] === -1) ofPair[pair] = classAt(appended(before.examples[from]!, token[i]!));
    classOf[i] = ofPair[pair]!;
  }
  return { classOf, examples };
}

function appended(string: Int32Array, token: number): Int32Array {
  const longer = new Int32Array(string.length + 1);
  longer.set(string);
  longer[string.length] = token;
  return longer;
}

/** Numbers classes in the order in which they are met. */
function registry() {
  const numbers = new Map<string, number>();
  const examples: Int32Array[] = [];
  const classAt = (string: Int32Array): number => {
    const key = `${string.toSorted()}|${string.at(-1)}`;
    const number = numbers.get(key) ?? examples.length;
    if (number === examples.length) {
      numbers.set(key, number);
      examples.push(string);
    }
    return number;
  };
  return { classAt, examples };
}
