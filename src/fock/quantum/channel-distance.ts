import type { Backend } from '../../backend/backend.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { compensatedSum } from '../../core/sums.ts';
import { checkHermitian } from '../../linalg/matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';
import { singularValues } from '../../linalg/svd/svd.ts';
import { checkMatrix, checkOperators, checkSize } from './arguments.ts';
import { type Channel, checkAlike, checkChannel, krausOperators } from './channel.ts';
import { complexIdentity, diagonalOf, largestDifference, sideBySide, toComplex } from './complex.ts';

/** What the trace of an input may differ from 1 by. */
const TRACE_TOLERANCE = 1e-10;

/**
 * Process (entanglement) fidelity of two channels: the fidelity of their Choi states, F(J_A/d, J_B/d). For an isometry B = V·V† it is
 * ⟨V|J_A|V⟩/d², the entanglement fidelity with V.
 *
 * @throws ShapeError unless the dimensions agree; DomainError unless both are completely positive.
 * @accuracy as rootFidelity of factored states.
 * @source B. Schumacher, Phys. Rev. A 54 (1996) 2614; M. Raginsky, Phys. Lett. A 290 (2001) 11.
 */
export function processFidelity(backend: Backend, a: Channel, b: Channel): number {
  checkAlike('processFidelity', a, b);
  const [x, y] = [choiFactor(backend, a), choiFactor(backend, b)];
  const root =
    compensatedSum(singularValues(backend, multiply(backend, x, y, { opA: 'conjugate-transpose' }))) / a.inputs;
  return Math.min(1, root * root);
}

/**
 * Entanglement fidelity of a channel with an isometry V at the input ρ, F_e = Σ_e |Tr[V†K_e ρ]|²: how well it does what V does, on ρ and on
 * what ρ is entangled with. At ρ = 1/d it is the process fidelity.
 *
 * @param kraus Kraus operators of the channel, of V's shape.
 * @param rho d×d, of trace 1.
 * @throws ShapeError unless there are operators and the shapes fit; DomainError unless ρ is Hermitian and Tr ρ = 1, both to 1e-10;
 * NonFiniteError.
 * @source B. Schumacher, Phys. Rev. A 54 (1996) 2614.
 */
export function entanglementFidelity(
  backend: Backend,
  kraus: readonly ComplexMatrix[],
  isometry: ComplexMatrix,
  rho: ComplexMatrix,
): number {
  const where = 'entanglementFidelity';
  checkMatrix(where, 'isometry', isometry);
  const { rows, columns } = isometry;
  checkOperators(where, kraus);
  checkSize(where, 'isometry', isometry, rows, columns);
  for (const [e, operator] of kraus.entries()) checkSize(where, `operator ${e}`, operator, rows, columns);
  checkSize(where, 'rho', rho, columns, columns);
  checkHermitian(where, rho, 'Give a density matrix.');
  const trace = compensatedSum(diagonalOf(rho));
  if (!(Math.abs(trace - 1) <= TRACE_TOLERANCE))
    throw new DomainError(`${where}: rho must have trace 1 to ${TRACE_TOLERANCE}, but it is ${trace}. Divide by it.`);
  const image = multiply(backend, isometry, rho);
  return compensatedSum(
    kraus.map((operator) => {
      // Tr[V†Kρ] = Tr[(Vρ)†K]
      const overlaps = multiply(backend, image, operator, { opA: 'conjugate-transpose' });
      let [re, im] = [0, 0];
      for (let i = 0; i < overlaps.rows; i++) {
        re += overlaps.data[2 * (i * overlaps.columns + i)]!;
        im += overlaps.data[2 * (i * overlaps.columns + i) + 1]!;
      }
      return re * re + im * im;
    }),
  );
}

/** Columns vec K_e with J = X X†. */
function choiFactor(backend: Backend, channel: Channel): ComplexMatrix {
  const order = channel.inputs * channel.outputs;
  return sideBySide(
    order,
    krausOperators(backend, channel).map(({ data }) => new ComplexMatrix(order, 1, data)),
  );
}

/**
 * Average fidelity of a map with a unitary U over pure inputs by Haar's measure, F̄ = ∫⟨ψ|U†E(|ψ⟩⟨ψ|)U|ψ⟩ dψ = (Σ_ij⟨i|U†E(|i⟩⟨j|)U|j⟩ + Tr E(1))/(d(d + 1)):
 * (d·F_pro + 1)/(d + 1) for a map that keeps the trace, and right for any other. (QuTiP's and Qiskit's `average_gate_fidelity`.)
 *
 * @param unitary d×d; default 1.
 * @throws ShapeError unless inputs, outputs and U agree; DomainError unless ‖U†U − 1‖ ≤ 1e-10 element by element, or for a map whose average is not
 * real to 1e-10; NonFiniteError.
 * @accuracy stable: a sum of d⁴ products.
 * @source M. A. Nielsen, Phys. Lett. A 303 (2002) 249.
 */
export function averageGateFidelity(backend: Backend, channel: Channel, unitary?: AnyMatrix): number {
  const where = 'averageGateFidelity';
  checkChannel(where, 'channel', channel);
  const { inputs: d, outputs, choi } = channel;
  if (d !== outputs) throw new ShapeError(`${where}: inputs and outputs must agree, but they are ${d} and ${outputs}.`);
  const u = unitary === undefined ? complexIdentity(d) : unitaryOf(where, backend, unitary, d);
  // ⟨vec U|J|vec U⟩
  const column = new ComplexMatrix(d * d, 1, u.data);
  const overlap = multiply(backend, column, multiply(backend, choi, column), { opA: 'conjugate-transpose' });
  const image = channel.apply(complexIdentity(d));
  const imaginary =
    overlap.data[1]! + compensatedSum(Array.from({ length: d }, (_, i) => image.data[2 * i * (d + 1) + 1]!));
  if (!(Math.abs(imaginary) <= TRACE_TOLERANCE * d * (d + 1)))
    throw new DomainError(
      `${where}: the average must be real, but its imaginary part is ${imaginary / (d * (d + 1))}.`,
    );
  return (overlap.data[0]! + compensatedSum(diagonalOf(image))) / (d * (d + 1));
}

function unitaryOf(where: string, backend: Backend, unitary: AnyMatrix, d: number): ComplexMatrix {
  checkSize(where, 'unitary', unitary, d, d);
  const u = toComplex(unitary);
  const defect = largestDifference(multiply(backend, u, u, { opA: 'conjugate-transpose' }), complexIdentity(d));
  if (defect <= TRACE_TOLERANCE) return u;
  throw new DomainError(`${where}: unitary must have U†U = 1 to ${TRACE_TOLERANCE}, but it is off by ${defect}.`);
}
