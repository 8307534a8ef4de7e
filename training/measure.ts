import { buildLatents, type Latent } from './corpus.ts';
import { forwardLogits, logSoftmaxRow, type ModelConfig } from './forward.ts';
import { at } from './indexing.ts';
import { CorpusLaw } from './law.ts';
import type { Tensor } from './safetensors.ts';
import { type SenseContinuations, senseContinuations } from './senses.ts';
import { buildVocabulary, type Vocabulary } from './vocabulary.ts';
import { sampleWindow } from './windows.ts';

/** A sense counts as determined when the true posterior of one topic exceeds this. */
export const DETERMINED = 0.99;

/** An occurrence is judged only if the true law puts at least this much on continuations that tell the senses apart. */
export const TELLING = 0.05;

/** What was measured on held-out windows; losses in nats per token. */
export interface Measurement {
  readonly windows: number;
  readonly tokens: number;
  /** Mean −ln P_law(token | prefix): the entropy of the corpus on these windows. */
  readonly entropy: number;
  /** Mean −ln P_model(token | prefix) on the same tokens. */
  readonly loss: number;
  /** The same loss and entropy when the window's leading END_OF_TEXT is left out. */
  readonly lossWithoutBoundary: number;
  readonly entropyWithoutBoundary: number;
  readonly ambiguity: Ambiguity;
  /** Only occurrences such as ". the bank", which nothing in their own sentence resolves. */
  readonly ambiguityFromEarlierSentences: Ambiguity;
}

/** How many determined occurrences of ambiguous words were judged, and in what share the model was right. */
export interface Ambiguity {
  readonly occurrences: number;
  readonly accuracy: number;
}

interface StoredModel {
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly config: ModelConfig & { readonly n_positions: number };
}

/**
 * Compare a model with the true law on windows of `seed`.
 *
 * An ambiguous word is resolved when the model's next-token mass on the continuations that only the true sense allows
 * exceeds its mass on those of every other sense; see `senses.ts`.
 */
export function measure(model: StoredModel, seed: number, windows: number): Measurement {
  const latents = buildLatents();
  const vocabulary = buildVocabulary(latents);
  const law = new CorpusLaw(latents);
  const judge = new AmbiguityJudge(latents, vocabulary);
  const whole = new Mean();
  const lawWhole = new Mean();
  const bare = new Mean();
  const lawBare = new Mean();
  for (let index = 0; index < windows; index++) {
    const tokens = sampleWindow(latents, seed, index, model.config.n_positions + 1);
    const predictions = predict(model, vocabulary, tokens.slice(0, -1));
    const withoutBoundary = predict(model, vocabulary, tokens.slice(1, -1));
    law.restart();
    for (let t = 1; t < tokens.length; t++) {
      const token = at(tokens, t);
      const id = vocabulary.idOf.get(token) ?? -1;
      const logLaw = law.observe(token);
      whole.add(-at(at(predictions, t - 1), id));
      lawWhole.add(-logLaw);
      if (t > 1) {
        bare.add(-at(at(withoutBoundary, t - 2), id));
        lawBare.add(-logLaw);
      }
      if (t < predictions.length) judge.judge(tokens, t, law, at(predictions, t));
    }
  }
  return {
    windows,
    tokens: whole.count,
    entropy: lawWhole.value,
    loss: whole.value,
    lossWithoutBoundary: bare.value,
    entropyWithoutBoundary: lawBare.value,
    ambiguity: { occurrences: judge.all.count, accuracy: judge.all.value },
    ambiguityFromEarlierSentences: { occurrences: judge.remote.count, accuracy: judge.remote.value },
  };
}

/** ln P_model(· | tokens[0..t]) for every t. */
function predict({ weights, config }: StoredModel, { idOf }: Vocabulary, tokens: readonly string[]): Float64Array[] {
  const ids = tokens.map((token) => idOf.get(token) ?? -1);
  const logits = forwardLogits(weights, config, ids);
  return ids.map((_, t) => logSoftmaxRow(logits, t, config.vocab_size));
}

class Mean {
  count = 0;
  #total = 0;

  add(value: number): void {
    this.count++;
    this.#total += value;
  }

  get value(): number {
    return this.#total / this.count;
  }
}

class AmbiguityJudge {
  readonly all = new Mean();
  readonly remote = new Mean();
  readonly #latents: readonly Latent[];
  readonly #idOf: ReadonlyMap<string, number>;
  readonly #continuations: ReadonlyMap<string, SenseContinuations>;

  constructor(latents: readonly Latent[], { idOf }: Vocabulary) {
    this.#latents = latents;
    this.#idOf = idOf;
    this.#continuations = senseContinuations(latents);
  }

  /** Judge the prediction that follows tokens[t], if that is a determined occurrence of an ambiguous word. */
  judge(tokens: readonly string[], t: number, law: CorpusLaw, logProbabilities: Float64Array): void {
    const senses = this.#continuations.get(at(tokens, t));
    if (senses === undefined) return;
    const posterior = law.posterior();
    const probabilityOf = (topic: string): number =>
      posterior.reduce((sum, p, z) => (at(this.#latents, z).topic === topic ? sum + p : sum), 0);
    const determined = [...senses.keys()].find((topic) => probabilityOf(topic) > DETERMINED);
    if (determined === undefined) return;
    const next = law.nextTokens();
    if (sumOver(senses.get(determined), (token) => next.get(token) ?? 0) < TELLING) return;
    const mass = (topic: string): number =>
      sumOver(senses.get(topic), (token) => Math.exp(at(logProbabilities, this.#idOf.get(token) ?? -1)));
    const right = [...senses.keys()].every((topic) => topic === determined || mass(topic) < mass(determined));
    this.all.add(Number(right));
    if (tokens[t - 1] === ' the' && tokens[t - 2] === ' .') this.remote.add(Number(right));
  }
}

function sumOver(tokens: ReadonlySet<string> | undefined, value: (token: string) => number): number {
  let total = 0;
  for (const token of tokens ?? []) total += value(token);
  return total;
}
