import type { RealBlock } from '../backend/memory.ts';
import { activationOf } from '../transformer/trace.ts';
import { realBlock, rowsOf, type StepOperators } from './steps.ts';

/** The order terms of one trace and what falls out of the same recursion. T×D arrays are row-major. */
export interface OrderExpansion {
  /** T_0 … T_S, each T×D. */
  readonly terms: readonly Float64Array[];
  /** secondOrder[l₁][l₂] = ‖(V^(l₂) (V^(l₁) x₀ + B^(l₁)))‖₂ at the token that predicts, for l₁ < l₂, else 0. */
  readonly secondOrder: readonly Float64Array[];
  /** Paths grouped by their last operator: V^(l) x^(l−1) + B^(l), each T×D. */
  readonly byLastOperator: readonly Float64Array[];
}

/** Options of the expansion in orders. */
export interface ExpansionOptions {
  /** Steps done, and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * All orders of x^(S) = Π_s (1 + V^(s)) x^(0) in one pass over the steps:
 *
 *     E_k ← E_k + V^(l) E_{k−1} (k descending),   E_1 ← E_1 + B^(l),   E_0 = x^(0),   T_k = E_k after the last step,
 *
 * S(S+1)/2 applications for all orders, never the 2^S paths; for the second-order map S(S−1)/2 more to that token alone.
 *
 * @accuracy frozen: an identity on this trace; ΣT_k = x^(S) to rounding.
 * @source Dyson paper, eq. 7.
 */
export function expandOrders(operators: StepOperators, { onProgress }: ExpansionOptions = {}): OrderExpansion {
  const { S, T, trace, model } = operators;
  const { D } = model.config;
  const { memory, kernels } = model.backend;
  const size = T * D;
  const real = (length: number) => realBlock(operators, length);
  return memory.scope(() => {
    const orders = real((S + 1) * size);
    const firstOrders = real(S * size);
    const images = real(S * size);
    const lastRows = real(S * D);
    const bias = real(size);
    const order = (k: number) => rowsOf(orders, k * T, T, D);
    const image = (k: number) => rowsOf(images, k * T, T, D);
    order(0).view().set(activationOf(trace, 'embed').data);
    const secondOrder = Array.from({ length: S }, () => new Float64Array(S));
    const byLastOperator: Float64Array[] = [];
    for (let l = 0; l < S; l++) {
      operators.bias(l, bias);
      operators.applyToPredicting(l, firstOrders, lastRows, l);
      for (let earlier = 0; earlier < l; earlier++)
        secondOrder[earlier]![l] = norm2(rowsOf(lastRows, earlier, 1, D).view());
      // Orders 0 … l have something by now; order l + 1 begins here.
      operators.applyToEmbedding(l, image(0));
      if (l > 0) operators.apply(l, rowsOf(orders, T, l * T, D), rowsOf(images, T, l * T, D), l);
      const firstOrder = rowsOf(firstOrders, l * T, T, D);
      kernels.add({ x: image(0), y: firstOrder, n: size });
      kernels.add({ x: bias, y: firstOrder, n: size });
      for (let k = l + 1; k >= 1; k--) kernels.add({ x: image(k - 1), y: order(k), n: size });
      kernels.add({ x: bias, y: order(1), n: size });
      byLastOperator.push(sumOf([bias, ...Array.from({ length: l + 1 }, (_, k) => image(k))]));
      onProgress?.(l + 1, S);
    }
    const terms = Array.from({ length: S + 1 }, (_, k) => Float64Array.from(order(k).view()));
    return { terms, secondOrder, byLastOperator };
  });
}

/** Euclidean norm. */
export function norm2(values: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  return Math.sqrt(squares);
}

function sumOf(blocks: readonly RealBlock[]): Float64Array {
  const sum = new Float64Array(blocks[0]!.length);
  for (const block of blocks) {
    const view = block.view();
    for (let i = 0; i < sum.length; i++) sum[i]! += view[i]!;
  }
  return sum;
}
