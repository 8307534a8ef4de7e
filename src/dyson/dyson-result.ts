import type { BackendKind } from '../backend/backend.ts';
import type { Precision } from '../backend/memory.ts';
import type { FrozenCap } from './order-logits.ts';
import type { TopPaths } from './path-search.ts';
import type { FlowStep } from './renormalisation.ts';

/** One order T_k of the frozen expansion. */
export interface OrderResult {
  /** k, from 0 to S. */
  readonly order: number;
  /** ‖T_k‖ over all tokens, and at the token that predicts (Euclidean). */
  readonly normAll: number;
  /** ‖T_k‖₂ at the token that predicts. */
  readonly normLast: number;
  /** ‖T_{k+1}‖/‖T_k‖ over all tokens; null at the last order. */
  readonly ratioToNext: number | null;
  /** Logit of the model's top token (or class) from T_k alone; order 0 includes the norm's β and the unembedding's bias. */
  readonly topLogit: number;
  /** The partial sum S_k: relative error of the predicting token's state, KL(final ‖ S_k) in nats, rank of the top token. */
  readonly partialSum: { readonly relativeError: number; readonly klFinal: number; readonly rankOfTop: number };
}

/** One step: all paths that end in it, and all that begin in it. */
export interface SublayerResult extends FlowStep {
  /** ‖V x + B‖ at the token that predicts. */
  readonly outputNorm: number;
  /** Direct logit attribution: what its output adds to the top token's logit. */
  readonly topLogit: number;
  /** All paths that begin in it: what it reads from the embedding, with all that later steps make of it. */
  readonly firstTopLogit: number;
  /** ‖paths ending here − what the pass recorded the step to add‖/‖that‖ over all tokens. */
  readonly residual: number;
}

/** The Dyson picture of one prompt. Every operator is frozen on this trace. */
export interface DysonResult {
  /** Operators are frozen on this prompt's trace. */
  readonly at: 'frozen';
  /** What a step is: a sublayer, or a whole block, as always where attention and MLP are parallel. */
  readonly steps: 'sublayer' | 'block';
  /** Which implementation ran. */
  readonly backend: BackendKind;
  /** Of the pass and of the operators. */
  readonly precision: Precision;
  /** Token ids of the prompt. */
  readonly ids: readonly number[];
  /** Row of the token that predicts, whose state the logits are read from: the last, or the first of a classifier. */
  readonly row: number;
  /** The model's top next token, or class, and its logit. */
  readonly top: { readonly id: number; readonly token: string; readonly logit: number };
  /**
   * What the soft cap on the logits did to that of the top token; absent in a model without one. The cap is frozen as a factor: every number
   * here that is a part of the logit is a part of the capped one, and divided by the factor that of the uncapped one.
   */
  readonly logitCap?: FrozenCap;
  /** T_0 … T_S. */
  readonly orders: readonly OrderResult[];
  /** ‖ΣT_k − x^(S)‖ relative to ‖x^(S)‖, and to Σ‖T_k‖. */
  readonly residual: { readonly relativeToState: number; readonly relativeToTerms: number };
  /** Σ‖T_k‖/‖x^(S)‖: how much the orders cancel. */
  readonly cancellation: number;
  /** ‖V^(l₂)(V^(l₁)x₀ + B^(l₁))‖ at the token that predicts, [l₁][l₂]. */
  readonly secondOrder: readonly (readonly number[])[];
  /** The steps, in the order of the pass. */
  readonly sublayers: readonly SublayerResult[];
  /** Logit of the top token from the embedding and the biases of the final norm; with the sublayers' it sums to the logit. */
  readonly embeddingTopLogit: number;
  /** |embedding + Σ sublayers − logit|, grouped by the last operator and by the first. */
  readonly attributionResidual: number;
  /** |embedding + Σ sublayers − logit|, grouped by the first operator. */
  readonly firstAttributionResidual: number;
  /** The largest paths, if they were asked for. */
  readonly paths: TopPaths | null;
}
