import type { Precision } from '../backend/memory.ts';
import type { DysonResult } from '../dyson/dyson-result.ts';
import { frozenActivations } from '../dyson/frozen-operators.ts';
import { dysonOfTrace } from '../dyson/run-dyson.ts';
import type { ChenResult } from '../fock/chen-result.ts';
import { QLENS_DEFAULTS } from '../qlens/defaults.ts';
import type { OperatorKind } from '../qlens/operator-form.ts';
import type { QLensResult } from '../qlens/result.ts';
import { NEXT_TOKEN_DEFAULTS, PASS_DEFAULTS, SAMPLING_DEFAULTS } from '../transformer/defaults.ts';
import { checkPredictsTokens } from '../transformer/language-model.ts';
import { logProbabilities } from '../transformer/law.ts';
import { lensStages } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import {
  type NextTokenResult,
  nextTokenAfter,
  nextTokenSession,
  type RankedToken,
  rankedTokens,
} from '../transformer/next-token.ts';
import { predictedRow, predictsMasked } from '../transformer/position.ts';
import type { Prompt } from '../transformer/prompt.ts';
import { type Trace, traceIn } from '../transformer/trace.ts';
import { chenPicture } from './chen-picture.ts';
import { type CheckpointSummary, labelsOf, type Provenance, provenanceOf, summaryOf } from './provenance.ts';
import { qlensOfTrace } from './qlens-picture.ts';

/** The pictures of one prompt: all three, or two of a model of masked words, which has no next token. */
export interface Analysis {
  /** Which result it is. */
  readonly kind: 'analysis';
  /** How it was made. */
  readonly provenance: Provenance;
  /** What it was made from. */
  readonly checkpoint: CheckpointSummary;
  /** The prompt as the model read it. */
  readonly prompt: Prompt;
  /** Everything that determines the numbers besides the checkpoint and the prompt. */
  readonly parameters: AnalysisParameters;
  /** The likeliest next tokens, and the greedy continuation; the likeliest words at `parameters.position` of a model of masked words, and nothing behind them. */
  readonly next: {
    readonly top: readonly RankedToken[];
    readonly greedy: { readonly ids: readonly number[]; readonly text: string | null };
  };
  /** The open quantum system; null for a model of masked words. */
  readonly chen: ChenResult | null;
  /** The state vector along depth. */
  readonly qlens: QLensResult;
  /** The Dyson series. */
  readonly dyson: DysonResult;
  /** Printable text of the ids in the prompt, in `next`, in `qlens` and in `dyson`; `chen` has its own labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Everything that determines an analysis besides the checkpoint and the prompt. */
export interface AnalysisParameters {
  /** Of the passes. */
  readonly precision: Precision;
  /** Likeliest tokens to list. */
  readonly top: number;
  /** Tokens to continue greedily. */
  readonly greedy: number;
  /** Chen's model: depth of the tree, strings kept per step, sampled trajectories, their seed (decimal), temperature. */
  readonly depth: number;
  /** Strings kept after each step. */
  readonly maxStrings: number;
  /** Histories sampled. */
  readonly trajectories: number;
  /** Their seed, decimal. */
  readonly seed: string;
  /** Of the open-system model's law. */
  readonly temperature: number;
  /** Operator of the state-vector picture. */
  readonly operator: OperatorKind;
  /** Of a model of masked words: the token whose word is predicted, counted from 0; default the first masked one. */
  readonly position?: number;
}

/** What an analysis takes where nothing is said. */
export const ANALYSIS_DEFAULTS: AnalysisParameters = {
  precision: PASS_DEFAULTS.precision,
  top: NEXT_TOKEN_DEFAULTS.top,
  greedy: 8,
  depth: 3,
  maxStrings: 32,
  trajectories: 100,
  seed: '1',
  temperature: SAMPLING_DEFAULTS.temperature,
  operator: QLENS_DEFAULTS.operator,
};

/** Stages of an analysis, for progress. */
export type AnalysisStage = 'next token' | 'open system' | 'state vector' | 'Dyson series';

/** Options of {@link analysePrompt}. */
export interface AnalysePromptOptions {
  /** Arguments after `tmech`, for the provenance; default none. */
  readonly command?: readonly string[];
  /** Called with the stage, its parts done, and all its parts. */
  readonly onProgress?: (stage: AnalysisStage, done: number, total: number) => void;
}

/**
 * The three physical pictures of one prompt: open quantum system (Chen), state vector (QLens), Dyson series. A model of masked words has no law of the token that
 * follows, and so no open quantum system: the other two are taken at the masked word.
 *
 * @throws DomainError for a classifier, a model without a head, or one of masked words where neither a word is masked nor a position given; DomainError, CapacityError for prompts the model cannot read, and for parameters outside their ranges.
 * @cost one pass over the prompt for next token, QLens and Dyson, and those of Chen's tree.
 * @example
 * const analysis = analysePrompt(model, promptOf(model, { text: 'the bank' }), { depth: 2 });
 */
export function analysePrompt(
  model: Model,
  prompt: Prompt,
  parameters: Partial<AnalysisParameters> = {},
  { command = [], onProgress }: AnalysePromptOptions = {},
): Analysis {
  const masked = predictsMasked(model);
  if (!masked) checkPredictsTokens('analysePrompt', model);
  const chosen = chosenParameters(model, prompt, { ...ANALYSIS_DEFAULTS, ...parameters });
  const progress = (stage: AnalysisStage) => (done: number, total: number) => onProgress?.(stage, done, total);
  const { trace, next, chen } = readOnce(model, prompt, chosen, progress);
  const { operator, top, precision } = chosen;
  const qlens = qlensOfTrace(model, trace, { operator, top, onProgress: progress('state vector') });
  const dyson = dysonOfTrace(model, trace, {
    paths: { count: 12, heads: true, budget: pathBudget(model) },
    onProgress: progress('Dyson series'),
  });
  return {
    kind: 'analysis',
    provenance: provenanceOf(model.backend, precision, command, model.streamed),
    checkpoint: summaryOf(model),
    prompt,
    parameters: chosen,
    next: { top: next.top, greedy: { ids: next.greedyIds, text: model.tokenizer?.decode(next.greedyIds) ?? null } },
    chen,
    qlens,
    dyson,
    labels: labelsOf(model, [
      ...prompt.ids,
      ...next.top.map(({ id }) => id),
      ...next.greedyIds,
      ...qlens.stages.flatMap((stage) => stage.top.map(({ id }) => id)),
      ...qlens.transitions.flatMap((step) => step.top.map(({ id }) => id)),
      dyson.top.id,
    ]),
  };
}

/** What does not fit the model's context, or does not exist for it, is cut, and the result says what was done. */
function chosenParameters(model: Model, { ids }: Prompt, asked: AnalysisParameters): AnalysisParameters {
  const position = predictedRow(model, ids, asked.position);
  if (predictsMasked(model)) return { ...asked, greedy: 0, depth: 0, trajectories: 0, position };
  const room = Math.max(0, model.config.maxPositions - ids.length);
  return { ...asked, greedy: Math.min(asked.greedy, room), depth: Math.min(asked.depth, room + 1) };
}

/** The pass from token 0 that the pictures share, and what goes on from there: the next tokens and the open system. */
function readOnce(
  model: Model,
  prompt: Prompt,
  chosen: AnalysisParameters,
  progress: (stage: AnalysisStage) => (done: number, total: number) => void,
): { trace: Trace; next: NextTokenResult; chen: ChenResult | null } {
  const { ids } = prompt;
  const { precision, top, greedy, depth, position } = chosen;
  const keep = [...lensStages(model.config), ...frozenActivations(model.config)];
  const session = nextTokenSession(model, ids, { precision, greedy: Math.max(greedy, depth) });
  try {
    const trace = traceIn(session, ids, { keep, ...(position === undefined ? {} : { position }) });
    if (predictsMasked(model)) {
      const logProbs = logProbabilities(model.backend, trace.logits);
      const { least } = NEXT_TOKEN_DEFAULTS;
      return {
        trace,
        next: { logProbs, top: rankedTokens(model, logProbs, { top, least }), greedyIds: [] },
        chen: null,
      };
    }
    const next = nextTokenAfter(session, trace.logits, { top, greedy, onProgress: progress('next token') });
    return {
      trace,
      next,
      chen: chenPicture(model, prompt, { ...chosen, session, onProgress: progress('open system') }),
    };
  } finally {
    session.release();
  }
}

/** Enough to enumerate small models; four applications a channel, a few seconds of search, on large ones. */
function pathBudget({ config: { L, H } }: Model): number {
  return Math.max(500, 4 * L * (H + 2));
}
