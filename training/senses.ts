import type { State } from './automaton.ts';
import type { Latent } from './corpus.ts';
import { TOPICS } from './grammar.ts';
import { named } from './indexing.ts';

/**
 * What tells the senses of an ambiguous word apart: for each topic in which the word occurs, the tokens that may
 * follow it there and in none of its other topics.
 */
export type SenseContinuations = ReadonlyMap<string, ReadonlySet<string>>;

/** The continuation sets of every ambiguous word; keys are tokens, such as ' bank'. */
export function senseContinuations(latents: readonly Latent[]): Map<string, SenseContinuations> {
  const words = new Set(Object.values(TOPICS).flatMap(({ senses }) => Object.keys(senses)));
  return new Map(
    [...words].map((word) => {
      const token = ` ${word}`;
      const following = new Map<string, Set<string>>();
      for (const { topic, start } of latents) {
        if (!(word in named(TOPICS, topic).senses)) continue;
        const known = following.get(topic) ?? new Set<string>();
        following.set(topic, known);
        collectFollowing(start, token, known, new Set());
      }
      return [token, exclusiveParts(following)];
    }),
  );
}

function collectFollowing(state: State, token: string, known: Set<string>, seen: Set<State>): void {
  if (seen.has(state)) return;
  seen.add(state);
  for (const transition of state) {
    if (transition.token === token) for (const next of transition.to) known.add(next.token);
    collectFollowing(transition.to, token, known, seen);
  }
}

function exclusiveParts(sets: ReadonlyMap<string, ReadonlySet<string>>): SenseContinuations {
  return new Map(
    [...sets].map(([topic, tokens]) => {
      const others = [...sets].filter(([other]) => other !== topic).map(([, set]) => set);
      return [topic, new Set([...tokens].filter((token) => !others.some((set) => set.has(token))))];
    }),
  );
}
