import type { State } from './automaton.ts';
import { buildLatents, END_OF_TEXT, type Latent } from './corpus.ts';

/**
 * The true law of the corpus: the probability of the next token given all the tokens before it.
 *
 * The forward algorithm for the latent z and the automaton state s: with weights α(z, s) after the prefix,
 *
 *     P(x | prefix) = Σ_{z,s} α(z,s) Σ_{s→s' on x} p(s→s'),      α'(z,s') ∝ Σ_s α(z,s) p(s→s' on x),
 *
 * starting from α(z, start_z) = P(z) at every document boundary. Exact up to rounding.
 */
export class CorpusLaw {
  readonly latents: readonly Latent[];
  #weights: Map<State, number>[];

  constructor(latents: readonly Latent[] = buildLatents()) {
    this.latents = latents;
    this.#weights = [];
    this.restart();
  }

  /** Forget the prefix: a new document begins. */
  restart(): void {
    this.#weights = this.latents.map(({ start, probability }) => new Map([[start, probability]]));
  }

  /** Condition on the next token; returns ln P(token | prefix). After `END_OF_TEXT` a new document begins. */
  observe(token: string): number {
    const moved = this.#weights.map((states) => step(states, token));
    const probability = sum(moved.map((states) => sum(states.values())));
    if (probability === 0) return Number.NEGATIVE_INFINITY;
    for (const states of moved) for (const [state, weight] of states) states.set(state, weight / probability);
    this.#weights = moved;
    if (token === END_OF_TEXT) this.restart();
    return Math.log(probability);
  }

  /** P(token | prefix) for every token that may follow. */
  nextTokens(): Map<string, number> {
    const probabilities = new Map<string, number>();
    for (const states of this.#weights) {
      for (const [state, weight] of states) {
        for (const { token, probability } of state) {
          probabilities.set(token, (probabilities.get(token) ?? 0) + weight * probability);
        }
      }
    }
    return probabilities;
  }

  /** P(z | prefix), in the order of `latents`. */
  posterior(): number[] {
    return this.#weights.map((states) => sum(states.values()));
  }
}

/** ln P of each token of a document, or of several with `END_OF_TEXT` between them. */
export function logProbabilities(tokens: readonly string[], law = new CorpusLaw()): number[] {
  law.restart();
  return tokens.map((token) => law.observe(token));
}

function step(states: ReadonlyMap<State, number>, token: string): Map<State, number> {
  const moved = new Map<State, number>();
  for (const [state, weight] of states) {
    for (const transition of state) {
      if (transition.token === token) {
        moved.set(transition.to, (moved.get(transition.to) ?? 0) + weight * transition.probability);
      }
    }
  }
  return moved;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
