import { expect, it } from 'vitest';
import { quantum } from '../../src/fock/index.ts';
import { ComplexMatrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError } from '../support/numbers.ts';
import golden from './channels.json' with { type: 'json' };

const { Channel, FactoredState, MatrixState, StringBasis } = quantum;

function square(numbers: readonly number[]): ComplexMatrix {
  const order = Math.sqrt(numbers.length / 2);
  return new ComplexMatrix(order, order, Float64Array.from(numbers));
}

/** Values by QuTiP: see make-channels.py. */
eachBackend('states', (backend) => {
  it.each(golden.pairs)('of two qubits are as entangled: $concurrence', (pair) => {
    const state = MatrixState.of(StringBasis.sectors(2, 2, 2), square(pair.rho));
    const { basis, matrix } = quantum.partialTranspose(state, [0]);
    expect(basis.strings).toEqual(StringBasis.sectors(2, 2, 2).strings);
    expectClose(maxError(matrix.data, pair.transpose), 0, 1e-15);
    for (const side of [[0], [1]]) expectClose(quantum.negativity(backend, state, side), pair.negativity, 1e-10);
    expectClose(quantum.logarithmicNegativity(backend, state, [1], { unit: 'bits' }), pair.logarithmic, 1e-10);
    // QuTiP takes roots of eigenvalues that are 0 but for rounding.
    expectClose(quantum.concurrence(backend, state), pair.concurrence, 1e-7);
  });

  it('of three qubits are as entangled across the cut around the middle one', () => {
    const state = MatrixState.of(StringBasis.sectors(2, 3, 3), square(golden.middle.rho));
    expectClose(quantum.negativity(backend, state, [1]), golden.middle.negativity, 1e-10);
    expectClose(quantum.negativity(backend, state, [2, 0]), golden.middle.negativity, 1e-10);
  });

  it('are as far apart', () => {
    const { distances } = golden;
    const sites = StringBasis.sectors(6, 1, 1);
    const [rho, sigma] = [distances.rho, distances.sigma].map((numbers) => MatrixState.of(sites, square(numbers)));
    expectClose(quantum.hellingerDistance(backend, rho!, sigma!), distances.hellinger, 1e-12);
    expectClose(quantum.buresDistance(backend, rho!, sigma!), distances.bures, 1e-7);
    expectClose(quantum.hilbertSchmidtDistance(backend, rho!, sigma!) ** 2, distances.hilbertSquared, 1e-14);
    const factors = [rho!, sigma!].map((state) => quantum.toFactoredState(backend, state)) as quantum.FactoredState[];
    expect(factors[0]).toBeInstanceOf(FactoredState);
    expectClose(quantum.hellingerDistance(backend, factors[0]!, factors[1]!), distances.hellinger, 1e-12);
  });
});

eachBackend('channels', (backend) => {
  it.each(golden.channels)('of dimension $d have the fidelities and the Pauli forms', (expected) => {
    const channel = Channel.ofKraus(expected.kraus.map(square));
    const unitary = square(expected.unitary);
    expectClose(quantum.averageGateFidelity(backend, channel, unitary), expected.averageGateFidelity, 1e-13);
    expectClose(quantum.averageGateFidelity(backend, channel), expected.averageToIdentity, 1e-13);
    const process = quantum.processFidelity(backend, channel, Channel.ofKraus([unitary]));
    expectClose(process, expected.processFidelity, 1e-12);
    const chi = quantum.chiMatrix(channel);
    expectClose(maxError(chi.data, expected.chi), 0, 1e-14);
    const transfer = quantum.pauliTransferMatrix(channel);
    const [re, im] = [0, 1].map((part) => transfer.data.filter((_, at) => at % 2 === part));
    expectClose(maxError(re!, expected.transfer), 0, 1e-14);
    expectClose(maxError(im!, new Float64Array(im!.length)), 0, 1e-15);
    expectClose(maxError(quantum.channelOfChi(chi).choi.data, channel.choi.data), 0, 1e-15);
    expectClose(maxError(quantum.channelOfPauliTransfer(transfer).choi.data, channel.choi.data), 0, 1e-15);
  });
});
