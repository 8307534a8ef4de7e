import type { RealBlock } from '../backend/memory.ts';
import type { TransformerConfig } from '../transformer/config.ts';
import type { Model } from '../transformer/model.ts';
import type { Trace } from '../transformer/trace.ts';

/** Linear maps V^(s) of the residual stream, one for each step of a pass. States are T×D, row by row; several may be stacked. */
export interface LinearSteps {
  /** The model whose pass it is. */
  readonly model: Model;
  /** The pass that the maps were taken from. */
  readonly trace: Trace;
  /** Tokens of the prompt. */
  readonly T: number;
  /** Number of steps. */
  readonly S: number;
  /** Name of each step. */
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
  /** The predicting token's rows of V^(step) x: y is states×D, the same bits as {@link apply} gives. */
  applyToPredicting(step: number, x: RealBlock, y: RealBlock, states: number): void;
  /** y = V^(step) x₀, x₀ the embedding: the same bits as {@link apply} gives. */
  applyToEmbedding(step: number, y: RealBlock): void;
  /** y = B^(step), what biases and the norm's β add. */
  bias(step: number, y: RealBlock): void;
  /** T×T numbers c ≥ 0 with ‖(V^(step) x)_t‖₂ ≤ Σ_s c[t][s]·‖x_s‖₂ for every x. */
  gain(step: number): Float64Array;
}

/** Names of a model's steps: `blocks.{i}.attn` and `blocks.{i}.mlp`, 2L; `blocks.{i}` where the two are parallel, L. */
export function stepNames({ L, residual }: TransformerConfig): string[] {
  const blocks = Array.from({ length: L }, (_, i) => `blocks.${i}`);
  return residual === 'parallel' ? blocks : blocks.flatMap((name) => [`${name}.attn`, `${name}.mlp`]);
}

/** What belongs to each step, from what belongs to each block's attention and MLP. */
export function byStep<Part>(
  { residual }: TransformerConfig,
  blocks: readonly (readonly Part[])[],
): readonly (readonly Part[])[] {
  return residual === 'parallel' ? blocks : blocks.flat().map((part) => [part]);
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

/** Copies row `row` of every T rows of x to y. */
export function gatherRow(x: RealBlock, y: RealBlock, states: number, T: number, width: number, row: number): void {
  const [from, to] = [x.view(), y.view()];
  for (let s = 0; s < states; s++) {
    const start = (s * T + row) * width;
    to.set(from.subarray(start, start + width), s * width);
  }
}

/** The row of T×D numbers that belongs to the token that predicts. */
export function predictingPart<Numbers extends Float32Array | Float64Array>(
  { model, trace: { row } }: Pick<LinearSteps, 'model' | 'trace'>,
  numbers: Numbers,
): Numbers {
  const { D } = model.config;
  return numbers.subarray(row * D, (row + 1) * D) as Numbers;
}

/** The functional of T×D numbers that is ⟨w, x⟩ at the predicting token's row x. */
export function functionalAtPredicting(operators: LinearSteps, w: Float64Array): Float64Array {
  const functional = new Float64Array(operators.T * w.length);
  predictingPart(operators, functional).set(w);
  return functional;
}

/** y −= x */
export function subtract(x: RealBlock, y: RealBlock): void {
  const [from, to] = [x.view(), y.view()];
  for (let i = 0; i < to.length; i++) to[i]! -= from[i]!;
}
