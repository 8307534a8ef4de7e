import { eig, Matrix, normFrobenius, singularValues } from '../linalg/index.ts';
import { exp } from '../math/exp.ts';
import { log } from '../math/log.ts';
import type { TransformerConfig } from '../transformer/config.ts';
import { lensStages } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';
import { attentionMatrix } from './attention-matrix.ts';

/** Activations a trace must have kept for {@link rankCollapse}. */
export function rankActivations(config: TransformerConfig): readonly string[] {
  return ['blocks.*.attn.pattern', ...lensStages(config)];
}

/** How far the tokens of one state have become alike. */
export interface RankStage {
  /** `embed`, `blocks.{i}.resid_mid` (not where attention and MLP are parallel), `blocks.{i}.resid_post`. */
  readonly name: string;
  /** ‖X − 1x̄ᵀ‖_F/‖X‖_F: 0 when all tokens have one state. */
  readonly deviation: number;
  /** ‖X‖_F²/‖X‖₂². */
  readonly stableRank: number;
  /** exp H(σ/Σσ). */
  readonly effectiveRank: number;
  /**
   * 1 − |λ₂| of each head of the attention before it, for stages after attention: 1 − max_{i≥2} A_ii where that is causal; null with a
   * single token.
   */
  readonly attentionGaps: readonly (number | null)[] | null;
}

/** Options of `rankCollapse`. */
export interface RankCollapseOptions {
  /** Called after every stage. What it throws ends the work. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Asked before every stage. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Rank collapse along depth: the residual stream X (T×D) at every stage.
 *
 * @throws DomainError if the trace lacks one of {@link rankActivations}; the signal's reason when it is aborted.
 * @accuracy norms and ranks to rounding; σ from `singularValues`.
 * @cost the singular values of a T×D matrix per stage.
 * @source Y. Dong, J.-B. Cordonnier, A. Loukas, arXiv 2103.03404; effective rank: O. Roy, M. Vetterli, EUSIPCO 2007.
 */
export function rankCollapse(model: Model, trace: Trace, options: RankCollapseOptions = {}): RankStage[] {
  const afterAttention = model.config.residual === 'parallel' ? 'resid_post' : 'resid_mid';
  const names = lensStages(model.config);
  return names.map((name, i) => {
    options.signal?.throwIfAborted();
    const [, block, part] = name.split('.');
    const stage = stageOf(model, trace, name, part === afterAttention ? gapsOf(model, trace, Number(block)) : null);
    options.onProgress?.(i + 1, names.length);
    return stage;
  });
}

function stageOf({ backend }: Model, trace: Trace, name: string, attentionGaps: RankStage['attentionGaps']): RankStage {
  const { data, shape } = activationOf(trace, name);
  const [T, D] = shape as [number, number];
  const x = new Matrix(T, D, Float64Array.from(data));
  const centred = new Matrix(T, D, x.data.slice());
  for (let c = 0; c < D; c++) {
    let mean = 0;
    for (let t = 0; t < T; t++) mean += x.data[t * D + c]! / T;
    for (let t = 0; t < T; t++) centred.data[t * D + c]! -= mean;
  }
  const norm = normFrobenius(x);
  const values = singularValues(backend, x);
  const total = values.reduce((a, b) => a + b, 0);
  let entropy = 0;
  for (const value of values) if (value > 0) entropy -= (value / total) * log(value / total);
  return {
    name,
    deviation: normFrobenius(centred) / norm,
    stableRank: (norm / values[0]!) ** 2,
    effectiveRank: exp(entropy),
    attentionGaps,
  };
}

function gapsOf(model: Model, trace: Trace, layer: number): (number | null)[] {
  return Array.from({ length: model.config.H }, (_, h) => {
    const { matrix, eigenvalues } = attentionMatrix(model, trace, layer, h);
    if (matrix.rows < 2) return null;
    if (eigenvalues !== null) return 1 - Math.max(...eigenvalues.subarray(1));
    const { values } = eig(model.backend, matrix);
    const sizes = Float64Array.from({ length: matrix.rows }, (_, k) => Math.hypot(values[2 * k]!, values[2 * k + 1]!));
    return 1 - sizes.sort().at(-2)!;
  });
}
