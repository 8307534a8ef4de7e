import { DomainError } from '../core/errors.ts';
import type { DiagonalState } from './diagonal-state.ts';
import { checkEvolution, type EvolutionOptions } from './evolution.ts';
import { evaluateLaw, lawOfStep, type NextTokenLaw } from './next-token-law.ts';

/** Options of `enumerateStrings`. */
export interface EnumerateOptions extends Pick<EvolutionOptions, 'cutoff' | 'vacuumToken'> {
  /** Strings, and all that continue them, are left out below this probability; default 0, none. */
  readonly minProbability?: number;
}

/** A string of ρ(t_L). */
export interface EnumeratedString {
  /** The string of the start state that it continues. */
  readonly start: number;
  /** The tokens appended. */
  readonly tokens: Int32Array;
  /** Probability of the start string and these tokens together. */
  readonly probability: number;
}

/**
 * All strings that L steps give, depth first and one at a time, in the order of (start, tokens): nothing is stored but the path,
 * so a walk over billions of strings can be begun, and left when enough was seen. Any law will do.
 *
 * @throws CutoffError, DomainError, ShapeError as `propagate`.
 * @cost one law per inner node of the tree.
 * @source Chen, eqs. 7 and 12.
 * @example
 * for (const { tokens, probability } of enumerateStrings(laws, start, 3)) console.log(tokens, probability);
 */
export function enumerateStrings(
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  L: number,
  { minProbability = 0, ...options }: EnumerateOptions = {},
): Generator<EnumeratedString> {
  checkEvolution('enumerateStrings', laws, start, L, options);
  if (!(minProbability >= 0 && minProbability <= 1)) {
    throw new DomainError(`enumerateStrings: minProbability must lie between 0 and 1, but it is ${minProbability}.`);
  }
  return walk(laws, start, L, minProbability, options.vacuumToken ?? 0);
}

function* walk(
  laws: readonly NextTokenLaw[],
  state: DiagonalState,
  L: number,
  least: number,
  vacuumToken: number,
): Generator<EnumeratedString> {
  for (let start = 0; start < state.count; start++) {
    const weight = state.weight[start]!;
    if (weight >= least) yield* below([...state.string(start)], weight, 0, start);
  }

  function* below(history: number[], probability: number, level: number, start: number): Generator<EnumeratedString> {
    if (level === L) {
      yield { start, tokens: Int32Array.from(history.slice(history.length - L)), probability };
      return;
    }
    const law = lawOfStep(laws, state.step + level + 1);
    const conditional = history.length === 0 ? null : evaluateLaw(law, history).slice();
    for (let y = 0; y < state.V; y++) {
      const p = probability * (conditional === null ? Number(y === vacuumToken) : conditional[y]!);
      if (p === 0 || p < least) continue;
      history.push(y);
      yield* below(history, p, level + 1, start);
      history.pop();
    }
  }
}
