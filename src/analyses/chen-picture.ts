import type { Precision } from '../backend/memory.ts';
import { type ChenModel, modelOfLaw } from '../fock/chen-model.ts';
import type { ChenResult } from '../fock/chen-result.ts';
import { runChen } from '../fock/run-chen.ts';
import { LanguageModelLaw } from '../transformer/language-model-law.ts';
import type { Model } from '../transformer/model.ts';
import type { Prompt } from '../transformer/prompt.ts';
import type { SamplingRule } from '../transformer/sampling-rule.ts';
import type { Session } from '../transformer/session.ts';

/** What decides the law of a checkpoint's next token, and how many are appended. */
export interface CheckpointLawOptions extends SamplingRule {
  /** Of the passes; default f32. */
  readonly precision: Precision;
  /** L, the steps of the model. */
  readonly depth: number;
  /** Borrowed to read with, as {@link LanguageModelLaw} does; with room for the prompt and `depth` tokens. */
  readonly session?: Session;
}

/** Options of {@link chenPicture}. */
export interface ChenPictureOptions extends CheckpointLawOptions {
  /** Heaviest strings kept after each step. */
  readonly maxStrings: number;
  /** Histories to sample, and their seed (decimal). */
  readonly trajectories: number;
  /** Seed of the sampled histories, decimal. */
  readonly seed: string;
  /** Entries in the marginal laws. */
  readonly top: number;
  /** Called with the steps done, and all of them. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Chen's model on a checkpoint, with memory to give back. */
export interface CheckpointChenModel {
  /** The model, over the checkpoint's next-token law. */
  readonly chen: ChenModel;
  /** Gives back the memory of the law. */
  release(): void;
}

/** Chen's model of a prompt: E_ℓ from the checkpoint's next-token law. */
export function chenModelOf(
  model: Model,
  prompt: Prompt,
  { precision, depth, session, temperature, topK, topP }: CheckpointLawOptions,
): CheckpointChenModel {
  const capacity = Math.min(model.config.maxPositions, prompt.ids.length + depth);
  const rule = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
  };
  const law = new LanguageModelLaw(model, {
    precision,
    capacity,
    ...(session === undefined ? {} : { session }),
    ...rule,
  });
  const chen = modelOfLaw(law, {
    name: model.label,
    tokens: prompt.ids,
    steps: depth,
    vacuumToken: model.config.bosId ?? 0,
    parameters: { ...rule, precision },
  });
  return { chen, release: () => law.release() };
}

/**
 * Chen's picture of a prompt: the tree of strings under the checkpoint's next-token law.
 *
 * @throws DomainError for a classifier; otherwise as {@link LanguageModelLaw}, {@link modelOfLaw} and {@link runChen}.
 */
export function chenPicture(model: Model, prompt: Prompt, options: ChenPictureOptions): ChenResult {
  const { maxStrings, trajectories, seed, top, onProgress } = options;
  const { chen, release } = chenModelOf(model, prompt, options);
  try {
    return runChen(chen, { maxStrings, trajectories, seed: BigInt(seed), top, onProgress });
  } finally {
    release();
  }
}
