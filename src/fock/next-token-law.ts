import { DomainError, ShapeError } from '../core/errors.ts';
import { checkMembers, kindOf } from '../core/kinds.ts';
import { CompensatedSum } from '../core/sums.ts';

/** A text as the numbers of its tokens. */
export type History = readonly number[] | Int32Array;

/** @throws DomainError unless a value is a list of tokens; which tokens there are is checked elsewhere. */
export function checkHistory(where: string, value: unknown): void {
  if (Array.isArray(value) || value instanceof Int32Array) return;
  throw new DomainError(`${where}: a text must be an array of tokens, but it is ${kindOf(value)}.`);
}

/** @throws DomainError unless a value is a law of the next token. */
export function checkNextTokenLaw(where: string, value: unknown): void {
  checkMembers(where, 'law', value, 'a law of the next token', { V: 'number', probabilities: 'function' });
}

/**
 * What determines a law whose scores do not depend on positions: the score table of every head, and the token that the heads
 * generate from the tokens they attend to.
 */
export interface CountingTables {
  /** G^(h), V×V row-major with the query as the row, for each head h. */
  readonly scores: readonly Float64Array[];
  /** φ(k_1, …, k_H) */
  generated(attended: readonly number[]): number;
}

/**
 * The law p(y|h) of the next token given a history: all that Chen's model needs to know of a transformer.
 * Chen's attention blocks have one each ({@link BlockLaw}); a checkpoint has one for every step.
 */
export interface NextTokenLaw {
  /** Number of tokens. */
  readonly V: number;
  /** Name of a token, for people. */
  label(token: number): string;
  /** Given by a law that depends on a history through its token counts and its last token alone; such laws lump. */
  readonly counting?: CountingTables | undefined;
  /**
   * p(·|h), V numbers of sum 1 in an array that is valid until the next call. `history` is not empty and valid during
   * the call only. Within one step the histories come in the order of their prefix tree, so neighbours share their
   * longest prefixes and an implementation may keep what it computed for them.
   */
  probabilities(history: History): Float64Array;
  /**
   * For laws that answer several histories at once for less than one by one: at most `most` of them, none empty, an array
   * each, valid until the next call.
   */
  readonly batch?: {
    readonly most: number;
    probabilities(histories: readonly History[]): readonly Float64Array[];
  };
}

/** Largest |Σ_y p(y|h) − 1| that is taken for rounding. */
const SUM_TOLERANCE = 1e-9;

/** The law of step `step` = 1, 2, …: laws repeat cyclically. */
export function lawOfStep(laws: readonly NextTokenLaw[], step: number): NextTokenLaw {
  return laws[(step - 1) % laws.length]!;
}

/** @throws ShapeError unless there is a law and all of them have `V` tokens. */
export function checkLaws(where: string, laws: readonly NextTokenLaw[], V: number): void {
  if (laws.length === 0) throw new ShapeError(`${where}: laws must have at least one law, but it is empty.`);
  for (const [i, law] of laws.entries()) {
    if (law.V === V) continue;
    throw new ShapeError(`${where}: laws must be over the state's ${V} tokens, but laws[${i}] has ${law.V}.`);
  }
}

/**
 * p(·|h) of histories 0 … count−1 in turn, checked: V numbers, none negative or NaN, of sum 1 to 1e-9. They are used as they
 * are, never renormalised. The empty history has no law: null. Each comes with its i, and is valid until the next one.
 *
 * @throws ShapeError, DomainError naming the history where the law is not a probability.
 */
export function* evaluateLaws(
  law: NextTokenLaw,
  count: number,
  historyOf: (i: number) => History,
): Generator<readonly [i: number, p: Float64Array | null]> {
  const { most, probabilities } = law.batch ?? { most: 1, probabilities: ([h]) => [law.probabilities(h!)] };
  for (let first = 0; first < count; first += most) {
    const histories = Array.from({ length: Math.min(most, count - first) }, (_, i) => historyOf(first + i));
    const asked = histories.filter((history) => history.length > 0);
    const laws = (asked.length > 0 ? probabilities(asked) : [])[Symbol.iterator]();
    for (const [i, history] of histories.entries()) {
      yield [first + i, history.length > 0 ? checkLaw(law, history, laws.next().value!) : null];
    }
  }
}

/** p(·|history) of a history that is not empty, checked as in {@link evaluateLaws}. */
export function evaluateLaw(law: NextTokenLaw, history: History): Float64Array {
  return checkLaw(law, history, law.probabilities(history));
}

function checkLaw(law: NextTokenLaw, history: History, p: Float64Array): Float64Array {
  if (p.length !== law.V) {
    throw new ShapeError(`evaluateLaws: probabilities must have ${law.V} elements, but they have ${p.length}.`);
  }
  const sum = new CompensatedSum();
  for (let y = 0; y < p.length; y++) {
    if (!(p[y]! >= 0)) {
      throw new DomainError(
        `evaluateLaws: p(y|h) must be at least 0, but it is ${p[y]} for token ${y} after ${describe(history)}.`,
      );
    }
    sum.add(p[y]!);
  }
  if (!(Math.abs(sum.value - 1) <= SUM_TOLERANCE)) {
    throw new DomainError(
      `evaluateLaws: Σ_y p(y|h) must be 1 to ${SUM_TOLERANCE}, but it is ${sum.value} after ${describe(history)}.`,
    );
  }
  return p;
}

function describe(history: History): string {
  const shown = history.slice(-8).join(', ');
  return history.length > 8 ? `(…, ${shown})` : `(${shown})`;
}
