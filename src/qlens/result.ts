import type { BackendKind } from '../backend/backend.ts';
import type { DepthGeometry } from './depth.ts';
import type { Energy, Uncertainty } from './energy.ts';
import type { OperatorKind } from './operator-form.ts';
import type { SamplingMoments } from './sampling.ts';

/** An output unit (0-based: a token id) and its probability. */
export interface UnitProbability {
  /** Number of the unit, from 0. */
  readonly id: number;
  /** Its probability. */
  readonly probability: number;
}

/** An output unit (0-based: a token id) and the signed change of its amplitude ψ_out − ψ_in. */
export interface UnitChange {
  /** Number of the unit, from 0. */
  readonly id: number;
  /** ψ_out − ψ_in, its component. */
  readonly change: number;
}

/** The law at one stage, and how far the final law is from it. */
export interface StageRow {
  /** The caller's name of the stage. */
  readonly name: string;
  /** Entropy −Σ p log p in nats. */
  readonly entropy: number;
  /** KL(final‖stage) in nats; 0 at the last stage, ∞ (null in JSON) where a given law is 0 and the final one is not. */
  readonly klFinal: number;
  /** Jensen–Shannon divergence from the final law in nats, at most ln 2. */
  readonly jensenShannon: number;
  /** Total variation distance ½Σ|p − p_final|, at most 1. */
  readonly totalVariation: number;
  /** Largest probability. */
  readonly maxProbability: number;
  /** The most probable units, most probable first; ties by id. */
  readonly top: readonly UnitProbability[];
  /** Rank, from 1, of the final stage's most probable unit. */
  readonly finalTopRank: number;
  /** Mean and variance of the sampling operator S = diag(ids). */
  readonly sampling: SamplingMoments;
}

/** How exactly the operator does what it must; all are norms that exact arithmetic would make 0. */
export interface Residuals {
  /** ‖Uψ_in − ψ_out‖; for the identity ‖ψ_in − ψ_out‖. */
  readonly mapping: number;
  /** Largest ‖U†Ux − x‖/‖x‖ over the probes ψ_in, ψ_out − ψ_in and a fixed vector with no structure. */
  readonly unitarity: number;
  /** Theorem 1: ‖Σ_k (e^{iαλ_k} − 1)⟨h_k|ψ_in⟩h_k − (ψ_out − ψ_in)‖. */
  readonly theorem1: number;
}

/** One step between neighbouring stages and its operator. */
export interface TransitionRow {
  /** Name of the stage before. */
  readonly from: string;
  /** Name of the stage after. */
  readonly to: string;
  /** ⟨ψ_in|ψ_out⟩, the Bhattacharyya coefficient. */
  readonly overlap: number;
  /** ‖ψ_out − ψ_in‖. */
  readonly distance: number;
  /** Bures angle arccos⟨ψ_in|ψ_out⟩ in radians. */
  readonly buresAngle: number;
  /** The operator that was taken. */
  readonly operator: OperatorKind;
  /** Whether the states coincide within the tolerance: then U = 1 and H = 0. */
  readonly identity: boolean;
  /** The non-zero eigenvalues of H; all others are 0. Empty for the identity. */
  readonly eigenvalues: readonly number[];
  /** ⟨H⟩ and ΔH at ψ_in. */
  readonly energy: Energy;
  /** Robertson–Schrödinger relation of S and H at ψ_in. */
  readonly uncertainty: Uncertainty;
  /** How far rounding leaves the operator from what it must satisfy. */
  readonly residuals: Residuals;
  /** The components of ψ_out − ψ_in largest in modulus, largest first, with sign; ties by id. */
  readonly top: readonly UnitChange[];
}

/** What {@link analyseStages} returns: plain data. Every number is finite, so JSON carries it unchanged, except `klFinal` between given laws. */
export interface QLensResult {
  /** The implementation that computed it. */
  readonly backend: BackendKind;
  /** Number of output units. */
  readonly V: number;
  /** The operator that was taken for every step. */
  readonly operator: OperatorKind;
  /** α in U = exp(iαH). */
  readonly alpha: number;
  /** ‖ψ_out − ψ_in‖ below which a step is the identity. */
  readonly identityTolerance: number;
  /** One row per stage, in the caller's order. */
  readonly stages: readonly StageRow[];
  /** One row per step, so one fewer. */
  readonly transitions: readonly TransitionRow[];
  /** Path length, geodesic and efficiency over all stages. */
  readonly summary: DepthGeometry;
}
