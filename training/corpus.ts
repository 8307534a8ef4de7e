import { compile, mix, type State } from './automaton.ts';
import { END_AFTER, IDLE, KIND_WEIGHTS, LEADING_SPACE, PROTAGONISTS, SHARED, TOPICS } from './grammar.ts';
import { at, named } from './indexing.ts';
import { type Lexicon, parseExpression } from './notation.ts';
import type { Uniform } from './random.ts';

/** The token that ends every document and precedes the first. */
export const END_OF_TEXT = '<|endoftext|>';

/** One value of the latent variable: a topic and a protagonist, with the automaton of the documents they produce. */
export interface Latent {
  readonly topic: string;
  readonly protagonist: number;
  readonly probability: number;
  readonly start: State;
}

/** A sentence in the notation, with its probability among the sentences of its latent. */
export interface WeightedSentence {
  readonly probability: number;
  readonly text: string;
}

/** The kinds of sentences a topic has: scenes, each ambiguous word with an equal share, idle ones. */
export function sentencesOf(topic: string): WeightedSentence[] {
  const { scenes, senses } = named(TOPICS, topic);
  const total = KIND_WEIGHTS.scene + KIND_WEIGHTS.sense + KIND_WEIGHTS.idle;
  const words = Object.values(senses);
  const share = (texts: readonly string[], weight: number): WeightedSentence[] =>
    texts.map((text) => ({ text, probability: weight / total / texts.length }));
  return [
    ...share(scenes, KIND_WEIGHTS.scene),
    ...words.flatMap((texts) => share(texts, KIND_WEIGHTS.sense / words.length)),
    ...share(IDLE, KIND_WEIGHTS.idle),
  ];
}

/** The names that a sentence may use; `opening` is true for the first sentence of a document. */
export function namesOf(topic: string, protagonist: number, opening: boolean): Lexicon {
  const subject = named(SHARED, opening ? 'subject' : 'again');
  return { ...SHARED, ...at(PROTAGONISTS, protagonist), ...named(TOPICS, topic).lexicon, S: subject };
}

/** The automaton of one sentence, which continues with `next`. */
export function sentence(topic: string, protagonist: number, opening: boolean, next: State): State {
  const names = namesOf(topic, protagonist, opening);
  return mix(
    sentencesOf(topic).map(({ probability, text }) => ({
      probability,
      state: compile(parseExpression(text, names), next),
    })),
  );
}

/** The automaton of a whole document, built from its last sentence backwards. */
function document(topic: string, protagonist: number): State {
  const stop: State = [{ token: END_OF_TEXT, probability: 1, to: [] }];
  let state = stop;
  for (const [before, end] of [...END_AFTER.entries()].reverse()) {
    const after = mix([
      { probability: end, state: stop },
      { probability: 1 - end, state },
    ]);
    state = sentence(topic, protagonist, before === 0, after);
  }
  const bare = state.map((transition) => ({ ...transition, token: transition.token.trimStart() }));
  return mix([
    { probability: LEADING_SPACE, state },
    { probability: 1 - LEADING_SPACE, state: bare },
  ]);
}

/** All latents, equally probable. */
export function buildLatents(): Latent[] {
  const topics = Object.keys(TOPICS);
  const probability = 1 / (topics.length * PROTAGONISTS.length);
  return topics.flatMap((topic) =>
    PROTAGONISTS.map((_, protagonist) => ({ topic, protagonist, probability, start: document(topic, protagonist) })),
  );
}

/** One document: its latent and its tokens, the last of which is `END_OF_TEXT`. */
export function sampleDocument(latents: readonly Latent[], uniform: Uniform): { latent: Latent; tokens: string[] } {
  const latent = draw(latents, uniform);
  const tokens: string[] = [];
  for (let state = latent.start; state.length > 0; ) {
    const transition = draw(state, uniform);
    tokens.push(transition.token);
    state = transition.to;
  }
  return { latent, tokens };
}

function draw<T extends { readonly probability: number }>(items: readonly T[], uniform: Uniform): T {
  let left = uniform();
  for (const item of items) {
    left -= item.probability;
    if (left < 0) return item;
  }
  return at(items, items.length - 1);
}
