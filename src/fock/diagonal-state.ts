import { checkFinite, checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { checkArray, checkMembers } from '../core/kinds.ts';
import { CompensatedSum, compensatedSum } from '../core/sums.ts';
import { checkHistory, type History } from './next-token-law.ts';

/** A text with its weight in a mixture. */
export interface WeightedText {
  /** Token numbers of the text. */
  readonly tokens: History;
  /** Its weight, above 0; all sum to 1. */
  readonly weight: number;
}

/** The strings of a level: where each continues, with which token, and its weight. */
export interface StringArrays {
  /** Index in the level before of the string that each continues. */
  readonly parent: Int32Array;
  /** The token that each appends. */
  readonly token: Int32Array;
  /** Weight of each string. */
  readonly weight: Float64Array;
}

/** Largest |Tr ρ − 1| that is taken for rounding. */
export const TRACE_TOLERANCE = 1e-12;

/**
 * A diagonal state ρ = Σ_h w_h |h⟩⟨h| over strings h of tokens, of one length or several. Stored as one level of a prefix
 * tree in arrays: string i is string `parent[i]` of the `previous` level with `token[i]` appended, so a step appends one
 * level and copies no string. On the first level (`previous` is null) string i is the text `texts[parent[i]]`.
 *
 * Strings of a level differ from one another and come in the order of the tree: by parent, then by token. A value, never
 * changed; weights may sum to less than 1 after a truncation.
 *
 * @source Chen, eqs. 6 and 7; storage own.
 */
export class DiagonalState {
  /** Number of tokens N. */
  readonly V: number;
  /** The texts of the first level, without repetition. */
  readonly texts: readonly Int32Array[];
  /** The level before; null on the first. */
  readonly previous: DiagonalState | null;
  /** Index in `previous` of the string that each continues; on the first level in `texts`. */
  readonly parent: Int32Array;
  /** Last token of each string; on the first level −1. */
  readonly token: Int32Array;
  /** Weight w_h of each string. */
  readonly weight: Float64Array;
  /** Tokens appended since the first level. */
  readonly step: number;

  constructor(
    origin: DiagonalState | { readonly V: number; readonly texts: readonly Int32Array[] },
    strings: StringArrays,
  ) {
    this.V = origin.V;
    this.texts = origin.texts;
    this.previous = origin instanceof DiagonalState ? origin : null;
    this.step = this.previous === null ? 0 : this.previous.step + 1;
    this.parent = strings.parent;
    this.token = strings.token;
    this.weight = strings.weight;
  }

  /**
   * The state of a text, |x_1 … x_n⟩⟨x_1 … x_n| (eq. 6); the empty text is the vacuum.
   *
   * @throws DomainError for a token outside 0 … V−1.
   */
  static ofText(V: number, tokens: History): DiagonalState {
    checkHistory('DiagonalState', tokens);
    return DiagonalState.ofMixture(V, [{ tokens, weight: 1 }]);
  }

  /**
   * The mixture Σ_i w_i |text_i⟩⟨text_i|; texts may differ in length, and the weights of equal texts add.
   *
   * @throws DomainError unless weights are positive and sum to 1 to 1e-12, and tokens lie in 0 … V−1.
   */
  static ofMixture(V: number, mixture: readonly WeightedText[]): DiagonalState {
    checkInteger('DiagonalState', 'V', V, 1);
    const merged = new Map<string, { tokens: Int32Array; weight: CompensatedSum }>();
    checkArray('DiagonalState', 'mixture', mixture, 'texts with their weights');
    for (const [i, weighted] of mixture.entries()) {
      checkMembers('DiagonalState', `mixture[${i}]`, weighted, 'an object', { tokens: 'object', weight: 'number' });
      const { tokens, weight } = weighted;
      checkHistory('DiagonalState', tokens);
      for (const token of tokens) checkInteger('DiagonalState', 'every token of the text', token, 0, V - 1);
      if (!(weight > 0)) throw new DomainError(`DiagonalState: weights must be positive, but one is ${weight}.`);
      const key = tokens.join(',');
      const known = merged.get(key);
      if (known === undefined) {
        merged.set(key, { tokens: Int32Array.from(tokens), weight: new CompensatedSum().add(weight) });
      } else known.weight.add(weight);
    }
    const entries = [...merged.values()];
    const texts = entries.map(({ tokens }) => tokens);
    const state = new DiagonalState(
      { V, texts },
      {
        parent: Int32Array.from(texts, (_, i) => i),
        token: new Int32Array(texts.length).fill(-1),
        weight: Float64Array.from(entries, ({ weight }) => weight.value),
      },
    );
    if (!(Math.abs(state.trace - 1) <= TRACE_TOLERANCE)) {
      throw new DomainError(
        `DiagonalState: weights must sum to 1 to ${TRACE_TOLERANCE}, but the sum is ${state.trace}.`,
      );
    }
    return state;
  }

  /** Number of strings with a weight. */
  get count(): number {
    return this.weight.length;
  }

  /** Tr ρ = Σ_h w_h, compensated. */
  get trace(): number {
    return compensatedSum(this.weight);
  }

  /** Length of the longest string. */
  get longest(): number {
    let longest = 0;
    for (let i = 0; i < this.count; i++) longest = Math.max(longest, this.length(i));
    return longest;
  }

  /** Index in {@link texts} of the text that string i continues. */
  textOf(i: number): number {
    let state: DiagonalState = this;
    let index = i;
    for (; state.previous !== null; state = state.previous) index = state.parent[index]!;
    return state.parent[index]!;
  }

  /** Length of string i: the sector it lies in. */
  length(i: number): number {
    return this.texts[this.textOf(i)]!.length + this.step;
  }

  /** The tokens of string i that were appended since the first level. */
  generated(i: number): Int32Array {
    const tokens = new Int32Array(this.step);
    let state: DiagonalState = this;
    let index = i;
    for (; state.previous !== null; state = state.previous) {
      tokens[state.step - 1] = state.token[index]!;
      index = state.parent[index]!;
    }
    return tokens;
  }

  /** All tokens of string i, the text's included. */
  string(i: number): Int32Array {
    const text = this.texts[this.textOf(i)]!;
    const string = new Int32Array(text.length + this.step);
    string.set(text);
    string.set(this.generated(i), text.length);
    return string;
  }

  /** Last token of string i; undefined for the vacuum. */
  lastToken(i: number): number | undefined {
    return this.previous === null ? this.texts[this.parent[i]!]!.at(-1) : this.token[i];
  }

  /**
   * The same strings with other weights, those of weight 0 left out.
   *
   * @param weightOf new weight of string i.
   * @throws NonFiniteError for a weight that is not finite; DomainError for a negative one.
   */
  reweighted(weightOf: (i: number) => number): DiagonalState {
    const weight = this.weight.map((_, i) => weightOf(i));
    checkFinite('DiagonalState.reweighted', 'weight', weight);
    checkNotNegative('DiagonalState.reweighted', weight);
    const kept = Int32Array.from(weight.keys()).filter((i) => weight[i] !== 0);
    const strings = {
      parent: kept.map((i) => this.parent[i]!),
      token: kept.map((i) => this.token[i]!),
      weight: Float64Array.from(kept, (i) => weight[i]!),
    };
    return new DiagonalState(this.previous ?? { V: this.V, texts: this.texts }, strings);
  }
}

/** Refuses a negative weight: the operator would be no state. @throws DomainError. */
export function checkNotNegative(where: string, weight: Float64Array): void {
  const negative = weight.find((w) => w < 0);
  if (negative === undefined) return;
  throw new DomainError(`${where}: weights must not be negative, but one is ${negative}.`);
}
