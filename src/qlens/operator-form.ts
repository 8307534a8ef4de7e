import { Complex } from 'complex.js';
import { DomainError } from '../core/errors.ts';
import { buresAngle, cosMinusOne, type HalfAngle, sinOf } from './angle.ts';
import { QLENS_DEFAULTS } from './defaults.ts';

/** Which unitary takes ψ_in to ψ_out: the paper's reflection, or the rotation in the plane of the two states. */
export type OperatorKind = 'householder' | 'rotation';

/** Options of the operator of a step. */
export interface OperatorOptions {
  /** α in U = exp(iαH); in the quantum mechanics of the paper α = −t/ħ. Its modulus from 1e-100 to 1e100. Default 1. */
  readonly alpha?: number;
  /** ‖ψ_out − ψ_in‖ below which the operator is the identity and H = 0. Default 1e-12. */
  readonly identityTolerance?: number;
}

/** What two states say about the step between them. */
export interface Transition extends HalfAngle {
  /** ⟨ψ_in|ψ_out⟩ = Σ √(p q), the Bhattacharyya coefficient. */
  readonly overlap: number;
}

/** One eigenpair of H with a non-zero eigenvalue. Its eigenvector is h = Σ_a coordinates[a]·b_a, of unit norm. */
export interface Level {
  /** Eigenvalue λ of H. */
  readonly energy: number;
  /** e^{iαλ} − 1, the factor of Theorem 1, from closed forms: exactly −2 for householder, where αλ = π. */
  readonly updateFactor: Complex;
  /** Coordinates of h in the operator's orthonormal basis. */
  readonly coordinates: readonly Complex[];
}

/** A unitary without its basis vectors: everything about it that does not grow with V. */
export interface FactoredForm {
  /** How the unitary was chosen. */
  readonly kind: OperatorKind | 'procrustes';
  /** α in U = exp(iαH). */
  readonly alpha: number;
  /** Whether no state moves by more than the tolerance: U = 1, H = 0, rank 0, no levels. */
  readonly identity: boolean;
  /** Number of basis vectors r. */
  readonly rank: number;
  /** C (r×r, row-major) of U = 1 + Σ_ab C[a][b]·b_a b_bᵀ. */
  readonly coefficients: Float64Array;
  /** Eigenpairs of H with non-zero eigenvalue; H is zero on everything orthogonal to them. */
  readonly levels: readonly Level[];
}

/** The form of one step: rank 1 for householder, 2 for rotation, 0 for the identity. */
export interface OperatorForm extends Transition, FactoredForm {
  readonly kind: OperatorKind;
  /** Bures angle θ between ψ_in and ψ_out, in radians. */
  readonly angle: number;
}

/** Beyond 1e±100 squares of energies may overflow or vanish. */
const ALPHAS = { least: 1e-100, most: 1e100 };

/** @throws DomainError unless |alpha| is from 1e-100 to 1e100, and the tolerance non-negative. */
export function checkOperatorOptions(where: string, options: OperatorOptions): Required<OperatorOptions> {
  const { alpha = QLENS_DEFAULTS.alpha, identityTolerance = QLENS_DEFAULTS.identityTolerance } = options;
  if (!(Math.abs(alpha) >= ALPHAS.least && Math.abs(alpha) <= ALPHAS.most)) {
    throw new DomainError(`${where}: alpha must have a modulus from 1e-100 to 1e100, but it is ${String(alpha)}.`);
  }
  if (!(identityTolerance >= 0 && identityTolerance < Infinity)) {
    throw new DomainError(`${where}: identityTolerance must be at least 0, but it is ${String(identityTolerance)}.`);
  }
  return { alpha, identityTolerance };
}

/**
 * The operator of a step, in the orthonormal basis of the pair (v along ψ_out − ψ_in, m along ψ_in + ψ_out):
 *
 * - `householder`: U = 1 − 2vvᵀ, H = (π/α)vvᵀ;
 * - `rotation`: U = 1 + (cos θ − 1)(vvᵀ + mmᵀ) + sin θ (vmᵀ − mvᵀ), H = i(θ/α)(mvᵀ − vmᵀ). This is the specification's
 *   i(θ/α)(e1e2ᵀ − e2e1ᵀ) with e1 = ψ_in, e2 = (ψ_out − cos θ e1)/sin θ, since (m, v) is (e1, e2) turned by θ/2 in its own
 *   plane; the eigenvectors (m ∓ iv)/√2 of ±θ/α are (e1 ∓ ie2)/√2 up to phase. (m, v) stays accurate as θ → 0.
 *
 * @source QLens, section 5.1 and eqs. 8–10 (householder); rotation: own, by diagonalising a plane rotation.
 */
export function operatorForm(
  kind: OperatorKind,
  transition: Transition,
  { alpha, identityTolerance }: Required<OperatorOptions>,
): OperatorForm {
  const identity = transition.distance < identityTolerance || transition.distance === 0;
  const common = { kind, alpha, identity, ...transition, angle: buresAngle(transition) };
  if (identity) return { ...common, rank: 0, coefficients: new Float64Array(0), levels: [] };
  if (kind === 'householder') {
    const level: Level = {
      energy: Math.PI / alpha,
      updateFactor: new Complex(-2, 0),
      coordinates: [new Complex(1, 0)],
    };
    return { ...common, rank: 1, coefficients: Float64Array.of(-2), levels: [level] };
  }
  const c = cosMinusOne(transition);
  const s = sinOf(transition);
  const rotationLevel = (sign: 1 | -1): Level => ({
    energy: (sign * common.angle) / alpha,
    updateFactor: new Complex(c, sign * s),
    coordinates: [new Complex(0, -sign * Math.SQRT1_2), new Complex(Math.SQRT1_2, 0)],
  });
  return {
    ...common,
    rank: 2,
    coefficients: Float64Array.of(c, s, -s, c),
    levels: [rotationLevel(1), rotationLevel(-1)],
  };
}
