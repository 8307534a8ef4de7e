import type { RealBlock } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import type { Model } from '../transformer/model.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';
import type { FrozenOperators } from './frozen-operators.ts';
import { gainOfBlock } from './gains.ts';
import { gatherRow, realBlock, realBlockOf, type StepOperators } from './steps.ts';

/** Whole blocks as steps, whether a model's own steps are sublayers or blocks already. */
export function blockSteps(operators: FrozenOperators): StepOperators {
  return operators.model.config.residual === 'parallel' ? operators : new BlockOperators(operators);
}

/**
 * Whole blocks as steps: V̂ = (1 + V_mlp)(1 + V_attn) − 1, S = L. It borrows the frozen sublayers: release those last.
 *
 * @cost two frozen sublayers per product.
 * @source Dyson paper, eq. 2.
 */
export class BlockOperators implements StepOperators {
  /** The frozen sublayers that the blocks are made of; borrowed. */
  readonly sublayers: FrozenOperators;

  /** @throws DomainError where attention and MLP are parallel: there the steps are blocks already. */
  constructor(sublayers: FrozenOperators) {
    if (sublayers.model.config.residual === 'parallel') {
      throw new DomainError(
        `BlockOperators: attention and MLP must come one after the other, but in ${sublayers.model.label} they are parallel. Take the operators as they are: their steps are blocks.`,
      );
    }
    this.sublayers = sublayers;
  }

  get model(): Model {
    return this.sublayers.model;
  }

  get trace(): Trace {
    return this.sublayers.trace;
  }

  get T(): number {
    return this.sublayers.T;
  }

  get S(): number {
    return this.model.config.L;
  }

  /** `blocks.{i}`. */
  get names(): readonly string[] {
    return Array.from({ length: this.S }, (_, i) => `blocks.${i}`);
  }

  /** y = V_a x + V_m (x + V_a x). */
  apply(step: number, x: RealBlock, y: RealBlock, states: number): void {
    this.#twice(2 * step, 2 * step + 1, x, y, states, false);
  }

  /** y = V_mᵀ x + V_aᵀ (x + V_mᵀ x). */
  applyAdjoint(step: number, x: RealBlock, y: RealBlock, states: number): void {
    this.#twice(2 * step + 1, 2 * step, x, y, states, true);
  }

  applyToPredicting(step: number, x: RealBlock, y: RealBlock, states: number): void {
    const { D } = this.model.config;
    this.model.backend.memory.scope(() => {
      const all = realBlock(this, x.length);
      this.apply(step, x, all, states);
      gatherRow(all, y, states, this.T, D, this.trace.row);
    });
  }

  applyToEmbedding(step: number, y: RealBlock): void {
    this.model.backend.memory.scope(() => {
      this.apply(step, realBlockOf(this, activationOf(this.trace, 'embed').data), y, 1);
    });
  }

  /** y = B_a + V_m B_a + B_m. */
  bias(step: number, y: RealBlock): void {
    const { memory, kernels } = this.model.backend;
    memory.scope(() => {
      const [first, image] = [realBlock(this, y.length), realBlock(this, y.length)];
      this.sublayers.bias(2 * step, first);
      this.sublayers.apply(2 * step + 1, first, image, 1);
      this.sublayers.bias(2 * step + 1, y);
      kernels.add({ x: image, y, n: y.length });
      kernels.add({ x: first, y, n: y.length });
    });
  }

  gain(step: number): Float64Array {
    const { sublayers, model, T } = this;
    return gainOfBlock(model, T, sublayers.gain(2 * step), sublayers.gain(2 * step + 1));
  }

  /** y = F x + G (x + F x) with F, G the sublayers `first` and `second` or their transposes. */
  #twice(first: number, second: number, x: RealBlock, y: RealBlock, states: number, adjoint: boolean): void {
    const { memory, kernels } = this.model.backend;
    const act = (step: number, from: RealBlock, to: RealBlock) =>
      adjoint ? this.sublayers.applyAdjoint(step, from, to, states) : this.sublayers.apply(step, from, to, states);
    memory.scope(() => {
      const [image, state] = [realBlock(this, x.length), realBlock(this, x.length)];
      act(first, x, image);
      kernels.add({ x, y: state, n: x.length });
      kernels.add({ x: image, y: state, n: x.length });
      act(second, state, y);
      kernels.add({ x: image, y, n: x.length });
    });
  }
}
