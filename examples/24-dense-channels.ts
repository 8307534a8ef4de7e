// A noisy entangling gate as a dense channel: how far it is from the gate, its Pauli forms, and what entanglement it leaves.
import { fock, linalg, openBackend } from '../src/index.ts';

const { Channel, FactoredState, MatrixState, StringBasis } = fock.quantum;
const { ComplexMatrix, identity, Matrix } = linalg;
const backend = await openBackend();

const cnot = Channel.ofKraus([
  Matrix.fromRows([
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 0, 1],
    [0, 0, 1, 0],
  ]),
]);
const damping = Channel.ofKraus([
  Matrix.fromRows([
    [1, 0],
    [0, Math.sqrt(0.9)],
  ]),
  Matrix.fromRows([
    [0, Math.sqrt(0.1)],
    [0, 0],
  ]),
]);
const noise = fock.quantum.tensorMaps(damping, Channel.ofKraus([identity(2)]));
const noisy = fock.quantum.composeMaps(backend, noise, cnot);

const { lower, upper } = fock.quantum.diamondNorm(backend, noisy, cnot);
console.log(`‖noisy − CNOT‖◇ in [${lower.toFixed(7)}, ${upper.toFixed(7)}]`);
console.log(`process fidelity ${fock.quantum.processFidelity(backend, noisy, cnot).toFixed(6)}`);
const transfer = fock.quantum.pauliTransferMatrix(noisy);
console.log(`XI becomes ${transfer.at(5, 4).re.toFixed(6)} XX; unital: ${fock.quantum.isUnital(noisy)}`);

const plus = FactoredState.of(StringBasis.sectors(2, 2, 2), ComplexMatrix.fromRows([[0.6], [0], [0.8], [0]]));
const image = noisy.apply(fock.quantum.toMatrixState(plus).matrix);
const state = MatrixState.of(plus.basis, image);
console.log(`concurrence ${fock.quantum.concurrence(backend, state).toFixed(6)}`);
console.log(`negativity ${fock.quantum.negativity(backend, state, [0]).toFixed(6)}`);
