import type { Block, RealBlock } from '../backend/memory.ts';
import { activationOf } from '../transformer/trace.ts';
import type { FrozenOperators } from './frozen-operators.ts';

/**
 * Logits of contributions to the last token's final state, the final norm frozen on the trace: row c ↦ (γ ⊙ (c − mean)/σ) W_U,
 * linear in c. What the norm's β and the unembedding's bias add belongs to whoever carries the 1 (order 0): `offset`.
 */
export class FrozenUnembedding {
  readonly #operators: FrozenOperators;

  constructor(operators: FrozenOperators) {
    this.#operators = operators;
  }

  /** Logits (V each) of the rows' linear part; every row holds D numbers. */
  linear(rows: readonly ArrayLike<number>[]): Float64Array[] {
    const { model, trace, T } = this.#operators;
    const { D, norm } = model.config;
    const { memory, kernels } = model.backend;
    return memory.scope(() => {
      const x = memory.allocate(trace.precision, rows.length * D) as RealBlock;
      const view = x.view();
      for (const [i, row] of rows.entries()) view.set(row, i * D);
      const scale = memory.allocate('f64', 1);
      scale.view()[0] = activationOf(trace, 'final_norm.scale').data[T - 1]!;
      kernels.frozenNorm(x, model.weights.finalNorm.gamma, scale, x, rows.length, 1, D, norm.kind === 'layer');
      return this.#unembed(x, rows.length, null);
    });
  }

  /** β W_U + b_U, V numbers. */
  offset(): Float64Array {
    const { model, trace } = this.#operators;
    const { beta } = model.weights.finalNorm;
    const { memory } = model.backend;
    return memory.scope(() => {
      const x = memory.allocate(trace.precision, model.config.D) as RealBlock;
      if (beta !== null) x.view().set(beta.view());
      return this.#unembed(x, 1, model.weights.unembedding.bias)[0]!;
    });
  }

  #unembed(x: RealBlock, rows: number, bias: Block<'f32'> | null): Float64Array[] {
    const { model, trace } = this.#operators;
    const { D, V } = model.config;
    const { memory, kernels } = model.backend;
    const logits = memory.allocate(trace.precision, rows * V) as RealBlock;
    kernels.linear(x, model.weights.unembedding.weights, bias, logits, rows, D, V);
    const view = logits.view();
    return Array.from({ length: rows }, (_, i) => Float64Array.from(view.subarray(i * V, (i + 1) * V)));
  }
}
