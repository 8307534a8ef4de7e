import type { Block, RealBlock } from '../memory.ts';
import type { Activation } from './network.ts';
import type { PackedWeights } from './weights.ts';

/** Sizes of one attention sublayer over whole prompts: T tokens, H query heads of width K on G key/value heads. */
export interface HeadsShape {
  readonly T: number;
  readonly H: number;
  readonly G: number;
  readonly K: number;
  /** Whether token t sees the tokens j ≤ t alone, or all. */
  readonly causal: boolean;
}

/** What attention did on a trace: rotated queries T×H·K and keys, values (T×G·K), pattern H×T×T, the factor on its scores and their soft cap. */
export interface AttendedAt {
  readonly q: Block<'f64'>;
  readonly k: Block<'f64'>;
  readonly v: Block<'f64'>;
  readonly pattern: Block<'f64'>;
  readonly scale: number;
  /** c of c·tanh(s/c) on scaled scores s; 0 for none. */
  readonly cap: number;
}

/**
 * Transposes of the frozen sublayers, and derivatives of the real ones. Several states of one prompt may go through together, their
 * rows stacked. The frozen maps compute in the precision of their blocks, the derivatives in f64.
 */
export interface AdjointKernels {
  /**
   * y = x Wᵀ: x is rows×N, W packed K×N, y rows×K. Every element is one sum from left to right over N, in the
   * precision of the blocks. x and y must not overlap.
   */
  linearTransposed(call: {
    readonly x: RealBlock;
    readonly weights: PackedWeights;
    readonly y: RealBlock;
    readonly rows: number;
    readonly k: number;
    readonly n: number;
  }): void;
  /** Transpose of attendFrozen: v[s·T+j][g] = Σ_{h on g} Σ_t A[h][t][j] z[s·T+t][h], over t ≥ j if causal. */
  attendFrozenAdjoint(
    call: HeadsShape & {
      readonly pattern: RealBlock;
      readonly z: RealBlock;
      readonly v: RealBlock;
      readonly states: number;
    },
  ): void;
  /** Transpose of frozenNorm: with u = γ ⊙ x, y = (u − mean u)/σ (`centred`) or u/σ. x and y may coincide. */
  frozenNormAdjoint(call: {
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
   * Derivative of a norm at x (T×D, scale as the norm wrote it) along dx. With n = (x − mean)/σ (`centred`) or x/σ:
   * dy = γ ⊙ (dx − mean dx − n·mean(n ⊙ dx))/σ, the first mean for `centred` only; transposed, γ multiplies dx first.
   * Row r of dx belongs to row r mod T of x. dx and dy may coincide.
   */
  normTangent(call: {
    readonly x: Block<'f64'>;
    readonly gamma: Block<'f64'>;
    readonly scale: Block<'f64'>;
    readonly dx: Block<'f64'>;
    readonly dy: Block<'f64'>;
    readonly rows: number;
    readonly T: number;
    readonly D: number;
    readonly centred: boolean;
    readonly transposed: boolean;
  }): void;
  /** r[i] = dg/dz at z[i]. z and r may coincide. */
  activationSlope(call: {
    readonly z: Block<'f64'>;
    readonly r: Block<'f64'>;
    readonly n: number;
    readonly activation: Activation;
  }): void;
  /**
   * Derivative of attention: dS = scale(dq·k + q·dk), times 1 − tanh²(scale·q·k/cap) where there is a cap, dA = A ⊙ (dS − Σ_j A dS),
   * dz = dA v + A dv. `scratch` holds T elements.
   */
  attendTangent(
    call: AttendedAt &
      HeadsShape & {
        readonly dq: Block<'f64'>;
        readonly dk: Block<'f64'>;
        readonly dv: Block<'f64'>;
        readonly dz: Block<'f64'>;
        readonly scratch: Block<'f64'>;
        readonly states: number;
      },
  ): void;
  /** Transpose of attendTangent: from dz to dq, dk and dv, which are overwritten. `scratch` holds T elements. */
  attendCotangent(
    call: AttendedAt &
      HeadsShape & {
        readonly dz: Block<'f64'>;
        readonly dq: Block<'f64'>;
        readonly dk: Block<'f64'>;
        readonly dv: Block<'f64'>;
        readonly scratch: Block<'f64'>;
        readonly states: number;
      },
  ): void;
}
