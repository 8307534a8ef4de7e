import type { Block } from '../memory.ts';

/** Places in the `sums` of {@link LumpingKernels.lumpedExpectations}; the S marginals follow. */
export const LUMPED_SUMS = { entropy: 0, divergence: 1, marginals: 2 } as const;

/**
 * The Markov chain of (token counts, last token) that an open system with position-free scores lumps to. S tokens can be
 * generated; d is a vector of S counts of sum m. After a step to sum m there are S·C(m+S−2, S−1) states (q, e), |e| = m−1, and every
 * one of them lies before exactly one d = e + e_q. Kernels take `count` of the vectors d at a time, from number `first`. Numbers
 * that products of probabilities build up are scaled: pairs (m, e) for m·2^(512e) (src/backend/ts/fock/scaled.ts).
 */
export interface LumpingKernels {
  /**
   * The next `count` vectors into `counts` (count×S), and into `sources` (count×S) the state before each by its last token q, −1
   * where d_q = 0. `cursor` holds the S−1 prefix sums of the first and moves on; `ranks` is (S−1)×width with C(s+j, j+1) at (j, s), 0
   * at s = 0, width > m. `stride` is the number of vectors e. No number may reach 2³¹.
   */
  lumpedCounts(call: {
    readonly cursor: Block<'i32'>;
    readonly ranks: Block<'i32'>;
    readonly width: number;
    readonly S: number;
    readonly m: number;
    readonly stride: number;
    readonly counts: Block<'i32'>;
    readonly sources: Block<'i32'>;
    readonly count: number;
  }): void;
  /**
   * p (count×S×S): the law after (d, q) in row (i, q), zeros where d_q = 0. Of K ≥ S tokens that can occur the first S are those
   * counted by d. `weights` is H×S×K×K, `order` H×S×K, `map` K^H, `base` K; `products` has room for K^(H−1), `masses` for 2K.
   */
  lumpedLaws(call: {
    readonly weights: Block<'f64'>;
    readonly order: Block<'i32'>;
    readonly map: Block<'i32'>;
    readonly base: Block<'f64'>;
    readonly counts: Block<'i32'>;
    readonly S: number;
    readonly K: number;
    readonly H: number;
    readonly products: Block<'f64'>;
    readonly masses: Block<'f64'>;
    readonly p: Block<'f64'>;
    readonly count: number;
  }): void;
  /**
   * to(y, d) = Σ_q from(q, d−e_q)·p(d, q, y)^a·q(d, q, y)^b, or p^a if logQ is null, state (y, d) being number y·stride + first + i;
   * `total` (one scaled number) receives their sum in addition. Logarithms are natural ones, −∞ for 0.
   */
  lumpedSpread(call: {
    readonly from: Block<'f64'>;
    readonly sources: Block<'i32'>;
    readonly p: Block<'f64'>;
    readonly logP: Block<'f64'>;
    readonly a: number;
    readonly logQ: Block<'f64'> | null;
    readonly b: number;
    readonly S: number;
    readonly to: Block<'f64'>;
    readonly stride: number;
    readonly first: number;
    readonly count: number;
    readonly total: Block<'f64'>;
  }): void;
  /**
   * The same for p itself (a = 1) with max_q for Σ_q. `back` (S×count) receives the q of each, the least of equal ones; `best` (one scaled
   * number) keeps the largest. S ≤ 256.
   */
  lumpedBest(call: {
    readonly from: Block<'f64'>;
    readonly sources: Block<'i32'>;
    readonly p: Block<'f64'>;
    readonly S: number;
    readonly to: Block<'f64'>;
    readonly back: Block<'u8'>;
    readonly stride: number;
    readonly first: number;
    readonly count: number;
    readonly best: Block<'f64'>;
  }): void;
  /** Adds Σ P·H(p), Σ P·D(p‖q) (0 if q is null) and the S numbers Σ P·p(y) to `sums`, P the scaled numbers in `from`. */
  lumpedExpectations(call: {
    readonly from: Block<'f64'>;
    readonly sources: Block<'i32'>;
    readonly p: Block<'f64'>;
    readonly logP: Block<'f64'>;
    readonly q: Block<'f64'> | null;
    readonly logQ: Block<'f64'> | null;
    readonly S: number;
    readonly count: number;
    readonly sums: Block<'f64'>;
  }): void;
}
