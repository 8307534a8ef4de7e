import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { compensatedSum } from '../core/sums.ts';
import type { DiagonalState } from './diagonal-state.ts';
import { checkEvolution, type EvolutionOptions, evolveStep } from './evolution.ts';
import { lawOfStep, type NextTokenLaw } from './next-token-law.ts';

/** The outcome ◇ of the measurement (X, D): none of the tokens. */
export const DIAMOND = '◇';

/** An outcome ω ∈ Ω = {◇} ∪ T. */
export type Outcome = typeof DIAMOND | number;

/** Tr[X(ω)ρ] for every outcome. */
export interface OutcomeLaw {
  /** Probability of ◇: that nothing stands at the site. */
  readonly diamond: number;
  /** V numbers, one for each token. */
  readonly tokens: Float64Array;
}

/**
 * Which sites X looks at: a length n measures the last site of sector n, everything outside that sector being ◇ (eqs. 8,
 * 9); `last-site` measures the last site of whatever sector is occupied, the vacuum being ◇.
 */
export type MeasuredSector = number | 'last-site';

/** The outcome that string i of a state gives with certainty. */
function outcomeOf(state: DiagonalState, i: number, sector: MeasuredSector): Outcome {
  if (sector !== 'last-site' && state.length(i) !== sector) return DIAMOND;
  return state.lastToken(i) ?? DIAMOND;
}

function checkSector(where: string, sector: MeasuredSector): void {
  if (sector !== 'last-site') checkInteger(where, 'sector', sector, 1);
}

/**
 * The law of the measurement (X, D): Tr[X({ω})σ] for every ω ∈ Ω. X({x}) projects the last site onto x, X({◇}) is
 * everything else, and they sum to 1, so the numbers sum to Tr σ.
 *
 * @source Chen, eqs. 8, 9, 13, 14; `last-site` own.
 */
export function outcomeLaw(state: DiagonalState, sector: MeasuredSector = 'last-site'): OutcomeLaw {
  checkSector('outcomeLaw', sector);
  const tokens = new Float64Array(state.V);
  let diamond = 0;
  for (let i = 0; i < state.count; i++) {
    const outcome = outcomeOf(state, i, sector);
    if (outcome === DIAMOND) diamond += state.weight[i]!;
    else tokens[outcome]! += state.weight[i]!;
  }
  return { diamond, tokens };
}

/**
 * Tr[X(A)σ] for an event A ⊂ Ω, X(A) = Σ_{ω∈A} X({ω}).
 *
 * @throws DomainError for an outcome outside Ω.
 */
export function eventProbability(
  state: DiagonalState,
  event: readonly Outcome[],
  sector: MeasuredSector = 'last-site',
): number {
  const { diamond, tokens } = outcomeLaw(state, sector);
  for (const outcome of event) checkOutcome('eventProbability', outcome, state.V);
  return compensatedSum([...new Set(event)].map((outcome) => (outcome === DIAMOND ? diamond : tokens[outcome]!)));
}

function checkOutcome(where: string, outcome: Outcome, V: number): void {
  if (outcome !== DIAMOND) checkInteger(where, 'a token among the outcomes', outcome, 0, V - 1);
}

/** The `top` tokens of positive weight, heaviest first, of equally heavy ones the first. */
export function likeliestTokens(weights: Float64Array, top: number): number[] {
  return Array.from(weights.keys())
    .filter((token) => weights[token]! > 0)
    .sort((a, b) => weights[b]! - weights[a]! || a - b)
    .slice(0, top);
}

/** A state after an outcome was found, with the probability of finding it. */
export interface ReducedState {
  /** Probability of the outcome. */
  readonly probability: number;
  /** The state after it, of trace 1. */
  readonly state: DiagonalState;
}

/**
 * Lüders reduction X({ω})ρX({ω}) / Tr[X({ω})ρ]: the strings that give ω, their weights divided by its probability.
 *
 * @throws DomainError for an outcome of probability 0.
 * @source Chen, eqs. 10, 11, 15, 16.
 */
export function reduceState(
  state: DiagonalState,
  outcome: Outcome,
  sector: MeasuredSector = 'last-site',
): ReducedState {
  checkSector('reduceState', sector);
  checkOutcome('reduceState', outcome, state.V);
  const matching = state.reweighted((i) => (outcomeOf(state, i, sector) === outcome ? state.weight[i]! : 0));
  const probability = matching.trace;
  if (probability === 0) {
    throw new DomainError(`reduceState: outcome must have a positive probability, but ${outcome} has 0.`);
  }
  return { probability, state: matching.reweighted((i) => matching.weight[i]! / probability) };
}

/** What a sequence of measurements gives for one sequence of outcomes. */
export interface SequentialMeasurement {
  /** P(y_1 … y_L) = Π_ℓ p_ℓ(y_ℓ | h y_1 … y_{ℓ−1}). */
  readonly probability: number;
  /** The L factors: the probability of each outcome in the reduced state before it. */
  readonly conditionals: readonly number[];
  /** Reduced states ρ_red(t_1), …, ρ_red(t_L). */
  readonly states: readonly DiagonalState[];
}

/**
 * The sequential measurement (E_1, X_1, E_2, X_2, …): each step acts on the reduced state of the step before.
 *
 * @param outcomes the tokens y_1 … y_L found.
 * @throws DomainError for a token outside the set or of probability 0; CutoffError unless M ≥ n + L.
 * @accuracy exact but for rounding
 * @source Chen, §III: eqs. 10, 12, 15 and the formula of P_T after eq. 16.
 */
export function measureSequentially(
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  outcomes: readonly number[],
  options: Pick<EvolutionOptions, 'cutoff' | 'vacuumToken'> = {},
): SequentialMeasurement {
  checkEvolution('measureSequentially', laws, start, outcomes.length, options);
  const conditionals: number[] = [];
  const states: DiagonalState[] = [];
  let state = start;
  for (const outcome of outcomes) {
    const evolved = evolveStep(state, lawOfStep(laws, state.step + 1), { vacuumToken: options.vacuumToken });
    const reduced = reduceState(evolved.state, outcome);
    conditionals.push(reduced.probability);
    states.push(reduced.state);
    state = reduced.state;
  }
  return { probability: conditionals.reduce((product, p) => product * p, 1), conditionals, states };
}
