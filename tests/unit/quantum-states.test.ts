import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { DiagonalState, quantum } from '../../src/fock/index.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';

const {
  buresAngle,
  conditionalMutualInformation,
  cutInformation,
  dephase,
  entropy,
  FactoredState,
  fidelity,
  MatrixState,
  mixStates,
  mutualInformation,
  reducedState,
  relativeEntropy,
  rootFidelity,
  StringBasis,
  statePurity,
  toFactoredState,
  toMatrixState,
  traceDistance,
} = quantum;

const { LN2 } = Math;
const equal = (...texts: number[][]) =>
  FactoredState.pure(
    2,
    texts.map((text) => ({ text, amplitude: 1 / Math.sqrt(texts.length) })),
  );
const bell = equal([0, 0], [1, 1]);
const singlet = FactoredState.pure(2, [
  { text: [0, 1], amplitude: Math.SQRT1_2 },
  { text: [1, 0], amplitude: -Math.SQRT1_2 },
]);
const ghz = equal([0, 0, 0], [1, 1, 1]);
const w = equal([1, 0, 0], [0, 1, 0], [0, 0, 1]);
const sites = StringBasis.sectors(2, 2, 2);
const mixed = diagonal([0.25, 0.25, 0.25, 0.25]);
/** −x ln x − (1−x) ln (1−x) */
const binary = (x: number) => -x * Math.log(x) - (1 - x) * Math.log(1 - x);

/** Weights of the strings of two tokens, in order. */
function diagonal(weights: readonly number[]): DiagonalState {
  return DiagonalState.ofMixture(
    2,
    weights.map((weight, i) => ({ tokens: [...sites.strings[i]!], weight })),
  );
}

/** A A†/Tr for random A of n columns on the strings of two tokens. */
function randomState(columns: number, seed: number): quantum.FactoredState {
  const a = testNumbers(2 * 4 * columns, seed);
  const size = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
  return FactoredState.of(
    sites,
    new ComplexMatrix(
      4,
      columns,
      a.map((x) => x / size),
    ),
  );
}

eachBackend('entropies', (backend) => {
  const all = { entropy: 1, renyi2: 2, half: 0.5, min: Infinity };
  const expectEntropies = (state: quantum.QuantumState, values: Record<keyof typeof all, number>) => {
    for (const form of [state, toMatrixState(state), toFactoredState(backend, state)]) {
      for (const [name, order] of Object.entries(all)) {
        expectClose(entropy(backend, form, { order }), values[name as keyof typeof all], 2e-14, name);
        expectClose(
          entropy(backend, form, { order, unit: 'bits' }),
          values[name as keyof typeof all] / LN2,
          4e-14,
          name,
        );
      }
      expectClose(statePurity(backend, form), Math.exp(-values.renyi2), 1e-14, 'purity');
    }
  };

  it('of pure and maximally mixed states', () => {
    for (const state of [bell, singlet, ghz, w]) expectEntropies(state, { entropy: 0, renyi2: 0, half: 0, min: 0 });
    const most = 2 * LN2;
    expectEntropies(mixed, { entropy: most, renyi2: most, half: most, min: most });
  });

  it.each([0.2, 1 / 3, 0.5, 0.9])('of the Werner state with singlet weight %d', (p) => {
    const state = mixStates([
      { state: singlet, weight: p },
      { state: mixed, weight: 1 - p },
    ]);
    const values = [(1 + 3 * p) / 4, ...Array<number>(3).fill((1 - p) / 4)];
    const power = (order: number) => Math.log(values.reduce((sum, x) => sum + x ** order, 0)) / (1 - order);
    expectEntropies(state, {
      entropy: values.reduce((sum, x) => sum - x * Math.log(x), 0),
      renyi2: power(2),
      half: power(0.5),
      min: -Math.log(values[0]!),
    });
    expectClose(mutualInformation(backend, state, [0], [1]), 2 * LN2 - entropy(backend, state), 1e-14);
    expectClose(rootFidelity(backend, state, singlet), Math.sqrt(values[0]!), 1e-14);
    expectClose(traceDistance(backend, state, singlet), (3 * (1 - p)) / 4, 1e-14);
  });

  it('of a thermal state: S = βE + ln Z', () => {
    for (const beta of [0.1, 1, 5]) {
      const boltzmann = [0, 1, 2, 3].map((n) => Math.exp(-beta * n));
      const Z = boltzmann.reduce((a, b) => a + b);
      const weights = boltzmann.map((x) => x / Z);
      const energy = weights.reduce((sum, x, n) => sum + n * x, 0);
      const power = (a: number) => Math.log(boltzmann.reduce((sum, x) => sum + (x / Z) ** a, 0)) / (1 - a);
      expectEntropies(diagonal(weights), {
        entropy: beta * energy + Math.log(Z),
        renyi2: power(2),
        half: power(0.5),
        min: Math.log(Z),
      });
    }
  });

  it('of Rényi do not underflow', () => {
    const rest = 1 - 1e-3;
    const state = diagonal([rest, 1e-3]);
    expectClose(entropy(backend, state, { order: 1e5 }), (1e5 / (1e5 - 1)) * -Math.log(rest), 1e-15);
  });
});

eachBackend('parts of states', (backend) => {
  it('of Bell, GHZ and W', () => {
    for (const state of [bell, singlet]) {
      const { matrix } = toMatrixState(reducedState(state, [1]));
      expectClose(maxError(matrix.data, [0.5, 0, 0, 0, 0, 0, 0.5, 0]), 0, 1e-15);
      expectClose(mutualInformation(backend, state, [0], [1], { unit: 'bits' }), 2, 1e-14);
    }
    for (const site of [0, 1, 2]) {
      const rest = [0, 1, 2].filter((other) => other !== site);
      expectClose(entropy(backend, reducedState(ghz, [site])), LN2, 1e-14);
      expectClose(mutualInformation(backend, ghz, [rest[0]!], [rest[1]!]), LN2, 1e-14);
      expectClose(conditionalMutualInformation(backend, ghz, [rest[0]!], [rest[1]!], [site]), LN2, 1e-14);
      expectClose(entropy(backend, reducedState(w, rest)), binary(1 / 3), 1e-14);
      expectClose(entropy(backend, reducedState(w, [site])), binary(1 / 3), 1e-14);
      const cut = cutInformation(backend, w, rest);
      expectClose(maxError(cut.schmidt.subarray(0, 2), [Math.sqrt(2 / 3), Math.sqrt(1 / 3)]), 0, 1e-15);
      expectClose(cut.entanglement, binary(1 / 3), 1e-14);
    }
    const { entanglement, classical } = cutInformation(backend, ghz, [0], { unit: 'bits' });
    expectClose(entanglement, 1, 1e-14);
    expectClose(classical, 1, 1e-14);
  });

  it('keep no more classical information than entanglement', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const { entanglement, classical } = cutInformation(backend, randomState(1, seed), [0]);
        return classical <= entanglement + 1e-14 && classical >= -1e-14;
      }),
      { numRuns: 50 },
    );
  });

  it('are classical marginals for diagonal states', () => {
    const state = diagonal([0.1, 0.2, 0.3, 0.4]);
    const first = reducedState(state, [0]);
    expect(first).toBeInstanceOf(DiagonalState);
    expect([...(first as DiagonalState).weight]).toEqual([0.1 + 0.2, 0.3 + 0.4]);
    expect(toMatrixState(reducedState(state, [])).matrix.data[0]).toBeCloseTo(1, 15);
  });

  it('lie within one sector', () => {
    const both = FactoredState.pure(2, [
      { text: [0], amplitude: 0.6 },
      { text: [0, 1], amplitude: 0.8 },
    ]);
    expect(() => reducedState(both, [0])).toThrow('the state must lie in one sector, but it has strings of 1 and of 2');
    const part = quantum.sectorPart(both, 2);
    expectClose(part.trace, 0.64, 1e-15);
    expectClose(quantum.normalised(part).trace, 1, 1e-15);
    expect(() => quantum.normalised(quantum.sectorPart(both, 3))).toThrow('must have a positive trace');
    expect(() => reducedState(bell, [2])).toThrow('every position must be an integer from 0 to 1');
    expect(() => mutualInformation(backend, bell, [0], [0])).toThrow('positions must differ');
    expect(() => cutInformation(backend, bell, [0, 1])).toThrow('both sides must have a position');
    expect(() => cutInformation(backend, mixed, [0])).toThrow('state must be pure');
  });
});

eachBackend('distances', (backend) => {
  it('of diagonal states are classical', () => {
    const [p, q] = [
      [0.1, 0.2, 0.3, 0.4],
      [0.4, 0.4, 0.1, 0.1],
    ];
    const states = [diagonal(p!), diagonal(q!)] as const;
    const forms = [states, [toMatrixState(states[0]), toFactoredState(backend, states[1])]] as const;
    for (const [a, b] of forms) {
      const total = (term: (x: number, y: number) => number) => p!.reduce((sum, x, i) => sum + term(x, q![i]!), 0);
      expectClose(traceDistance(backend, a, b), total((x, y) => Math.abs(x - y)) / 2, 1e-15);
      const root = total((x, y) => Math.sqrt(x * y));
      expectClose(rootFidelity(backend, a, b), root, 1e-14);
      expectClose(buresAngle(backend, a, b), Math.acos(root), 1e-14);
      expectClose(
        relativeEntropy(backend, a, b),
        total((x, y) => x * Math.log(x / y)),
        1e-14,
      );
      expectClose(
        relativeEntropy(backend, a, b, { unit: 'bits' }),
        total((x, y) => x * Math.log2(x / y)),
        1e-14,
      );
    }
  });

  it('keep their digits for nearly equal states', () => {
    const angle = 1e-9;
    const near = FactoredState.pure(2, [
      { text: [0], amplitude: Math.cos(angle) },
      { text: [1], amplitude: Math.sin(angle) },
    ]);
    const zero = FactoredState.pure(2, [{ text: [0], amplitude: 1 }]);
    expectClose(buresAngle(backend, near, zero), angle, 1e-20);
    expectClose(traceDistance(backend, near, zero), angle, 1e-20);
    expect(rootFidelity(backend, near, zero)).toBe(1);
  });

  it('are infinite or greatest for orthogonal states', () => {
    expect(relativeEntropy(backend, bell, singlet)).toBe(Infinity);
    expect(relativeEntropy(backend, diagonal([1]), diagonal([0.5, 0.5]))).toBeCloseTo(LN2, 15);
    expect(relativeEntropy(backend, diagonal([0.5, 0.5]), diagonal([1]))).toBe(Infinity);
    expectClose(traceDistance(backend, bell, singlet), 1, 1e-15);
    expectClose(buresAngle(backend, bell, singlet), Math.PI / 2, 1e-15);
    expectClose(relativeEntropy(backend, bell, mixed), 2 * LN2, 1e-14);
  });

  it('obey Fuchs and van de Graaf, Pinsker and the triangle inequality', () => {
    const seeds = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(seeds, seeds, seeds, ([s1, r1], [s2, r2], [s3, r3]) => {
        const [a, b, c] = [randomState(r1, s1), toMatrixState(randomState(r2, s2)), randomState(r3, s3)] as const;
        const [T, F, root] = [traceDistance(backend, a, b), fidelity(backend, a, b), rootFidelity(backend, a, b)];
        const D = relativeEntropy(backend, a, b);
        return (
          1 - root <= T + 1e-12 &&
          T * T <= 1 - F + 1e-12 &&
          D >= 2 * T * T - 1e-10 &&
          T <= traceDistance(backend, a, c) + traceDistance(backend, c, b) + 1e-13 &&
          buresAngle(backend, a, b) <= buresAngle(backend, a, c) + buresAngle(backend, c, b) + 1e-7
        );
      }),
      { numRuns: 40 },
    );
  });
});

eachBackend('forms of states', (backend) => {
  it('go into one another', () => {
    for (const rank of [1, 2, 4]) {
      const state = randomState(rank, rank);
      const matrix = toMatrixState(state);
      const back = toFactoredState(backend, matrix);
      expect(back.factor.columns).toBe(rank);
      expectClose(maxError(toMatrixState(back).matrix.data, matrix.matrix.data), 0, 1e-15);
      expectClose(maxError(dephase(state).weight, dephase(matrix).weight), 0, 1e-16);
    }
  });

  it('mix to the same matrix', () => {
    const [a, b] = [randomState(1, 5), randomState(2, 6)];
    const weights = [0.3, 0.7];
    const asFactor = mixStates([
      { state: a, weight: 0.3 },
      { state: b, weight: 0.7 },
    ]);
    const asMatrix = mixStates([
      { state: toMatrixState(a), weight: 0.3 },
      { state: b, weight: 0.7 },
    ]);
    expect([asFactor.constructor.name, asMatrix.constructor.name]).toEqual(['FactoredState', 'MatrixState']);
    const sum = toMatrixState(a).matrix.data.map(
      (x, at) => weights[0]! * x + weights[1]! * toMatrixState(b).matrix.data[at]!,
    );
    for (const state of [asFactor, asMatrix]) expectClose(maxError(toMatrixState(state).matrix.data, sum), 0, 1e-15);
    const classical = mixStates([
      { state: diagonal([1]), weight: 0.5 },
      { state: diagonal([0.5, 0.5]), weight: 0.5 },
    ]) as DiagonalState;
    expect([...classical.weight]).toEqual([0.75, 0.25]);
  });

  it('lose at most √δ by a truncation, a pure one just that', () => {
    for (const rank of [1, 3]) {
      const state = randomState(rank, 11);
      const { state: kept, discarded, distanceBound } = quantum.truncateState(state, 2);
      const distance = traceDistance(backend, state, kept);
      expect(toMatrixState(kept).basis.size).toBe(2);
      expectClose(kept.trace, 1, 1e-15);
      const weights = dephase(state).weight.toSorted();
      expectClose(discarded, weights[0]! + weights[1]!, 1e-16);
      expectClose(distanceBound ** 2, discarded, 1e-15);
      if (rank === 1) expectClose(distance, distanceBound, 1e-14);
      else expect(distance < distanceBound).toBe(true);
    }
    expect(quantum.truncateState(bell, 2)).toEqual({ state: bell, discarded: 0, distanceBound: 0 });
    expect(() => quantum.truncateState(bell, 0)).toThrow('maxStrings must be');
  });
});

describe('what is no state', () => {
  it('is refused', () => {
    expect(() => FactoredState.pure(2, [{ text: [0], amplitude: 0.9 }])).toThrow(
      'must have trace 1 to 1e-12, but it is 0.81',
    );
    expect(() => FactoredState.pure(2, [{ text: [2], amplitude: 1 }])).toThrow('every token of a string');
    expect(() => FactoredState.of(sites, new Matrix(3, 1))).toThrow(ShapeError);
    expect(() => FactoredState.of(sites, new Matrix(4, 1, Float64Array.of(1, NaN, 0, 0)))).toThrow(NonFiniteError);
    expect(() => MatrixState.of(sites, new Matrix(4, 3))).toThrow('matrix must be square');
    const skew = new Matrix(4, 4, Float64Array.of(1, 0.5, ...new Float64Array(14)));
    expect(() => MatrixState.of(sites, skew)).toThrow('a must be Hermitian');
    expect(() => mixStates([])).toThrow('the number of states');
    expect(() => mixStates([{ state: bell, weight: 0.5 }])).toThrow('weights must sum to 1');
    expect(() => mixStates([{ state: bell, weight: -1 }])).toThrow('weights must be positive');
  });
});

eachBackend('what is no state', (backend) => {
  it('shows in its weights', () => {
    const arrays = { parent: Int32Array.of(0, 1), token: Int32Array.of(-1, -1), weight: Float64Array.of(1.5, -0.5) };
    const state = new DiagonalState({ V: 2, texts: [Int32Array.of(0), Int32Array.of(1)] }, arrays);
    expect(() => entropy(backend, state)).toThrow('entropy: weights must not be negative, but one is -0.5');
  });

  it('shows in its eigenvalues', () => {
    const state = MatrixState.of(
      StringBasis.sectors(2, 1, 1),
      Matrix.fromRows([
        [1.5, 0],
        [0, -0.5],
      ]),
    );
    expect(() => entropy(backend, state)).toThrow('the state must have no negative eigenvalue, but it has -0.5');
    expect(() => rootFidelity(backend, state, state)).toThrow(DomainError);
    expect(() => entropy(backend, bell, { order: 0 })).toThrow('order must be positive');
    expect(() => entropy(backend, bell, { unit: 'shannons' as 'bits' })).toThrow('unit must be nats or bits');
    expect(() => entropy(backend, quantum.sectorPart(bell, 3))).toThrow('must have trace 1');
    expect(() => traceDistance(backend, bell, FactoredState.pure(3, [{ text: [0], amplitude: 1 }]))).toThrow(
      ShapeError,
    );
    const large = DiagonalState.ofMixture(
      2,
      StringBasis.sectors(2, 13, 13).strings.map((text) => ({ tokens: text, weight: 2 ** -13 })),
    );
    expect(() => toMatrixState(large)).toThrow(CapacityError);
  });
});
