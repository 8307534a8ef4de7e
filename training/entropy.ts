import type { State } from './automaton.ts';
import { type Latent, sampleDocument, sentence } from './corpus.ts';
import { END_AFTER, LEADING_SPACE } from './grammar.ts';
import { CorpusLaw } from './law.ts';
import { openStream } from './random.ts';

/** Entropy of the documents and their expected length, END_OF_TEXT included. */
export interface CorpusEntropy {
  /** H(D | Z), exact: the entropy of a document once its latent is known, in nats. */
  readonly documentGivenLatent: number;
  /** H(Z) = ln(number of latents), nats. */
  readonly latent: number;
  /** H(Z | D), what a whole document leaves open about its latent, nats; estimated by sampling. */
  readonly latentGivenDocument: number;
  /** E[tokens], exact. */
  readonly tokensPerDocument: number;
  /** H(D) / E[tokens] = (H(D|Z) + H(Z) − H(Z|D)) / E[tokens]: the long-run entropy rate, nats per token. */
  readonly natsPerToken: number;
}

/** Entropy in nats and expected number of tokens of a finite set of texts. */
interface TextStatistics {
  readonly entropy: number;
  readonly tokens: number;
}

/**
 * The entropy of the corpus from its grammar.
 *
 * Given the latent, the N sentences of a document are independent and '.' ends each, so with n̄ = E[N], the opening
 * sentence S₁, a later one S₂ and the coin of the leading space B,
 *
 *     H(D|Z) = h(B) + H(N) + H(S₁|Z) + (n̄ − 1) H(S₂|Z),      E[tokens] = 1 + E|S₁| + (n̄ − 1) E|S₂|.
 *
 * Sentence entropies are sums over all sentences. Only H(Z|D) is sampled, from `documents` documents.
 */
export function corpusEntropy(latents: readonly Latent[], seed: number, documents: number): CorpusEntropy {
  const counts = sentenceCounts();
  const mean = counts.reduce((sum, probability, index) => sum + probability * (index + 1), 0);
  let documentGivenLatent = entropy(counts) + entropy([LEADING_SPACE, 1 - LEADING_SPACE]);
  let tokensPerDocument = 1;
  for (const { topic, protagonist, probability } of latents) {
    const opening = textStatistics(sentence(topic, protagonist, true, []));
    const later = textStatistics(sentence(topic, protagonist, false, []));
    documentGivenLatent += probability * (opening.entropy + (mean - 1) * later.entropy);
    tokensPerDocument += probability * (opening.tokens + (mean - 1) * later.tokens);
  }
  const latent = entropy(latents.map(({ probability }) => probability));
  const latentGivenDocument = sampledLatentEntropy(latents, seed, documents);
  const natsPerToken = (documentGivenLatent + latent - latentGivenDocument) / tokensPerDocument;
  return { documentGivenLatent, latent, latentGivenDocument, tokensPerDocument, natsPerToken };
}

/** P(N = k) for k = 1, 2, … from the probabilities of ending after the k-th sentence. */
function sentenceCounts(): number[] {
  let alive = 1;
  return END_AFTER.map((end) => {
    const here = alive * end;
    alive -= here;
    return here;
  });
}

/** −Σ p ln p. */
function entropy(probabilities: Iterable<number>): number {
  let total = 0;
  for (const p of probabilities) if (p > 0) total -= p * Math.log(p);
  return total;
}

/** Sum over all texts from `start` to the accepting state; equal texts of different paths are one text. */
function textStatistics(start: State): TextStatistics {
  const texts = new Map<string, number>();
  let tokens = 0;
  const walk = (state: State, prefix: string, length: number, probability: number): void => {
    if (state.length === 0) {
      texts.set(prefix, (texts.get(prefix) ?? 0) + probability);
      tokens += probability * length;
    }
    for (const t of state) walk(t.to, prefix + t.token, length + 1, probability * t.probability);
  };
  walk(start, '', 0, 1);
  return { entropy: entropy(texts.values()), tokens };
}

/** Mean entropy of the posterior of Z at the end of a document. */
function sampledLatentEntropy(latents: readonly Latent[], seed: number, documents: number): number {
  const law = new CorpusLaw(latents);
  let total = 0;
  for (let index = 0; index < documents; index++) {
    law.restart();
    for (const token of sampleDocument(latents, openStream(seed, index)).tokens.slice(0, -1)) law.observe(token);
    total += entropy(law.posterior());
  }
  return total / documents;
}
