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
import { lensStages } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import { type NextTokenResult, nextTokenAfter, nextTokenSession, type RankedToken } from '../transformer/next-token.ts';
import type { Prompt } from '../transformer/prompt.ts';
import { type Trace, traceIn } from '../transformer/trace.ts';
import { chenPicture } from './chen-picture.ts';
import { type CheckpointSummary, labelsOf, type Provenance, provenanceOf, summaryOf } from './provenance.ts';
import { qlensOfTrace } from './qlens-picture.ts';

/** All three pictures of one prompt. */
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
  /** The likeliest next tokens, and the greedy continuation. */
  readonly next: {
    readonly top: readonly RankedToken[];
    readonly greedy: { readonly ids: readonly number[]; readonly text: string | null };
  };
  /** The open quantum system. */
  readonly chen: ChenResult;
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
 * The three physical pictures of one prompt: open quantum system (Chen), state vector (QLens), Dyson series.
 *
 * @throws DomainError for a classifier; DomainError, CapacityError for prompts the model cannot read, and for parameters outside their ranges.
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
  checkPredictsTokens('analysePrompt', model);
  const room = Math.max(0, model.config.maxPositions - prompt.ids.length);
  const asked: AnalysisParameters = { ...ANALYSIS_DEFAULTS, ...parameters };
  // What does not fit the model's context is cut, and the result says what was done.
  const chosen = { ...asked, greedy: Math.min(asked.greedy, room), depth: Math.min(asked.depth, room + 1) };
  const progress = (stage: AnalysisStage) => (done: number, total: number) => onProgress?.(stage, done, total);
  const { trace, next } = readOnce(model, prompt, chosen, progress('next token'));
  const chen = chenPicture(model, prompt, { ...chosen, onProgress: progress('open system') });
  const { operator, top, precision } = chosen;
  const qlens = qlensOfTrace(model, trace, { operator, top, onProgress: progress('state vector') });
  const dyson = dysonOfTrace(model, trace, {
    paths: { count: 12, heads: true, budget: pathBudget(model) },
    onProgress: progress('Dyson series'),
  });
  return {
    kind: 'analysis',
    provenance: provenanceOf(model.backend.kind, precision, command),
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

/** The pass from token 0 that the pictures share, and the next tokens, which go on from there. */
function readOnce(
  model: Model,
  { ids }: Prompt,
  { precision, top, greedy }: AnalysisParameters,
  onProgress: (done: number, total: number) => void,
): { trace: Trace; next: NextTokenResult } {
  const keep = [...lensStages(model.config), ...frozenActivations(model.config)];
  const session = nextTokenSession(model, ids, { precision, greedy });
  try {
    const trace = traceIn(session, ids, { keep });
    return { trace, next: nextTokenAfter(session, trace.logits, { top, greedy, onProgress }) };
  } finally {
    session.release();
  }
}

/** Enough to enumerate small models; four applications a channel, a few seconds of search, on large ones. */
function pathBudget({ config: { L, H } }: Model): number {
  return Math.max(500, 4 * L * (H + 2));
}
