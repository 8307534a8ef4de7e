import type { Block, RealBlock } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { unitCount } from '../transformer/config.ts';
import { capLogits, uncappedLogits, unembeddingOf } from '../transformer/head.ts';
import { gatherColumns } from '../transformer/resident-columns.ts';
import { activationOf } from '../transformer/trace.ts';
import { FrozenHead } from './frozen-head.ts';
import { applyNorm, applyNormAdjoint, type FrozenNorm } from './frozen-norm.ts';
import { predictingPart, realBlock, type StepOperators } from './steps.ts';

/** What the soft cap c·tanh(s/c) did to a logit s. */
export interface FrozenCap {
  /** c. */
  readonly cap: number;
  /** s. */
  readonly uncapped: number;
  /** tanh(s/c)·c/s, the frozen cap: a contribution to the capped logit is this times that to the uncapped one. */
  readonly factor: number;
}

/**
 * Logits (of tokens, or of classes) of contributions to the predicting token's final state, the final norm frozen on the trace:
 * row c ↦ (γ ⊙ (c − mean)/σ) W_U, linear in c; c W_U where there is no final norm; with the factor on the logits, where there is one. What the
 * norm's β and the unembedding's bias add belongs to whoever carries the 1 (order 0): `offset`.
 *
 * A head of masked words is frozen too (`FrozenHead`): c ↦ N_h(r ⊙ c W) W_U, r its secant gate and N_h its norm with the scale of the trace.
 *
 * A soft cap is frozen like a gate, as a factor on each logit ({@link capOf}), so that contributions add up to the capped logits.
 */
export class FrozenUnembedding {
  readonly #operators: StepOperators;
  readonly #head: FrozenHead | null;
  /** The model's logits before their cap, and the frozen cap of each; null without one. */
  readonly #caps: { readonly uncapped: Float64Array; readonly factors: Float64Array } | null;

  constructor(operators: StepOperators) {
    this.#operators = operators;
    this.#head = FrozenHead.of(operators);
    this.#caps = this.#freezeCap();
  }

  /** Logits of the rows' linear part; every row holds D numbers. */
  linear(rows: readonly ArrayLike<number>[]): Float64Array[] {
    return this.#capped(this.#uncapped(rows));
  }

  /** β W_U + b_U. */
  offset(): Float64Array {
    return this.#capped([this.#uncappedOffset()])[0]!;
  }

  /** What the soft cap did to the logit of a token or class; null in a model without one. */
  capOf(token: number): FrozenCap | null {
    const cap = this.#operators.model.config.logitCap;
    if (cap === null || this.#caps === null) return null;
    return { cap, uncapped: this.#caps.uncapped[token]!, factor: this.#caps.factors[token]! };
  }

  /**
   * Row w (D numbers) with ⟨w, c⟩ = the logit of a contribution c: γ ⊙ u − mean(γ ⊙ u) over σ, u its column of W_U.
   *
   * @throws DomainError unless there is such a token or class.
   */
  functional(token: number): Float64Array {
    const { model } = this.#operators;
    const { D, logitScale } = model.config;
    checkInteger('functional', 'token', token, 0, unitCount(model.config) - 1);
    const { embeddingOut } = model.weights;
    const unembedding = unembeddingOf('functional', model);
    const { memory, kernels } = model.backend;
    const factor = logitScale * (this.#caps?.factors[token] ?? 1);
    return memory.scope(() => {
      const column = memory.allocate('f64', unembedding.k);
      gatherColumns(model.backend, unembedding, token, column);
      const to = column.view();
      for (let c = 0; c < unembedding.k; c++) to[c]! *= factor;
      let x = column;
      if (embeddingOut !== null) {
        x = memory.allocate('f64', D);
        const { weights: packed, k, n } = embeddingOut;
        kernels.linearTransposed({ x: column, weights: packed, y: x, rows: 1, k, n });
      }
      this.#head?.applyAdjoint(x);
      const norm = this.#norm();
      if (norm !== null) applyNormAdjoint(model, norm, x, x);
      return x.view().slice();
    });
  }

  /** The final norm at the predicting token; its scale belongs to the caller's scope. */
  #norm(): FrozenNorm | null {
    const { model, trace } = this.#operators;
    const { finalNorm } = model.weights;
    if (finalNorm === null) return null;
    const scale: Block<'f64'> = model.backend.memory.allocate('f64', 1);
    scale.view()[0] = activationOf(trace, 'final_norm.scale').data[trace.row]!;
    return { norm: finalNorm, scale };
  }

  #uncapped(rows: readonly ArrayLike<number>[]): Float64Array[] {
    const { model } = this.#operators;
    const { D } = model.config;
    return model.backend.memory.scope(() => {
      const x = realBlock(this.#operators, rows.length * D);
      const view = x.view();
      for (const [i, row] of rows.entries()) view.set(row, i * D);
      const norm = this.#norm();
      if (norm !== null) applyNorm(model, norm, x, x);
      return this.#unembed(x, rows.length, false);
    });
  }

  #uncappedOffset(): Float64Array {
    const { model } = this.#operators;
    const beta = model.weights.finalNorm?.beta ?? null;
    return model.backend.memory.scope(() => {
      const x = realBlock(this.#operators, model.config.D);
      if (beta !== null) x.view().set(beta.view());
      return this.#unembed(x, 1, true)[0]!;
    });
  }

  #unembed(x: RealBlock, rows: number, biased: boolean): Float64Array[] {
    const { model } = this.#operators;
    const units = unitCount(model.config);
    const logits = realBlock(this.#operators, rows * units);
    this.#head?.apply(x, rows, biased);
    uncappedLogits(model, x, logits, rows, biased);
    const view = logits.view();
    return Array.from({ length: rows }, (_, i) => Float64Array.from(view.subarray(i * units, (i + 1) * units)));
  }

  #capped(logits: Float64Array[]): Float64Array[] {
    const { factors } = this.#caps ?? {};
    if (factors === undefined) return logits;
    return logits.map((row) => row.map((value, unit) => value * factors[unit]!));
  }

  #freezeCap() {
    const { model, trace } = this.#operators;
    const { L, logitCap } = model.config;
    if (logitCap === null) return null;
    const final = predictingPart(this.#operators, activationOf(trace, `blocks.${L - 1}.resid_post`).data);
    const [linear, offset] = [this.#uncapped([final])[0]!, this.#uncappedOffset()];
    const uncapped = linear.map((value, unit) => value + offset[unit]!);
    return model.backend.memory.scope(() => {
      const logits = model.backend.memory.allocate('f64', uncapped.length);
      logits.view().set(uncapped);
      capLogits(model, logits);
      const factors = logits.view().map((value, unit) => (uncapped[unit] === 0 ? 1 : value / uncapped[unit]!));
      return { uncapped, factors };
    });
  }
}
