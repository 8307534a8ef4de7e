import type { Backend } from '../backend/backend.ts';
import { checkFinite, checkLength } from '../core/checks.ts';
import { applyLowRank, measureTransition, spectralCoefficients, transposed } from './low-rank.ts';
import {
  checkOperatorOptions,
  type FactoredForm,
  type OperatorForm,
  type OperatorKind,
  type OperatorOptions,
  operatorForm,
} from './operator-form.ts';
import { checkState } from './state.ts';

/** A unitary and its Hamiltonian in factored form: r vectors instead of V×V numbers. A plain value: it holds no backend memory. */
export interface FactoredUnitary extends FactoredForm {
  /** Number of output units. */
  readonly V: number;
  /** Orthonormal basis vectors b_a as rows, rank×V. */
  readonly basis: Float64Array;
}

/** The unitary of one step; its basis is v for householder, v and m for rotation. */
export interface StateOperator extends OperatorForm, FactoredUnitary {
  readonly kind: OperatorKind;
}

/**
 * U = 1 − 2vvᵀ with v = (ψ_out − ψ_in)/‖ψ_out − ψ_in‖, and H = (π/α)vvᵀ with U = exp(iαH): spectrum {π/α, 0, …} always.
 *
 * @param psiIn V components of a state.
 * @param psiOut V components of a state.
 * @throws ShapeError, NonFiniteError, DomainError if either is no state, the lengths differ or an option is out of range.
 * @accuracy ‖Uψ_in − ψ_out‖ and ‖U†U − 1‖ of order 1e-15, 5e-14 at V = 50,257, at any distance above the identity
 * tolerance; v is kept orthogonal to ψ_in + ψ_out, where rounding of the norms would tilt it (see the kernel `transition`).
 * @cost O(V) time and memory.
 * @source QLens, section 5.1 (Householder transformations) and eqs. 8–9.
 */
export function householder(
  backend: Backend,
  psiIn: Float64Array,
  psiOut: Float64Array,
  options: OperatorOptions = {},
): StateOperator {
  return operatorBetween(backend, 'householder', psiIn, psiOut, options);
}

/**
 * Rotation by the Bures angle θ in the plane of ψ_in and ψ_out, identity elsewhere; H = i(θ/α)(e1e2ᵀ − e2e1ᵀ), e1 = ψ_in,
 * e2 ⟂ e1 towards ψ_out, eigenvalues ±θ/α: an energy that depends on the layer.
 *
 * Parameters, errors, accuracy and cost as for {@link householder}.
 * @source own: the unitary closest to 1 that takes ψ_in to ψ_out.
 */
export function rotation(
  backend: Backend,
  psiIn: Float64Array,
  psiOut: Float64Array,
  options: OperatorOptions = {},
): StateOperator {
  return operatorBetween(backend, 'rotation', psiIn, psiOut, options);
}

function operatorBetween(
  backend: Backend,
  kind: OperatorKind,
  psiIn: Float64Array,
  psiOut: Float64Array,
  options: OperatorOptions,
): StateOperator {
  const checked = checkOperatorOptions(kind, options);
  checkState(kind, 'psiIn', psiIn);
  checkLength(kind, 'psiOut', psiOut, psiIn.length);
  checkState(kind, 'psiOut', psiOut);
  const V = psiIn.length;
  const { memory } = backend;
  return memory.scope(() => {
    const a = memory.allocate('f64', V);
    const b = memory.allocate('f64', V);
    const basis = memory.allocate('f64', 2 * V);
    a.view().set(psiIn);
    b.view().set(psiOut);
    const form = operatorForm(kind, measureTransition(backend, a, b, basis), checked);
    return { ...form, V, basis: basis.view().slice(0, form.rank * V) };
  });
}

/**
 * U x, or U†x = Uᵀx with `adjoint`.
 *
 * @param x V real components; need not be a state.
 * @returns V components.
 * @throws ShapeError, NonFiniteError.
 * @cost O(rank·V)
 */
export function applyUnitary(
  backend: Backend,
  operator: FactoredUnitary,
  x: Float64Array,
  { adjoint = false } = {},
): Float64Array {
  const C = adjoint ? transposed(operator.coefficients, operator.rank) : operator.coefficients;
  return apply('applyUnitary', backend, operator, C, 1, x);
}

/**
 * Theorem 1: Δψ = Σ_k (e^{iαλ_k} − 1)⟨h_k|ψ⟩h_k over the eigenpairs of H. At ψ_in it is ψ_out − ψ_in.
 *
 * For householder αλ = π and the factor is exactly −2; for rotation e^{±iθ} − 1 = −2 sin²(θ/2) ± i sin θ comes from the
 * distances, so neither rounds through cos π or cos θ − 1. The two eigenvectors of a rotation are conjugates, so the sum
 * is real.
 *
 * @param psi V real components.
 * @returns V components.
 * @throws ShapeError, NonFiniteError.
 * @source QLens, Theorem 1 and appendix A.1.
 */
export function spectralUpdate(backend: Backend, operator: FactoredUnitary, psi: Float64Array): Float64Array {
  const { re } = spectralCoefficients(operator.levels, operator.rank, (level) => level.updateFactor);
  return apply('spectralUpdate', backend, operator, re, 0, psi);
}

/**
 * H x.
 *
 * @param x V real components.
 * @returns V complex components, interleaved (re, im): 2V numbers.
 * @throws ShapeError, NonFiniteError.
 */
export function applyHamiltonian(backend: Backend, operator: FactoredUnitary, x: Float64Array): Float64Array {
  const { re, im } = spectralCoefficients(operator.levels, operator.rank, (level) => level.energy);
  const real = apply('applyHamiltonian', backend, operator, re, 0, x);
  const imaginary = apply('applyHamiltonian', backend, operator, im, 0, x);
  const y = new Float64Array(2 * operator.V);
  for (let i = 0; i < operator.V; i++) {
    y[2 * i] = real[i]!;
    y[2 * i + 1] = imaginary[i]!;
  }
  return y;
}

function apply(
  where: string,
  backend: Backend,
  { V, basis }: FactoredUnitary,
  coefficients: Float64Array,
  identity: number,
  x: Float64Array,
): Float64Array {
  checkLength(where, 'x', x, V);
  checkFinite(where, 'x', x);
  const { memory } = backend;
  return memory.scope(() => {
    const rows = memory.allocate('f64', basis.length);
    const vector = memory.allocate('f64', V);
    rows.view().set(basis);
    vector.view().set(x);
    applyLowRank(backend, rows, coefficients, identity, vector, vector);
    return vector.view().slice();
  });
}
