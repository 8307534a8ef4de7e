import type { Block, RealBlock } from '../backend/memory.ts';
import { activationOf } from '../transformer/trace.ts';
import { addToRows } from './frozen-body.ts';
import { applyNorm, applyNormAdjoint } from './frozen-norm.ts';
import { realBlock, type StepOperators } from './steps.ts';

/**
 * The transform of a head of masked words, y = N(g(x W + b)), frozen at the token that predicts: with the secant gate r = g(z)/z and the norm's σ of the trace it is the
 * linear map x ↦ γ ⊙ (r ⊙ x W − mean)/σ; what b and the norm's β add belongs to order 0, as other biases do.
 */
export class FrozenHead {
  readonly #operators: StepOperators;
  /** r, D numbers. */
  readonly #gate: Float64Array;
  readonly #sigma: number;

  private constructor(operators: StepOperators, gate: Float64Array, sigma: number) {
    this.#operators = operators;
    this.#gate = gate;
    this.#sigma = sigma;
  }

  /** The head of a trace; null where it has no such transform. @throws DomainError if the trace did not keep `head.pre` and `head.norm.scale`. */
  static of(operators: StepOperators): FrozenHead | null {
    const { model, trace } = operators;
    const { D, headTransform } = model.config;
    if (headTransform === null) return null;
    const pre = activationOf(trace, 'head.pre').data;
    const sigma = activationOf(trace, 'head.norm.scale').data[trace.row]!;
    const { memory, kernels } = model.backend;
    const gate = memory.scope(() => {
      const z = realBlock(operators, D);
      z.view().set(pre.subarray(trace.row * D, (trace.row + 1) * D));
      kernels.gate({ z, r: z, n: D, activation: headTransform.activation });
      return Float64Array.from(z.view());
    });
    return new FrozenHead(operators, gate, sigma);
  }

  /** Rows x of D, in place; `biased` adds what b and β do. */
  apply(x: RealBlock, rows: number, biased: boolean): void {
    const { model } = this.#operators;
    const { memory, kernels } = model.backend;
    const { weights, bias, k, n } = model.weights.headDense!;
    memory.scope(() => {
      const z = realBlock(this.#operators, x.length);
      kernels.linear({ x, weights, bias: biased ? bias : null, y: z, rows, k, n });
      this.#gated(z);
      const norm = this.#norm();
      applyNorm(model, norm, z, x);
      if (biased && norm.norm.beta !== null) addToRows(x, norm.norm.beta);
    });
  }

  /** The transpose of its linear part, of one row in f64, in place. */
  applyAdjoint(x: Block<'f64'>): void {
    const { model } = this.#operators;
    const { memory, kernels } = model.backend;
    const { weights, k, n } = model.weights.headDense!;
    memory.scope(() => {
      const z = memory.allocate('f64', x.length);
      applyNormAdjoint(model, this.#norm(), x, z);
      this.#gated(z);
      kernels.linearTransposed({ x: z, weights, y: x, rows: 1, k, n });
    });
  }

  #gated(z: RealBlock): void {
    const [view, gate] = [z.view(), this.#gate];
    for (let i = 0; i < view.length; i++) view[i]! *= gate[i % gate.length]!;
  }

  /** The norm with its scale; the block belongs to the caller's scope. */
  #norm() {
    const { model } = this.#operators;
    const scale = model.backend.memory.allocate('f64', 1);
    scale.view()[0] = this.#sigma;
    return { norm: model.weights.headNorm!, scale };
  }
}
