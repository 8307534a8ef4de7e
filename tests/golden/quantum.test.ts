import { describe, expect, it } from 'vitest';
import description from '../../examples/chen-two-blocks.json' with { type: 'json' };
import { modelOfDescription, quantum } from '../../src/fock/index.ts';
import { ComplexMatrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { expectNorm } from '../support/diamond.ts';
import { expectClose, maxError } from '../support/numbers.ts';
import golden from './quantum.json' with { type: 'json' };

const {
  applyChannel,
  Channel,
  complementaryMap,
  cutInformation,
  diamondNorm,
  entropy,
  FactoredState,
  MatrixState,
  StringBasis,
  stepChannel,
  toMatrixState,
} = quantum;

function square(numbers: readonly number[]): ComplexMatrix {
  const order = Math.sqrt(numbers.length / 2);
  return new ComplexMatrix(order, order, Float64Array.from(numbers));
}

/** Values by dense NumPy and SciPy: see make-quantum.py. */
eachBackend('random states', (backend) => {
  const sites = StringBasis.sectors(2, 3, 3);
  const { states } = golden;
  const rho = MatrixState.of(sites, square(states.rho));
  const sigma = MatrixState.of(sites, square(states.sigma));

  it('have the entropies and the purity', () => {
    expectClose(entropy(backend, rho), states.entropy, 1e-13);
    for (const [order, value] of states.renyi) expectClose(entropy(backend, rho, { order: order! }), value!, 1e-13);
    expectClose(entropy(backend, rho, { order: Infinity }), states.minEntropy, 1e-13);
    expectClose(quantum.statePurity(backend, rho), states.purity, 1e-14);
  });

  it('have the distances', () => {
    expectClose(quantum.relativeEntropy(backend, rho, sigma), states.relativeEntropy, 1e-11);
    expectClose(quantum.traceDistance(backend, rho, sigma), states.traceDistance, 1e-13);
    expectClose(quantum.rootFidelity(backend, rho, sigma), states.rootFidelity, 1e-12);
    expectClose(quantum.fidelity(backend, rho, sigma), states.rootFidelity ** 2, 1e-12);
    expectClose(quantum.buresAngle(backend, rho, sigma), states.buresAngle, 1e-12);
  });

  it('have the reduced states, in the order of the positions asked for, and the mutual information', () => {
    for (const [positions, numbers] of states.reduced as [number[], number[]][]) {
      const reduced = quantum.reducedState(rho, positions) as quantum.MatrixState;
      expect(reduced.basis.strings).toEqual(StringBasis.sectors(2, positions.length, positions.length).strings);
      expectClose(maxError(reduced.matrix.data, numbers), 0, 1e-15);
    }
    expectClose(quantum.mutualInformation(backend, rho, [0], [2]), states.mutual02, 1e-13);
    expectClose(
      quantum.conditionalMutualInformation(backend, rho, [0], [1], [2], { unit: 'bits' }),
      states.conditional01given2 / Math.LN2,
      1e-13,
    );
  });

  it('have the Schmidt values and both informations across a cut', () => {
    const psi = FactoredState.of(
      StringBasis.sectors(3, 3, 3),
      new ComplexMatrix(27, 1, Float64Array.from(golden.cut.amplitudes)),
    );
    const { schmidt, entanglement, classical } = cutInformation(backend, psi, [1]);
    expectClose(maxError(schmidt, golden.cut.schmidt), 0, 1e-14);
    expectClose(entanglement, golden.cut.entanglement, 1e-13);
    expectClose(classical, golden.cut.classical, 1e-13);
  });
});

eachBackend('the extensions on 0 to 2 tokens', (backend) => {
  const { channels } = golden;
  const law = modelOfDescription(description).laws[0]!;
  const [inputs, outputs] = [StringBasis.sectors(2, 0, 2), StringBasis.sectors(2, 1, 3)];
  const phi = FactoredState.of(inputs, new ComplexMatrix(7, 1, Float64Array.from(channels.amplitudes)));
  const kinds = ['history', 'outcome', 'position', 'coherent'] as const;
  const dense = Object.fromEntries(
    kinds.map((kind) => [kind, Channel.ofStrings(stepChannel(kind, law), inputs, outputs)]),
  );

  describe.each(kinds)('%s', (kind) => {
    it('has the image, on strings and as a dense channel', () => {
      const image = toMatrixState(applyChannel(stepChannel(kind, law), phi));
      const expected = channels.images[kind];
      for (const [i, row] of image.basis.strings.entries()) {
        for (const [j, column] of image.basis.strings.entries()) {
          const at = 2 * (outputs.placeOf(row) * outputs.size + outputs.placeOf(column));
          expectClose(image.matrix.at(i, j).re, expected[at]!, 1e-15);
          expectClose(image.matrix.at(i, j).im, expected[at + 1]!, 1e-15);
        }
      }
      expectClose(maxError(dense[kind]!.apply(toMatrixState(phi).matrix).data, expected), 0, 1e-15);
      expectClose(entropy(backend, image), channels.entropy[kind], 1e-13);
    });

    it('has the Choi eigenvalues and leaves the environment with the entropy', () => {
      const kraus = quantum.krausOperators(backend, dense[kind]!);
      const sizes = kraus.map(({ data }) => data.reduce((sum, x) => sum + x * x, 0));
      expect(kraus.length).toBe(channels.choiValues[kind].filter((value) => value > 1e-12).length);
      for (const [e, value] of channels.choiValues[kind].slice(0, kraus.length).entries())
        expectClose(sizes[e]!, value, 1e-13);
      const environment = complementaryMap(kraus).apply(toMatrixState(phi).matrix);
      const names = StringBasis.sectors(kraus.length, 1, 1);
      expectClose(entropy(backend, MatrixState.of(names, environment)), channels.environmentEntropy[kind], 1e-12);
    });
  });

  it.each(channels.pairs)('$a and $b are as far apart', ({ a, b, traceDistance, bounds, processFidelity }) => {
    const images = [a, b].map((kind) => applyChannel(stepChannel(kind as quantum.StepKind, law), phi));
    expectClose(quantum.traceDistance(backend, images[0]!, images[1]!), traceDistance, 1e-14);
    const { lower, upper } = diamondNorm(backend, dense[a]!, dense[b]!, { maxSteps: 0 });
    expectClose(lower, bounds[0]!, 1e-9);
    expectClose(upper, Math.min(2, bounds[1]!), 1e-9);
    expectClose(quantum.processFidelity(backend, dense[a]!, dense[b]!), processFidelity, 1e-13);
  });
});

eachBackend('two random qutrit channels', (backend) => {
  const [a, b] = [golden.diamond.a, golden.diamond.b].map((kraus) => Channel.ofKraus(kraus.map(square)));

  it('are as far apart in the diamond norm as a quasi-Newton search finds', () => {
    expectNorm(diamondNorm(backend, a!, b!), golden.diamond.norm, 1e-9);
  });
});
