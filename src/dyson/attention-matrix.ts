import { checkInteger } from '../core/checks.ts';
import { Matrix } from '../linalg/index.ts';
import type { Model } from '../transformer/model.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';

/** An attention pattern as an operator, and its eigenvalues. */
export interface AttentionMatrix {
  /** A^(h), N×N, with rows that sum to 1, lower triangular where attention is causal: row i holds the weights with which token i reads the others. */
  readonly matrix: Matrix;
  /**
   * P A P with the order of the tokens reversed: the same spectrum and the same norms. Causal attention becomes upper triangular and comes
   * through the eigenvalue solvers unchanged.
   */
  readonly reversed: Matrix;
  /** The diagonal, where attention is causal: no solver is needed. null where every token sees all, and `eig` of the matrix finds them. */
  readonly eigenvalues: Float64Array | null;
}

/**
 * The attention pattern of a head on a trace that kept `blocks.{layer}.attn.pattern`.
 *
 * @throws DomainError unless layer and head exist and the pattern was kept.
 * @accuracy that of the trace.
 * @cost one copy.
 * @example
 * const { eigenvalues } = attentionMatrix(model, traceForward(model, ids, { keep: ['blocks.2.attn.pattern'] }), 2, 3);
 */
export function attentionMatrix(model: Model, trace: Trace, layer: number, head: number): AttentionMatrix {
  const where = 'attentionMatrix';
  const { L, H, causal } = model.config;
  checkInteger(where, 'layer', layer, 0, L - 1);
  checkInteger(where, 'head', head, 0, H - 1);
  const { data } = activationOf(trace, `blocks.${layer}.attn.pattern`);
  const n = trace.ids.length;
  const matrix = new Matrix(n, n, Float64Array.from(data.subarray(head * n * n, (head + 1) * n * n)));
  const eigenvalues = causal ? Float64Array.from({ length: n }, (_, i) => matrix.data[i * n + i]!) : null;
  return { matrix, reversed: new Matrix(n, n, matrix.data.toReversed()), eigenvalues };
}
