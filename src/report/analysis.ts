import type { BackendKind } from '../backend/backend.ts';
import type { Precision } from '../backend/memory.ts';
import { SCHEMA, VERSION } from '../core/version.ts';
import { type DysonResult, runDyson } from '../dyson/run-dyson.ts';
import { type ChenModel, modelOfLaw } from '../fock/chen-model.ts';
import type { ChenResult } from '../fock/chen-result.ts';
import { runChen } from '../fock/run-chen.ts';
import { analyseStages } from '../qlens/analyse.ts';
import type { OperatorKind } from '../qlens/operator-form.ts';
import type { QLensResult } from '../qlens/result.ts';
import { checkPredictsTokens } from '../transformer/language-model.ts';
import { LanguageModelLaw } from '../transformer/language-model-law.ts';
import { tunedLens } from '../transformer/lens/look.ts';
import type { TunedLens } from '../transformer/lens/tuned-lens.ts';
import { lensStages, logitLens, stageNames } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import { nextToken, type RankedToken } from '../transformer/next-token.ts';
import type { Prompt } from '../transformer/prompt.ts';
import type { SamplingRule } from '../transformer/sampling-rule.ts';
import { traceForward } from '../transformer/trace.ts';

export type { Prompt };

/** What made a result, and when. */
export interface Origin {
  /** The program that made it. */
  readonly package: 'transformer-mechanics';
  /** Version of the package. */
  readonly version: string;
  /** Version of the result's fields, {@link SCHEMA}. */
  readonly schema: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Arguments after `tmech`; empty for a call of the API. */
  readonly command: readonly string[];
}

/** How a result was made. */
export interface Provenance extends Origin {
  /** Which implementation ran. */
  readonly backend: BackendKind;
  /** Of the numbers. */
  readonly precision: Precision;
}

/** The checkpoint a result belongs to. */
export interface CheckpointSummary {
  /** Name of the folder. */
  readonly label: string;
  /** Family of the model, such as `gpt2`. */
  readonly family: string;
  /** Numbers in the tensors that the model uses; a tied unembedding counts once. */
  readonly parameterCount: number;
  /** V, D, L, H, G, K, F, maxPositions. */
  readonly sizes: Readonly<Record<string, number>>;
  /** SHA-256 of each file, as `sha256sum` prints it. */
  readonly fingerprint: Readonly<Record<string, string>>;
  /** Fields and tensors that the reader did not understand and did not use. */
  readonly warnings: readonly string[];
}

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
  /** Open-system model: depth of the tree, strings kept per step, sampled trajectories, their seed (decimal), temperature. */
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

/** What an analysis takes where nothing else is asked for. */
export const DEFAULT_PARAMETERS: AnalysisParameters = {
  precision: 'f32',
  top: 10,
  greedy: 8,
  depth: 3,
  maxStrings: 32,
  trajectories: 100,
  seed: '1',
  temperature: 1,
  operator: 'householder',
};

/** Stages of an analysis, for progress. */
export type AnalysisStage = 'next token' | 'open system' | 'state vector' | 'Dyson series';

/** Options of `analyze`. */
export interface AnalyzeOptions {
  /** Arguments after `tmech`, for the provenance; default none. */
  readonly command?: readonly string[];
  /** Called with the stage, its parts done, and all its parts. */
  readonly onProgress?: (stage: AnalysisStage, done: number, total: number) => void;
}

/**
 * The three physical pictures of one prompt: open quantum system (Chen), state vector (QLens), Dyson series.
 *
 * @throws DomainError for a classifier; DomainError, CapacityError for prompts the model cannot read, and for parameters outside their ranges.
 * @example
 * const analysis = analyze(model, promptOf(model, { text: 'the bank' }), { depth: 2 });
 */
export function analyze(
  model: Model,
  prompt: Prompt,
  parameters: Partial<AnalysisParameters> = {},
  { command = [], onProgress }: AnalyzeOptions = {},
): Analysis {
  checkPredictsTokens('analyze', model);
  const room = Math.max(0, model.config.maxPositions - prompt.ids.length);
  const asked: AnalysisParameters = { ...DEFAULT_PARAMETERS, ...parameters };
  // What does not fit the model's context is cut, and the result says what was done.
  const chosen = { ...asked, greedy: Math.min(asked.greedy, room), depth: Math.min(asked.depth, room + 1) };
  const { precision, top, greedy } = chosen;
  const progress = (stage: AnalysisStage) => (done: number, total: number) => onProgress?.(stage, done, total);
  const next = nextToken(model, prompt.ids, { precision, k: top, greedy, onProgress: progress('next token') });
  const chen = chenPicture(model, prompt, chosen, progress('open system'));
  const qlens = qlensPicture(model, prompt, chosen, progress('state vector'));
  const dyson = runDyson(model, prompt.ids, {
    precision,
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

/** Parameters of the open-system picture of a prompt. */
export interface ChenParameters
  extends Pick<
      AnalysisParameters,
      'precision' | 'depth' | 'maxStrings' | 'trajectories' | 'seed' | 'temperature' | 'top'
    >,
    Omit<SamplingRule, 'temperature'> {}

/** An open-system model on a checkpoint, with memory to give back. */
export interface CheckpointSystem {
  /** The model, over the checkpoint's next-token law. */
  readonly system: ChenModel;
  /** Gives back the memory of the law. */
  release(): void;
}

/** The open-system model of a prompt: E_ℓ from the checkpoint's next-token law. */
export function chenSystem(
  model: Model,
  prompt: Prompt,
  { precision, depth, temperature, topK, topP }: Pick<ChenParameters, 'precision' | 'depth' | keyof SamplingRule>,
): CheckpointSystem {
  const capacity = Math.min(model.config.maxPositions, prompt.ids.length + depth);
  const rule = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
  };
  const law = new LanguageModelLaw(model, { precision, capacity, ...rule });
  const system = modelOfLaw(law, {
    name: model.label,
    text: prompt.ids,
    steps: depth,
    vacuumToken: model.config.bosId ?? 0,
    parameters: { ...rule, precision },
  });
  return { system, release: () => law.release() };
}

/** The open-system picture of a prompt. */
export function chenPicture(
  model: Model,
  prompt: Prompt,
  parameters: ChenParameters,
  onProgress?: (done: number, total: number) => void,
): ChenResult {
  const { maxStrings, trajectories, seed, top } = parameters;
  const { system, release } = chenSystem(model, prompt, parameters);
  try {
    return runChen(system, { maxStrings, trajectories, seed: BigInt(seed), top, onProgress });
  } finally {
    release();
  }
}

/** Parameters of the state-vector picture of a prompt. */
export interface QLensParameters extends Pick<AnalysisParameters, 'precision' | 'operator' | 'top'> {
  /** α in U = exp(iαH); 1 unless given. */
  readonly alpha?: number | undefined;
}

/** The state-vector picture of a prompt: a lens at every sublayer, the logit lens unless a tuned one is given. */
export function qlensPicture(
  model: Model,
  prompt: Prompt,
  { precision, operator, top, alpha = 1 }: QLensParameters,
  onProgress?: (done: number, total: number) => void,
  lens: TunedLens | null = null,
): QLensResult {
  const stages = lensStages(model.config);
  const trace = traceForward(model, prompt.ids, { precision, keep: stages });
  let done = 0;
  const logitsOf = (stage: number) => {
    onProgress?.(++done, stages.length + 1);
    const name = stages[stage]!;
    return lens === null ? logitLens(model, trace, name) : tunedLens(model, lens, trace, name);
  };
  return analyseStages(model.backend, { names: stageNames(model.config), logitsOf }, { operator, top, alpha });
}

/** What makes a result: this version, now. */
export function originOf(command: readonly string[]): Origin {
  return {
    package: 'transformer-mechanics',
    version: VERSION,
    schema: SCHEMA,
    createdAt: new Date().toISOString(),
    command,
  };
}

/** How a result is made: {@link originOf}, with what computes it. */
export function provenanceOf(backend: BackendKind, precision: Precision, command: readonly string[]): Provenance {
  return { ...originOf(command), backend, precision };
}

/** What results say of a model's checkpoint. */
export function summaryOf({ label, config, parameterCount, fingerprint, warnings }: Model): CheckpointSummary {
  const { family, V, D, L, H, G, K, F, maxPositions } = config;
  return { label, family, parameterCount, sizes: { V, D, L, H, G, K, F, maxPositions }, fingerprint, warnings };
}

/** Printable text of each output unit: a class of a classifier, else a token. */
export function unitLabelsOf(model: Model, units: Iterable<number>): Record<string, string> {
  return Object.fromEntries(Array.from(new Set(units), (unit) => [String(unit), model.unitText(unit)]));
}

/** Printable text of each token id. */
export function labelsOf(model: Model, ids: Iterable<number>): Record<string, string> {
  return Object.fromEntries(Array.from(new Set(ids), (id) => [String(id), model.tokenText(id)]));
}

/** Enough to enumerate small models; four applications a channel, a few seconds of search, on large ones. */
function pathBudget({ config: { L, H } }: Model): number {
  return Math.max(500, 4 * L * (H + 2));
}
