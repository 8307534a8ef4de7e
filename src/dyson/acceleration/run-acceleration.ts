import type { BackendKind } from '../../backend/backend.ts';
import type { Precision } from '../../backend/memory.ts';
import { checkInteger } from '../../core/checks.ts';
import { compensatedSum } from '../../core/sums.ts';
import { PASS_DEFAULTS } from '../../transformer/defaults.ts';
import type { Model } from '../../transformer/model.ts';
import { ACCELERATION_DEFAULTS } from '../defaults.ts';
import { norm2 } from '../order-expansion.ts';
import { predictionsAgainst } from '../partial-sums.ts';
import { stepNames } from '../steps.ts';
import { ACCELERATION_METHODS, type AccelerationMethod, LEAST_TERMS, predict } from './methods.ts';
import { type PromptSequences, promptSequences, stateLogits } from './sequences.ts';

/** Which sequence is extrapolated. */
export type AcceleratedSequence = 'trajectory' | 'series';

/** How well one method predicts the final state from the first `terms` terms of a sequence, over all prompts. */
export interface AccelerationScore {
  /** The sequence whose limit is predicted. */
  readonly sequence: AcceleratedSequence;
  /** What predicts it. */
  readonly method: AccelerationMethod;
  /** Number m of terms that the method sees. */
  readonly terms: number;
  /** ‖x̂ − x^(S)‖/‖x^(S)‖ at the token that predicts. */
  readonly stateError: Spread;
  /** KL(model ‖ prediction), nats, the final norm recomputed for the predicted state. */
  readonly kl: Spread;
  /** Share of prompts whose likeliest token is the model's. */
  readonly topAgreement: number;
  /** Share of prompts with a smaller error of the state than by truncation. */
  readonly beatsTruncation: number;
  /** Share of components for which the method broke down, so that they keep their last value. */
  readonly fallbacks: number;
}

export interface Spread {
  readonly mean: number;
  readonly median: number;
}

/** Scores of the methods of series acceleration on real prompts. */
export interface AccelerationResult {
  /** The partial sums are those of the expansion frozen on each prompt's trace. */
  readonly at: 'frozen';
  /** Which implementation ran. */
  readonly backend: BackendKind;
  /** Of the passes. */
  readonly precision: Precision;
  /** Number of prompts. */
  readonly prompts: number;
  /** Sublayers; both sequences have S + 1 terms, the last of which is to be predicted. */
  readonly S: number;
  /** Numbers of terms that were tried, ascending. */
  readonly terms: readonly number[];
  /** By sequence, method and terms, in this order. */
  readonly scores: readonly AccelerationScore[];
}

/** Options of `runAcceleration`. */
export interface RunAccelerationOptions {
  /** Of the passes; default f32. */
  readonly precision?: Precision;
  /** Most numbers of terms to try, spaced evenly up to S; default 12. */
  readonly steps?: number;
  /** Prompts done, and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What one prediction scored. */
interface Outcome {
  readonly stateError: number;
  readonly kl: number;
  readonly agrees: boolean;
  readonly beats: boolean;
  readonly fallbacks: number;
}

/**
 * Predicts the final state of every prompt from the first m terms of two sequences at the token that predicts: the trajectory x^(l), and the
 * partial sums S_K of the Dyson series. Two baselines stand beside the methods: `truncation`, the m-th term itself, and `lens`, the
 * residual stream after m − 1 sublayers read by the final norm alone. On the trajectory the two are the same state.
 *
 * Predicting from the trajectory would save the sublayers that are left out. Partial sums need the whole trace, since the operators are frozen
 * on it: there the question is only how fast the series converges.
 *
 * @param prompts token ids, a list each
 * @throws DomainError for no prompt or a bad id; CapacityError for a prompt that is too long; as `traceForward`.
 * @accuracy the scores are exact for the precision of the pass; logits of predicted states are in f64.
 * @cost a pass and a Dyson expansion for each prompt.
 * @source Dyson paper, §VI; methods: docs/linalg-acceleration.md.
 * @example
 * const { scores } = runAcceleration(model, [[1, 2, 3], [4, 5]]);
 */
export function runAcceleration(
  model: Model,
  prompts: readonly (readonly number[])[],
  { precision = PASS_DEFAULTS.precision, steps = ACCELERATION_DEFAULTS.steps, onProgress }: RunAccelerationOptions = {},
): AccelerationResult {
  checkInteger('runAcceleration', 'prompts.length', prompts.length, 1);
  checkInteger('runAcceleration', 'steps', steps, 1);
  const S = stepNames(model.config).length;
  const terms = evenly(S, steps);
  const outcomes = new Map<string, Outcome[]>();
  for (const [i, ids] of prompts.entries()) {
    const sequences = promptSequences(model, ids, precision);
    for (const sequence of SEQUENCES) {
      for (const m of terms) {
        for (const [method, outcome] of outcomesOf(model, sequences, sequence, m)) {
          const key = keyOf(sequence, method, m);
          outcomes.set(key, [...(outcomes.get(key) ?? []), outcome]);
        }
      }
    }
    onProgress?.(i + 1, prompts.length);
  }
  const scores = SEQUENCES.flatMap((sequence) =>
    ACCELERATION_METHODS.flatMap((method) =>
      terms.flatMap((m) => {
        const found = outcomes.get(keyOf(sequence, method, m));
        return found === undefined ? [] : [{ sequence, method, terms: m, ...scoreOf(found) }];
      }),
    ),
  );
  return { at: 'frozen', backend: model.backend.kind, precision, prompts: prompts.length, S, terms, scores };
}

const SEQUENCES: readonly AcceleratedSequence[] = ['trajectory', 'series'];

function keyOf(sequence: AcceleratedSequence, method: AccelerationMethod, terms: number): string {
  return `${sequence} ${method} ${terms}`;
}

/** At most `count` whole numbers from 1 to `last`, evenly spaced, both ends among them where there is room. */
function evenly(last: number, count: number): number[] {
  if (last <= count) return Array.from({ length: last }, (_, i) => i + 1);
  if (count === 1) return [last];
  return Array.from({ length: count }, (_, i) => 1 + Math.round((i * (last - 1)) / (count - 1)));
}

function outcomesOf(
  model: Model,
  sequences: PromptSequences,
  sequence: AcceleratedSequence,
  m: number,
): [AccelerationMethod, Outcome][] {
  const final = sequences.trajectory.at(-1)!;
  const size = norm2(final);
  const terms = sequences[sequence].slice(0, m);
  const lens = sequences.trajectory[m - 1]!;
  const methods = ACCELERATION_METHODS.slice(0, m < LEAST_TERMS ? 2 : ACCELERATION_METHODS.length);
  const predictions = methods.map((method) => predict(model.backend, method, terms, lens));
  const errors = predictions.map(({ value }) => norm2(value.map((x, i) => x - final[i]!)) / size);
  const laws = predictionsAgainst(
    model.backend,
    sequences.logits,
    stateLogits(
      model,
      predictions.map(({ value }) => value),
    ),
  );
  return methods.map((method, k) => [
    method,
    {
      stateError: errors[k]!,
      kl: laws[k]!.klFinal,
      agrees: laws[k]!.rankOfTop === 1,
      beats: errors[k]! < errors[0]!,
      fallbacks: predictions[k]!.fallbacks / final.length,
    },
  ]);
}

function scoreOf(outcomes: readonly Outcome[]): Omit<AccelerationScore, 'sequence' | 'method' | 'terms'> {
  const meanOf = (value: (outcome: Outcome) => number) => compensatedSum(outcomes.map(value)) / outcomes.length;
  return {
    stateError: spreadOf(outcomes.map(({ stateError }) => stateError)),
    kl: spreadOf(outcomes.map(({ kl }) => kl)),
    topAgreement: meanOf(({ agrees }) => Number(agrees)),
    beatsTruncation: meanOf(({ beats }) => Number(beats)),
    fallbacks: meanOf(({ fallbacks }) => fallbacks),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return {
    mean: compensatedSum(values) / values.length,
    median: sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2,
  };
}
