import type { BackendKind } from '../backend/backend.ts';
import type { Precision } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import { activationOf, traceForward } from '../transformer/trace.ts';
import { FROZEN_ACTIVATIONS, FrozenOperators } from './frozen-operators.ts';
import { type ExpansionOptions, expandOrders, norm2 } from './order-expansion.ts';
import { FrozenUnembedding } from './order-logits.ts';
import { indexOfMax, partialSumPredictions } from './partial-sums.ts';
import { type FlowStep, renormalisationFlow } from './renormalisation.ts';

/** One order T_k of the frozen expansion. */
export interface OrderResult {
  readonly order: number;
  /** ‖T_k‖ over all tokens, and at the last token (Euclidean). */
  readonly normAll: number;
  readonly normLast: number;
  /** ‖T_{k+1}‖/‖T_k‖ over all tokens; null at the last order. */
  readonly ratioToNext: number | null;
  /** Logit of the model's top token from T_k alone; order 0 includes the norm's β and the unembedding's bias. */
  readonly topLogit: number;
  /** The partial sum S_k: relative error of the last token's state, KL(final ‖ S_k) in nats, rank of the top token. */
  readonly partialSum: { readonly relativeError: number; readonly klFinal: number; readonly rankOfTop: number };
}

/** One sublayer: all paths that end in it. */
export interface SublayerResult extends FlowStep {
  /** ‖V x + B‖ at the last token. */
  readonly outputNorm: number;
  /** Direct logit attribution: what its output adds to the top token's logit. */
  readonly topLogit: number;
  /** ‖paths ending here − the output the pass recorded‖/‖that output‖ over all tokens. */
  readonly residual: number;
}

/** The Dyson picture of one prompt. Every operator is frozen on this trace. */
export interface DysonResult {
  readonly at: 'frozen';
  readonly backend: BackendKind;
  readonly precision: Precision;
  readonly ids: readonly number[];
  /** The model's top next token and its logit. */
  readonly top: { readonly id: number; readonly token: string; readonly logit: number };
  readonly orders: readonly OrderResult[];
  /** ‖ΣT_k − x^(S)‖ relative to ‖x^(S)‖, and to Σ‖T_k‖. */
  readonly residual: { readonly relativeToState: number; readonly relativeToTerms: number };
  /** Σ‖T_k‖/‖x^(S)‖: how much the orders cancel. */
  readonly cancellation: number;
  /** ‖V^(l₂)(V^(l₁)x₀ + B^(l₁))‖ at the last token, [l₁][l₂]. */
  readonly secondOrder: readonly (readonly number[])[];
  readonly sublayers: readonly SublayerResult[];
  /** Logit of the top token from the embedding and the biases of the final norm; with the sublayers' it sums to the logit. */
  readonly embeddingTopLogit: number;
  /** |embedding + Σ sublayers − logit|. */
  readonly attributionResidual: number;
}

export interface RunDysonOptions extends ExpansionOptions {
  readonly precision?: Precision;
}

/**
 * All orders, the second-order map, path sums by last operator and the renormalisation flow of one prompt.
 *
 * @accuracy frozen: an identity on this trace (eq. 6 to rounding), not a prediction for another prompt.
 * @source Dyson paper, eqs. 2, 6, 7, §IV.1, §V.
 */
export function runDyson(
  model: Model,
  ids: readonly number[],
  { precision = 'f32', ...options }: RunDysonOptions = {},
): DysonResult {
  const trace = traceForward(model, ids, { precision, keep: FROZEN_ACTIVATIONS });
  const operators = new FrozenOperators(model, trace);
  try {
    const { terms, secondOrder, byLastOperator } = expandOrders(operators, options);
    const { D, L } = model.config;
    const last = (array: Float64Array) => array.subarray(array.length - D);
    const final = Float64Array.from(activationOf(trace, `blocks.${L - 1}.resid_post`).data);
    const norms = terms.map(norm2);
    const unembedding = new FrozenUnembedding(operators);
    const offset = unembedding.offset();
    const orderLogits = unembedding.linear(terms.map(last));
    const sublayerLogits = unembedding.linear(byLastOperator.map(last));
    const top = indexOfMax(trace.logits);
    const predictions = partialSumPredictions(model.backend, orderLogits, offset);
    const errors = partialSumErrors(terms.map(last), last(final));
    const sum = sumOfTerms(terms);
    const distance = norm2(sum.map((value, i) => value - final[i]!));
    const embeddingTopLogit = orderLogits[0]![top]! + offset[top]!;
    const attributed = sublayerLogits.reduce((total, logits) => total + logits[top]!, embeddingTopLogit);
    const total = norms.reduce((a, b) => a + b, 0);
    return {
      at: 'frozen',
      backend: model.backend.kind,
      precision,
      ids: [...ids],
      top: { id: top, token: model.tokenText(top), logit: trace.logits[top]! },
      orders: terms.map((term, order) => ({
        order,
        normAll: norms[order]!,
        normLast: norm2(last(term)),
        ratioToNext: order + 1 < norms.length ? norms[order + 1]! / norms[order]! : null,
        topLogit: orderLogits[order]![top]! + (order === 0 ? offset[top]! : 0),
        partialSum: { relativeError: errors[order]!, ...predictions[order]! },
      })),
      residual: { relativeToState: distance / norm2(final), relativeToTerms: distance / total },
      cancellation: total / norm2(final),
      secondOrder: secondOrder.map((row) => [...row]),
      sublayers: renormalisationFlow(trace, operators.names, byLastOperator).map((flow, l) => ({
        ...flow,
        outputNorm: norm2(last(byLastOperator[l]!)),
        topLogit: sublayerLogits[l]![top]!,
        residual: relativeDistance(byLastOperator[l]!, activationOf(trace, `${flow.name}.out`).data),
      })),
      embeddingTopLogit,
      attributionResidual: Math.abs(attributed - trace.logits[top]!),
    };
  } finally {
    operators.release();
  }
}

function sumOfTerms(terms: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(terms[0]!.length);
  for (const term of terms) for (let i = 0; i < sum.length; i++) sum[i]! += term[i]!;
  return sum;
}

function relativeDistance(a: Float64Array, b: ArrayLike<number>): number {
  return norm2(a.map((value, i) => value - b[i]!)) / norm2(b);
}

/** ‖Σ_{k≤K} t_k − x‖/‖x‖ for every K. */
function partialSumErrors(terms: readonly Float64Array[], x: Float64Array): number[] {
  const remainder = Float64Array.from(x);
  const scale = norm2(x);
  return terms.map((term) => {
    for (let i = 0; i < remainder.length; i++) remainder[i]! -= term[i]!;
    return norm2(remainder) / scale;
  });
}
