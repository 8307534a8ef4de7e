import type { Block, RealBlock } from '../memory.ts';
import type { PackedWeights } from './weights.ts';

/**
 * The function an MLP applies, as a secant gate: g(z) = z · r(z).
 * r = Φ(z) for `gelu`, ½(1+tanh(√(2/π)(z+0.044715z³))) for `gelu_tanh`, the same with 0.79788456 for √(2/π) for `gelu_bloom`,
 * logistic(z) for `silu`, [z>0] for `relu`.
 */
export type Activation = 'gelu' | 'gelu_tanh' | 'silu' | 'relu' | 'gelu_bloom';

/** Number an activation goes by across the WASM boundary. */
export const ACTIVATION_CODE: Readonly<Record<Activation, number>> = {
  gelu: 0,
  gelu_tanh: 1,
  silu: 2,
  relu: 3,
  gelu_bloom: 4,
};

/** Heads that a call computes: from the first to before the second. */
export type HeadRange = readonly [from: number, to: number];

/** Shape of one attention call: T rows of queries at positions `first` … `first+T−1` over a cache of keys and values. */
export interface AttentionShape {
  readonly T: number;
  /** Position of the first row: the number of tokens that are in the cache already. */
  readonly first: number;
  /** Query heads. */
  readonly H: number;
  /** Key/value heads; divides H, and head h reads key/value head floor(h·G/H). */
  readonly G: number;
  /** Head width. */
  readonly K: number;
  /** Positions the cache can hold; a multiple of 4. */
  readonly capacity: number;
  /** Factor on every score. */
  readonly scale: number;
  /** c of the soft cap c·tanh(s/c) on scaled scores s; 0 for none. */
  readonly cap: number;
  /** A row sees positions less than this away from its own: it and those just before it, and as many after it where it is not causal. From 1. */
  readonly window: number;
  /** false: a row sees positions after it too, up to first+T. */
  readonly causal: boolean;
  /** Which heads are computed; all of them, if nothing is said. */
  readonly heads?: HeadRange;
}

/**
 * The forward pass. All activations of a call share one precision (the kind of their blocks); matrices and biases are f32 in both, or widened to it,
 * and widened exactly when the activations are f64; γ and β of norms are f64. In f32 every product and sum of a matrix product is
 * rounded to f32; norms, softmax and activations compute in f64 and round once.
 *
 * Every element of a matrix product is one left-to-right sum over k, so its bits do not depend on how many rows come with it.
 */
export interface NetworkKernels {
  /** dst[i] = the IEEE binary16 number src[i]. */
  convertF16(call: { readonly src: Block<'u16'>; readonly dst: Block<'f32'>; readonly n: number }): void;
  /** dst[i] = the bfloat16 number src[i]. */
  convertBf16(call: { readonly src: Block<'u16'>; readonly dst: Block<'f32'>; readonly n: number }): void;
  /** Index of the first NaN or infinity among the first n elements, −1 if there is none. */
  firstNonFinite(call: { readonly src: Block<'f32'>; readonly n: number }): number;

  /**
   * Packs rows `firstRow` … of a matrix stored [in, out] (GPT-2's Conv1D): src is `rows` × `stride` row-major, and
   * columns `column` … `column+n−1` of it are the K×N matrix's. Both blocks are of one kind.
   */
  packInOut(call: {
    readonly src: Block<'f32'> | Block<'u16'>;
    readonly dst: Block<'f32'> | Block<'u16'>;
    readonly firstRow: number;
    readonly rows: number;
    readonly stride: number;
    readonly column: number;
    readonly k: number;
    readonly n: number;
  }): void;
  /** Packs columns `firstColumn` … of a matrix stored [out, in] (Linear, embeddings): src is `columns` × k row-major. Both blocks are of one kind. */
  packOutIn(call: {
    readonly src: Block<'f32'> | Block<'u16'>;
    readonly dst: Block<'f32'> | Block<'u16'>;
    readonly firstColumn: number;
    readonly columns: number;
    readonly k: number;
  }): void;
  /** The same for rows of k/32 blocks of Q8_0, 34 bytes each. */
  packQ8(call: {
    readonly src: Block<'u8'>;
    readonly dst: Block<'u8'>;
    readonly firstColumn: number;
    readonly columns: number;
    readonly k: number;
  }): void;

  /** x[t] = E[ids[t]] (+ P[first + t]), E packed as D×V, P row-major; `positions` may be null. Of any packed matrix it gathers columns. */
  embed(call: {
    readonly ids: Block<'i32'>;
    readonly table: PackedWeights;
    readonly positions: Block<'f32'> | null;
    readonly x: RealBlock;
    readonly first: number;
    readonly T: number;
    readonly D: number;
  }): void;

  /** y = (x − mean)/σ ⊙ γ + β with σ = √(var + eps), the biased variance; σ goes to `scale`. `beta` may be null. x and y may coincide. */
  layerNorm(call: {
    readonly x: RealBlock;
    readonly gamma: Block<'f64'>;
    readonly beta: Block<'f64'> | null;
    readonly y: RealBlock;
    readonly scale: Block<'f64'>;
    readonly rows: number;
    readonly D: number;
    readonly eps: number;
  }): void;
  /** y = x/ρ ⊙ γ with ρ = √(mean(x²) + eps); ρ goes to `scale`. x and y may coincide. */
  rmsNorm(call: {
    readonly x: RealBlock;
    readonly gamma: Block<'f64'>;
    readonly y: RealBlock;
    readonly scale: Block<'f64'>;
    readonly rows: number;
    readonly D: number;
    readonly eps: number;
  }): void;
  /**
   * The norm with its scale frozen, a linear map: y = γ ⊙ (x − mean)/σ (`centred`) or γ ⊙ x/σ. Row r uses scale[r mod T], so
   * that several states of one prompt go through together. x and y may coincide.
   */
  frozenNorm(call: {
    readonly x: RealBlock;
    readonly gamma: Block<'f64'>;
    readonly scale: Block<'f64'>;
    readonly y: RealBlock;
    readonly rows: number;
    readonly T: number;
    readonly D: number;
    readonly centred: boolean;
  }): void;

  /**
   * y = x W + b: x is rows×K, W packed K×N, y rows×N, each of its rows `stride` elements (N, if nothing is said) behind the one before; `bias` may be null; x and y must not overlap.
   */
  linear(call: {
    readonly x: RealBlock;
    readonly weights: PackedWeights;
    readonly bias: Block<'f32'> | null;
    readonly y: RealBlock;
    readonly rows: number;
    readonly k: number;
    readonly n: number;
    readonly stride?: number;
  }): void;

  /** cos and sin of (first + t)·frequency[c] for t < T, c < half: tables of T×half. */
  ropeTable(call: {
    readonly frequency: Block<'f64'>;
    readonly cosTable: Block<'f64'>;
    readonly sinTable: Block<'f64'>;
    readonly first: number;
    readonly T: number;
    readonly half: number;
  }): void;
  /** Rotates pairs (c, c + R/2), c < R/2, of every head's K coordinates in place by the angles of the tables, T×R/2. */
  ropeRotate(call: {
    readonly x: RealBlock;
    readonly cosTable: Block<'f64'>;
    readonly sinTable: Block<'f64'>;
    readonly rows: number;
    readonly heads: number;
    readonly K: number;
    readonly R: number;
  }): void;

  /** Writes T rows of keys (T×G·K) into the cache keysT[g][c][position] at positions `first` …. */
  storeKeys(call: {
    readonly keys: RealBlock;
    readonly keysT: RealBlock;
    readonly T: number;
    readonly first: number;
    readonly G: number;
    readonly K: number;
    readonly capacity: number;
  }): void;
  /**
   * Attention. A[h][t][j] = softmax_j(cap(scale·⟨q_t, k_j⟩) + slopes[h]·(j − first − t)) over |j − first − t| < window, j ≤ first+t if causal, else
   * j < first+T; z[t] = Σ_j A[h][t][j] v_j per head. q and z are T×H·K, keysT as {@link storeKeys} writes it, values capacity×G·K. `slopes`
   * (H numbers, or null) are those of ALiBi. `pattern` (or null) receives H×T×(first+T), zero where a row does not see. `scratch` holds 2·capacity elements.
   */
  attend(
    call: AttentionShape & {
      readonly q: RealBlock;
      readonly keysT: RealBlock;
      readonly values: RealBlock;
      readonly z: RealBlock;
      readonly pattern: RealBlock | null;
      readonly scratch: Block<'f64'>;
      readonly slopes: Block<'f64'> | null;
    },
  ): void;
  /**
   * Attention with its pattern frozen, a linear map: z[s·T+t] = Σ_j A[h][t][j] v[s·T+j] for s < states, over j ≤ t if causal. Values are
   * (states·T)×G·K, z is (states·T)×H·K, pattern H×T×T. `heads`: which are computed, all of them if nothing is said.
   */
  attendFrozen(call: {
    readonly pattern: RealBlock;
    readonly values: RealBlock;
    readonly z: RealBlock;
    readonly states: number;
    readonly T: number;
    readonly H: number;
    readonly G: number;
    readonly K: number;
    readonly causal: boolean;
    readonly heads?: HeadRange;
  }): void;

  /** r[i] = the secant gate of z[i]; z and r may coincide. */
  gate(call: {
    readonly z: RealBlock;
    readonly r: RealBlock;
    readonly n: number;
    readonly activation: Activation;
  }): void;
  /** y[i] = x[i]·r[i mod period]; x and y may coincide. */
  multiply(call: {
    readonly x: RealBlock;
    readonly r: RealBlock;
    readonly y: RealBlock;
    readonly n: number;
    readonly period: number;
  }): void;
  /** y[i] += x[i]. */
  add(call: { readonly x: RealBlock; readonly y: RealBlock; readonly n: number }): void;

  /** y[i] = cap·tanh(x[i]/cap), in f64 and rounded once; x and y may coincide. */
  softCap(call: { readonly x: RealBlock; readonly y: RealBlock; readonly n: number; readonly cap: number }): void;

  /** logP = log softmax(logits) in nats, accumulated in f64. */
  logSoftmax(call: { readonly logits: RealBlock; readonly logP: Block<'f64'>; readonly n: number }): void;
}
