import type { AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { Channel, checkChannel } from './channel.ts';
import { fromPaulis, qubitsOf, qubitsOfOrder, toPaulis } from './pauli-basis.ts';

/**
 * Process matrix χ of a map on n qubits: E(ρ) = Σ_jk χ_jk P_j ρ P_k with the 4ⁿ products P of 1, X, Y, Z, the first qubit the slowest. Tr χ = 1
 * for a map that keeps the trace, and χ ≥ 0 for a completely positive one; χ₀₀ is then the process fidelity with the identity. QuTiP's `to_chi`
 * gives 4ⁿχ with −Y in the place of Y, Qiskit's `Chi` 2ⁿχ.
 *
 * @throws ShapeError unless inputs and outputs are the same power of two.
 * @accuracy stable: 2n sums of two terms one after another; χ = B†JB/4ⁿ with vec P_j for the columns of B.
 * @cost n·16ⁿ
 * @source I. L. Chuang, M. A. Nielsen, J. Mod. Opt. 44 (1997) 2455.
 */
export function chiMatrix(channel: Channel): ComplexMatrix {
  checkChannel('chiMatrix', 'channel', channel);
  const n = qubitsOf('chiMatrix', channel.inputs, channel.outputs);
  return toPaulis(channel.choi, n, 4 ** -n);
}

/**
 * The map of a process matrix: the inverse of {@link chiMatrix}.
 *
 * @throws ShapeError unless χ is 4ⁿ×4ⁿ; NonFiniteError; CapacityError.
 * @accuracy, @cost, @source as chiMatrix.
 */
export function channelOfChi(chi: AnyMatrix): Channel {
  const n = qubitsOfOrder('channelOfChi', 'chi', chi);
  return new Channel(2 ** n, 2 ** n, fromPaulis(chi, n, 1));
}

/**
 * Pauli transfer matrix of a map on n qubits, R_jk = Tr[P_j E(P_k)]/2ⁿ, in the order of {@link chiMatrix}; it maps vectors of expectations
 * Tr P_k ρ. Real for a map that keeps operators Hermitian; its first row is (1, 0, …) where the trace is kept, its first column where
 * E(1) = 1. That of b ∘ a is the product. Qiskit's `PTM`.
 *
 * @throws ShapeError unless inputs and outputs are the same power of two.
 * @accuracy, @cost as {@link chiMatrix}; R = B†SB/2ⁿ.
 * @source J. M. Chow et al., Phys. Rev. Lett. 109 (2012) 060501.
 */
export function pauliTransferMatrix(channel: Channel): ComplexMatrix {
  checkChannel('pauliTransferMatrix', 'channel', channel);
  const n = qubitsOf('pauliTransferMatrix', channel.inputs, channel.outputs);
  return toPaulis(channel.superoperator(), n, 2 ** -n);
}

/**
 * The map of a Pauli transfer matrix: the inverse of {@link pauliTransferMatrix}.
 *
 * @throws ShapeError unless it is 4ⁿ×4ⁿ; NonFiniteError; CapacityError.
 * @accuracy, @cost, @source as pauliTransferMatrix.
 */
export function channelOfPauliTransfer(transfer: AnyMatrix): Channel {
  const n = qubitsOfOrder('channelOfPauliTransfer', 'transfer', transfer);
  return Channel.ofSuperoperator(2 ** n, 2 ** n, fromPaulis(transfer, n, 2 ** -n));
}
