import type { Expression } from './notation.ts';

/**
 * A state of an acyclic probabilistic automaton *is* its list of outgoing transitions; their probabilities sum to 1,
 * and the empty list is the accepting state. States are compared by identity.
 */
export type State = readonly Transition[];

export interface Transition {
  readonly token: string;
  readonly probability: number;
  readonly to: State;
}

/** The state from which `expression` is emitted and then `next` is reached. */
export function compile(expression: Expression, next: State): State {
  switch (expression.kind) {
    case 'word':
      return [{ token: ` ${expression.word}`, probability: 1, to: next }];
    case 'sequence':
      return expression.parts.reduceRight((state, part) => compile(part, state), next);
    case 'choices':
      return mix(
        expression.choices.map(({ probability, expression }) => ({ probability, state: compile(expression, next) })),
      );
  }
}

/** The mixture Σᵢ pᵢ · stateᵢ of those with pᵢ > 0; transitions with equal token and target are added up. */
export function mix(parts: readonly { readonly probability: number; readonly state: State }[]): State {
  const merged = new Map<State, Map<string, number>>();
  for (const { probability, state } of parts) {
    if (probability === 0) continue;
    for (const transition of state) {
      const row = merged.get(transition.to) ?? new Map<string, number>();
      merged.set(transition.to, row);
      row.set(transition.token, (row.get(transition.token) ?? 0) + probability * transition.probability);
    }
  }
  return [...merged].flatMap(([to, row]) => [...row].map(([token, probability]) => ({ token, probability, to })));
}
