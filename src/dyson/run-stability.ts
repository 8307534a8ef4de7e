import type { BackendKind } from '../backend/backend.ts';
import type { Precision } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import type { Model } from '../transformer/model.ts';
import { traceForward } from '../transformer/trace.ts';
import { STABILITY_DEFAULTS } from './defaults.ts';
import { FrozenOperators, frozenActivations } from './frozen-operators.ts';
import { type LyapunovOptions, type LyapunovSpectrum, lyapunovExponents } from './lyapunov.ts';
import { type RankCollapseOptions, type RankStage, rankActivations, rankCollapse } from './rank-collapse.ts';
import { TangentOperators } from './tangent-operators.ts';
import { tangentActivations } from './tangent-points.ts';

/** What both results say of their pass. */
interface PassHead {
  readonly backend: BackendKind;
  readonly precision: Precision;
  readonly ids: readonly number[];
}

/** Lyapunov exponents of the pass of one prompt: plain data. Exponents in nats per step; −∞ where a direction is lost. */
export interface LyapunovResult extends PassHead, Omit<LyapunovSpectrum, 'qr' | 'singular'> {
  /** Derivatives of the real steps, or the frozen operators. */
  readonly at: 'tangent' | 'frozen';
  /** T·D: the number of exponents. */
  readonly dimension: number;
  /** (1/S) Σ log |R_ii| of the QR factors, nats per step, largest first. */
  readonly qr: readonly number[];
  /** (1/S) log σ_i of the product, nats per step, largest first. */
  readonly singular: readonly number[];
}

/** Options of `runLyapunov`. */
export interface RunLyapunovOptions extends LyapunovOptions {
  /** Default `tangent`, which needs f64. */
  readonly operators?: 'tangent' | 'frozen';
  /** Of the pass; default f64. */
  readonly precision?: Precision;
}

/**
 * Traces a prompt and takes the exponents of its pass.
 *
 * @throws DomainError for tangents in f32; otherwise as `traceForward` and {@link lyapunovExponents}.
 * @accuracy as {@link lyapunovExponents}
 * @example
 * const { qr } = runLyapunov(model, ids, { operators: 'frozen' });
 */
export function runLyapunov(
  model: Model,
  ids: readonly number[],
  {
    operators: at = STABILITY_DEFAULTS.operators,
    precision = STABILITY_DEFAULTS.precision,
    ...options
  }: RunLyapunovOptions = {},
): LyapunovResult {
  if (at === 'tangent' && precision !== 'f64')
    throw new DomainError(
      `runLyapunov: tangents must be in f64, but the precision is ${precision}. Change one of them.`,
    );
  const keep = at === 'tangent' ? tangentActivations(model.config) : frozenActivations(model.config);
  const trace = traceForward(model, ids, { precision, keep });
  const operators = at === 'tangent' ? new TangentOperators(model, trace) : new FrozenOperators(model, trace);
  try {
    const { qr, singular, ...sums } = lyapunovExponents(operators, options);
    return {
      at,
      backend: model.backend.kind,
      precision,
      ids: [...ids],
      dimension: qr.length,
      ...sums,
      qr: [...qr],
      singular: [...singular],
    };
  } finally {
    operators.release();
  }
}

/** Rank collapse of one prompt: plain data. */
export interface RankCollapseResult extends PassHead {
  /** Measures of the stream at every stage, in the order of the pass. */
  readonly stages: readonly RankStage[];
}

/** Options of `runRankCollapse`. */
export interface RunRankCollapseOptions extends RankCollapseOptions {
  /** Of the pass; default f64. */
  readonly precision?: Precision;
}

/**
 * Traces a prompt and measures how far its tokens become alike.
 *
 * @throws as `traceForward`; the signal's reason when it is aborted.
 * @accuracy as {@link rankCollapse}
 * @example
 * const { stages } = runRankCollapse(model, ids);
 */
export function runRankCollapse(
  model: Model,
  ids: readonly number[],
  { precision = STABILITY_DEFAULTS.precision, ...options }: RunRankCollapseOptions = {},
): RankCollapseResult {
  const trace = traceForward(model, ids, { precision, keep: rankActivations(model.config) });
  return { backend: model.backend.kind, precision, ids: [...ids], stages: rankCollapse(model, trace, options) };
}
