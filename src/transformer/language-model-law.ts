import type { Precision } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { PASS_DEFAULTS, SAMPLING_DEFAULTS } from './defaults.ts';
import { HistoryTree } from './history-tree.ts';
import { checkPredictsTokens } from './language-model.ts';
import { lawsOfRows } from './law.ts';
import type { Model } from './model.ts';
import { checkSampling, restrict, type SamplingRule } from './sampling-rule.ts';
import { Session } from './session.ts';

/** Options of `LanguageModelLaw`. */
export interface LanguageModelLawOptions extends SamplingRule {
  /** Of the passes; default f32. */
  readonly precision?: Precision;
  /** Longest history it will see; default the model's longest sequence. */
  readonly capacity?: number;
  /** A session of the model to read with, in its precision and capacity, instead of one of its own: what it has read is not read again. It is borrowed, and its sequence changes. */
  readonly session?: Session;
  /** Bytes up to which keys and values of earlier histories are kept; default 256 MiB. */
  readonly cacheBytes?: number;
}

/** Histories that go through one pass: at this many the products run at full speed. */
const MOST = 32;

/**
 * A model's next-token law p(y | history) with the vocabulary as its tokens, under a sampling rule. Histories that share
 * prefixes with earlier ones cost one token each, and many of them go through one pass together.
 */
export class LanguageModelLaw {
  /** Number of tokens. */
  readonly V: number;
  /** Many histories at once: one array for each, valid until the next call. */
  readonly batch: {
    readonly most: number;
    probabilities(histories: readonly ArrayLike<number>[]): readonly Float64Array[];
  };
  readonly #session: Session;
  readonly #borrowed: boolean;
  readonly #tree: HistoryTree;

  /** @throws DomainError for a classifier, a session of another model, or a temperature, topK or topP outside its range. */
  constructor(
    model: Model,
    {
      precision = PASS_DEFAULTS.precision,
      capacity,
      session,
      cacheBytes = 256 * 2 ** 20,
      ...rule
    }: LanguageModelLawOptions = {},
  ) {
    checkPredictsTokens('LanguageModelLaw', model);
    checkSampling('LanguageModelLaw', rule);
    checkInteger('LanguageModelLaw', 'cacheBytes', cacheBytes, 0);
    this.V = model.config.V;
    if (session !== undefined && session.model !== model)
      throw new DomainError(
        `LanguageModelLaw: session must be one of ${model.label}, but it is one of ${session.model.label}. Leave it out.`,
      );
    this.#borrowed = session !== undefined;
    this.#session = session ?? new Session(model, capacity === undefined ? { precision } : { precision, capacity });
    this.#tree = new HistoryTree(this.#session, cacheBytes);
    this.batch = {
      most: MOST,
      probabilities: (histories) => {
        const laws = this.#tree.read(histories, (logits) => {
          return lawsOfRows(model.backend, logits, histories.length, rule.temperature ?? SAMPLING_DEFAULTS.temperature);
        });
        for (const law of laws) restrict(law, rule);
        return laws;
      },
    };
  }

  /** Printable text of a token; ⟨id 17⟩ without a tokenizer. */
  label(token: number): string {
    return this.#session.model.tokenText(token);
  }

  /** p(y | history), V numbers that sum to 1; valid until the next call. @throws DomainError for an empty history. */
  probabilities(history: ArrayLike<number>): Float64Array {
    return this.batch.probabilities([history])[0]!;
  }

  /** Gives the cache's memory back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#tree.release();
    if (!this.#borrowed) this.#session.release();
  }
}
