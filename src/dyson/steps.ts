import type { RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import type { Trace } from '../transformer/trace.ts';

/** Linear maps V^(s) of the residual stream, one for each step of a pass. States are T×D, row by row; several may be stacked. */
export interface LinearSteps {
  readonly model: Model;
  readonly trace: Trace;
  /** Tokens of the prompt. */
  readonly T: number;
  /** Number of steps. */
  readonly S: number;
  readonly names: readonly string[];
  /** y = V^(step) x for `states` stacked states. x and y must not overlap. */
  apply(step: number, x: RealBlock, y: RealBlock, states: number): void;
  /** y = V^(step)ᵀ x. x and y must not overlap. */
  applyAdjoint(step: number, x: RealBlock, y: RealBlock, states: number): void;
}

/**
 * A forward pass cut into steps x ↦ x + V^(s) x + B^(s), frozen on one trace, in its precision.
 */
export interface StepOperators extends LinearSteps {
  /** The last token's rows of V^(step) x: y is states×D, the same bits as {@link apply} gives. */
  applyToLast(step: number, x: RealBlock, y: RealBlock, states: number): void;
  /** y = B^(step), what biases and the norm's β add. */
  bias(step: number, y: RealBlock): void;
  /** T×T numbers c ≥ 0 with ‖(V^(step) x)_t‖₂ ≤ Σ_s c[t][s]·‖x_s‖₂ for every x. */
  gain(step: number): Float64Array;
}

/** A block in the precision of the operators' trace. */
export function realBlock({ model, trace }: LinearSteps, length: number): RealBlock {
  return model.backend.memory.allocate(trace.precision, length) as RealBlock;
}

/** A block holding `data`. */
export function realBlockOf(operators: LinearSteps, data: ArrayLike<number>): RealBlock {
  const block = realBlock(operators, data.length);
  block.view().set(data);
  return block;
}

/** Rows `first` … of a row-major block. */
export function rowsOf(block: RealBlock, first: number, rows: number, width: number): RealBlock {
  return block.part(first * width, rows * width) as RealBlock;
}

/** Copies the last of every T rows of x to y. */
export function gatherLast(x: RealBlock, y: RealBlock, states: number, T: number, width: number): void {
  const [from, to] = [x.view(), y.view()];
  for (let s = 0; s < states; s++) {
    const end = (s + 1) * T * width;
    to.set(from.subarray(end - width, end), s * width);
  }
}
