import type { Precision } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import { probabilities } from './law.ts';
import type { Model } from './model.ts';

import { Session } from './session.ts';

export interface LanguageModelLawOptions {
  readonly precision?: Precision;
  /** Logits are divided by it; default 1. */
  readonly temperature?: number;
  /** Longest history it will see; default the model's longest sequence. */
  readonly capacity?: number;
}

/**
 * A model's next-token law p(y | history) with the vocabulary as its tokens. It reads each history through one KV cache that
 * rewinds to the prefix shared with the history before, so callers that go depth-first pay for one token at a time.
 */
export class LanguageModelLaw {
  readonly V: number;
  readonly #session: Session;
  readonly #temperature: number;

  constructor(model: Model, { precision = 'f32', temperature = 1, capacity }: LanguageModelLawOptions = {}) {
    if (!(temperature > 0 && temperature < Infinity)) {
      throw new DomainError(`LanguageModelLaw: temperature must be positive and finite, but it is ${temperature}.`);
    }
    this.V = model.config.V;
    this.#session = new Session(model, capacity === undefined ? { precision } : { precision, capacity });
    this.#temperature = temperature;
  }

  /** Printable text of a token; ⟨id 17⟩ without a tokenizer. */
  label(token: number): string {
    return this.#session.model.tokenText(token);
  }

  /** p(y | history), V numbers that sum to 1; valid until the next call. @throws DomainError for an empty history. */
  probabilities(history: ArrayLike<number>): Float64Array {
    const session = this.#session;
    if (history.length === 0)
      throw new DomainError('probabilities: history must hold at least one token, but it is empty. Give a prompt.');
    let shared = 0;
    while (shared < session.ids.length && shared < history.length - 1 && session.ids[shared] === history[shared])
      shared++;
    session.rewind(shared);
    const { logits } = session.append(Array.from(history).slice(shared));
    if (this.#temperature !== 1) for (let i = 0; i < logits.length; i++) logits[i]! /= this.#temperature;
    return probabilities(session.model.backend, logits);
  }

  /** Gives the cache's memory back. */
  release(): void {
    this.#session.release();
  }
}
