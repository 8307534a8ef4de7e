import type { Block, RealBlock } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { predictingRow, unitCount } from '../transformer/config.ts';
import { gatherColumns } from '../transformer/resident-columns.ts';
import { activationOf } from '../transformer/trace.ts';
import { realBlock, type StepOperators } from './steps.ts';

/**
 * Logits (of tokens, or of classes) of contributions to the predicting token's final state, the final norm frozen on the trace:
 * row c ↦ (γ ⊙ (c − mean)/σ) W_U, linear in c; c W_U where there is no final norm. What the norm's β and the unembedding's bias add belongs to
 * whoever carries the 1 (order 0): `offset`.
 */
export class FrozenUnembedding {
  readonly #operators: StepOperators;

  constructor(operators: StepOperators) {
    this.#operators = operators;
  }

  /** Logits of the rows' linear part; every row holds D numbers. */
  linear(rows: readonly ArrayLike<number>[]): Float64Array[] {
    const { model } = this.#operators;
    const { D, norm } = model.config;
    const { finalNorm } = model.weights;
    const { memory, kernels } = model.backend;
    return memory.scope(() => {
      const x = realBlock(this.#operators, rows.length * D);
      const view = x.view();
      for (const [i, row] of rows.entries()) view.set(row, i * D);
      if (finalNorm !== null)
        kernels.frozenNorm({
          x,
          gamma: finalNorm.gamma,
          scale: this.#scale(),
          y: x,
          rows: rows.length,
          T: 1,
          D,
          centred: norm.kind === 'layer',
        });
      return this.#unembed(x, rows.length, null);
    });
  }

  /** β W_U + b_U. */
  offset(): Float64Array {
    const { model, trace } = this.#operators;
    const beta = model.weights.finalNorm?.beta ?? null;
    const { memory } = model.backend;
    return memory.scope(() => {
      const x = memory.allocate(trace.precision, model.config.D) as RealBlock;
      if (beta !== null) x.view().set(beta.view());
      return this.#unembed(x, 1, model.weights.unembedding.bias)[0]!;
    });
  }

  /**
   * Row w (D numbers) with ⟨w, c⟩ = the logit of a contribution c: γ ⊙ u − mean(γ ⊙ u) over σ, u its column of W_U.
   *
   * @throws DomainError unless there is such a token or class.
   */
  functional(token: number): Float64Array {
    const { model } = this.#operators;
    const { D, norm } = model.config;
    checkInteger('functional', 'token', token, 0, unitCount(model.config) - 1);
    const { finalNorm } = model.weights;
    const { memory, kernels } = model.backend;
    return memory.scope(() => {
      const x = memory.allocate('f64', D);
      gatherColumns(model.backend, model.weights.unembedding, token, x);
      if (finalNorm !== null)
        kernels.frozenNormAdjoint({
          x,
          gamma: finalNorm.gamma,
          scale: this.#scale(),
          y: x,
          rows: 1,
          T: 1,
          D,
          centred: norm.kind === 'layer',
        });
      return x.view().slice();
    });
  }

  /** The final norm's at the predicting token; the block belongs to the caller's scope. */
  #scale(): Block<'f64'> {
    const { model, trace, T } = this.#operators;
    const scale = model.backend.memory.allocate('f64', 1);
    scale.view()[0] = activationOf(trace, 'final_norm.scale').data[predictingRow(model.config, T)]!;
    return scale;
  }

  #unembed(x: RealBlock, rows: number, bias: Block<'f32'> | null): Float64Array[] {
    const { model, trace } = this.#operators;
    const { D } = model.config;
    const units = unitCount(model.config);
    const { memory, kernels } = model.backend;
    const logits = memory.allocate(trace.precision, rows * units) as RealBlock;
    kernels.linear({ x, weights: model.weights.unembedding.weights, bias, y: logits, rows, k: D, n: units });
    const view = logits.view();
    return Array.from({ length: rows }, (_, i) => Float64Array.from(view.subarray(i * units, (i + 1) * units)));
  }
}
