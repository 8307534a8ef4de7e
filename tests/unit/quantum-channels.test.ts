import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CapacityError } from '../../src/core/errors.ts';
import { CutoffError, type NextTokenLaw, quantum } from '../../src/fock/index.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { adjoint, difference, frobenius, product, randomMatrix, scaled } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';

const {
  adjointMap,
  applyChannel,
  Channel,
  certifyMap,
  complementaryMap,
  completenessResidual,
  composeMaps,
  diamondNorm,
  entanglementFidelity,
  krausOperators,
  processFidelity,
  StringBasis,
  stepChannel,
  stinespringOf,
} = quantum;

const one = StringBasis.sectors(2, 1, 1);
const pauli = [
  identity(2),
  Matrix.fromRows([
    [0, 1],
    [1, 0],
  ]),
  ComplexMatrix.fromRows([
    [0, [0, -1]],
    [[0, 1], 0],
  ]),
  Matrix.fromRows([
    [1, 0],
    [0, -1],
  ]),
];
/** (1−p)ρ + p·1/2 */
const depolarising = (p: number) =>
  Channel.ofKraus(pauli.map((matrix, i) => scaled(matrix, Math.sqrt(i === 0 ? 1 - (3 * p) / 4 : p / 4))));
/** ρ ↦ UρU† for U = diag(1, …, 1, e^{iθ}) */
function phase(d: number, theta: number): quantum.Channel {
  const u = ComplexMatrix.fromReal(identity(d));
  u.data.set([Math.cos(theta), Math.sin(theta)], 2 * (d * d - 1));
  return Channel.ofKraus([u]);
}

const shapes = fc.record({
  d: fc.integer({ min: 1, max: 3 }),
  D: fc.integer({ min: 1, max: 3 }),
  r: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});
/** Parts of one sequence: those of neighbouring seeds can be linearly dependent. */
function randomKraus({ d, D, r, seed }: { d: number; D: number; r: number; seed: number }): ComplexMatrix[] {
  const { data } = randomMatrix('complex', r * D, d, seed);
  return Array.from({ length: r }, (_, e) => new ComplexMatrix(D, d, data.slice(2 * e * D * d, 2 * (e + 1) * D * d)));
}
const near = (a: AnyMatrix, b: AnyMatrix, tolerance = 1e-13) =>
  frobenius(difference(a, b)) <= tolerance * (1 + frobenius(b));
const trace = (a: AnyMatrix) => {
  const { rows, data } = product(a, identity(a.rows));
  return Array.from({ length: rows }, (_, i) => data[2 * (i * rows + i)]!).reduce((x, y) => x + y, 0);
};
/** Σ K a K† */
const direct = (kraus: readonly AnyMatrix[], a: AnyMatrix) =>
  kraus.map((k) => product(product(k, a), adjoint(k))).reduce((x, y) => difference(x, scaled(y, -1)));

eachBackend('conversions', (backend) => {
  it('between Kraus, Choi, superoperator and Stinespring are consistent', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { d, D, r, seed } = shape;
        const kraus = randomKraus(shape);
        const channel = Channel.ofKraus(kraus);
        const a = randomMatrix('complex', d, d, seed + 99);
        const image = direct(kraus, a);
        const bySuperoperator = product(channel.superoperator(), new ComplexMatrix(d * d, 1, a.data));
        const minimal = krausOperators(backend, channel);
        const dilation = stinespringOf(kraus);
        return (
          near(channel.apply(a), image) &&
          near(new ComplexMatrix(D, D, bySuperoperator.data), image) &&
          near(Channel.ofSuperoperator(d, D, channel.superoperator()).choi, channel.choi, 0) &&
          near(Channel.ofStinespring(D, dilation).choi, channel.choi) &&
          near(Channel.ofMap(d, D, (unit) => direct(kraus, unit)).choi, channel.choi) &&
          near(Channel.ofKraus(minimal).choi, channel.choi) &&
          minimal.length === Math.min(r, d * D)
        );
      }),
      { numRuns: 60 },
    );
  });

  it('compose, and move to observables', () => {
    fc.assert(
      fc.property(shapes, shapes, (first, second) => {
        const [before, after] = [randomKraus(first), randomKraus({ ...second, d: first.D })];
        const a = randomMatrix('complex', first.d, first.d, first.seed + 7);
        const both = composeMaps(backend, Channel.ofKraus(after), Channel.ofKraus(before));
        const root = randomMatrix('complex', first.D, first.D, first.seed + 8);
        const observable = product(root, adjoint(root));
        const state = product(a, adjoint(a));
        const heisenberg = adjointMap(Channel.ofKraus(before)).apply(observable);
        const [left, right] = [trace(product(heisenberg, state)), trace(product(observable, direct(before, state)))];
        return (
          near(both.apply(a), direct(after, direct(before, a))) &&
          Math.abs(left - right) <= 1e-12 * (1 + Math.abs(right))
        );
      }),
      { numRuns: 40 },
    );
  });

  it('keep the trace where the dilation is an isometry', () => {
    const damping = [
      Matrix.fromRows([
        [1, 0],
        [0, 0.8],
      ]),
      Matrix.fromRows([
        [0, 0.6],
        [0, 0],
      ]),
    ];
    expectClose(completenessResidual(backend, damping), 0, 1e-15);
    expectClose(completenessResidual(backend, [damping[0]!]), 0.36, 1e-15);
    expect(near(adjointMap(Channel.ofKraus(damping)).apply(identity(2)), identity(2), 1e-15)).toBe(true);
  });

  it('refuse what does not fit', () => {
    expect(() => Channel.ofKraus([])).toThrow('the number of operators');
    expect(() => Channel.ofKraus([new Matrix(2, 3), new Matrix(3, 2)])).toThrow(
      'operator 1 must be 2×3, but it is 3×2',
    );
    expect(() => new Channel(2, 3, new Matrix(5, 5))).toThrow('choi must be 6×6');
    expect(() => Channel.ofStinespring(2, new Matrix(3, 2))).toThrow('a multiple of 2 rows');
    expect(() => composeMaps(backend, phase(3, 1), phase(2, 1))).toThrow('after must take the 2 dimensions');
    expect(() => phase(2, 1).apply(identity(3))).toThrow('a must be 2×2');
    const transposition = Channel.ofMap(2, 2, (unit) => adjoint(unit));
    expect(() => krausOperators(backend, transposition)).toThrow('the map must be completely positive');
    expect(() => diamondNorm(backend, phase(2, 1), phase(3, 1))).toThrow('both channels must go between the same');
    expect(() => Channel.ofKraus([new Matrix(100, 100)])).toThrow(CapacityError);
  });
});

eachBackend('the complementary channel', (backend) => {
  it('of a unitary is constant', () => {
    const u = [scaled(phaseMatrix(0.7), 0.6), scaled(phaseMatrix(0.7), 0.8)];
    const environment = complementaryMap(u);
    const expected = Matrix.fromRows([
      [0.36, 0.48],
      [0.48, 0.64],
    ]);
    for (const seed of [1, 2, 3]) {
      const a = randomMatrix('complex', 2, 2, seed);
      const rho = product(a, adjoint(a));
      expect(near(scaled(environment.apply(rho), 1 / trace(rho)), expected, 1e-15)).toBe(true);
    }
    expect([environment.inputs, environment.outputs]).toEqual([2, 2]);
    expect(near(complementaryMap([phaseMatrix(0.7)]).apply(identity(2)), scaled(identity(1), 2), 1e-15)).toBe(true);
  });

  it('has the entropy of the output for a pure input', () => {
    const a = randomMatrix('complex', 2, 1, 5);
    const rho = scaled(product(a, adjoint(a)), 1 / frobenius(a) ** 2);
    const kraus = krausOperators(backend, depolarising(0.3));
    const environment = quantum.MatrixState.of(StringBasis.sectors(4, 1, 1), complementaryMap(kraus).apply(rho));
    const output = quantum.MatrixState.of(one, depolarising(0.3).apply(rho));
    expectClose(quantum.entropy(backend, environment), quantum.entropy(backend, output), 1e-13);
  });
});

function phaseMatrix(theta: number): ComplexMatrix {
  return ComplexMatrix.fromRows([
    [1, 0],
    [0, [Math.cos(theta), Math.sin(theta)]],
  ]);
}

eachBackend('certificates of maps', (backend) => {
  const onMatrices = (map: (a: ComplexMatrix) => ComplexMatrix) =>
    certifyMap(backend, ({ basis, matrix }) => ({ basis, matrix: map(matrix) }), one);
  const transpose = (a: ComplexMatrix) =>
    new ComplexMatrix(
      2,
      2,
      adjoint(a).data.map((x, at) => (at % 2 === 0 ? x : -x)),
    );

  it('find that the transposition is positive, but not completely', () => {
    const certificate = onMatrices(transpose);
    expectClose(certificate.choiSmallest, -1, 1e-15);
    expectClose(certificate.choiLargest, 1, 1e-15);
    expect(certificate.krausResidual).toBeNull();
    expect([certificate.traceResidual, certificate.traceExcess, certificate.hermiticityResidual]).toEqual([0, 0, 0]);
  });

  it('find what is done to the trace', () => {
    const doubled = onMatrices((a) => scaled(a, 2));
    expectClose(doubled.traceResidual, 1, 1e-15);
    expectClose(doubled.traceExcess, 1, 1e-15);
    const half = onMatrices((a) => scaled(a, 0.5));
    expectClose(half.traceResidual, 0.5, 1e-15);
    expect([half.traceExcess, half.krausRank]).toEqual([0, 1]);
    const imaginary = ComplexMatrix.fromRows([
      [[0, 1], 0],
      [0, [0, 1]],
    ]);
    expect(onMatrices((a) => product(imaginary, a)).hermiticityResidual).toBe(2);
  });

  it('count Kraus operators and leave out what vanishes', () => {
    const certificate = onMatrices((a) => depolarising(0.5).apply(a));
    expect([certificate.krausRank, certificate.choiSupport]).toEqual([4, 4]);
    const dephasing = quantum.certifyChannel(backend, quantum.lastSiteDephasing(2), one);
    expect([dephasing.krausRank, dephasing.choiSupport, dephasing.choiSmallest]).toEqual([2, 2, 0]);
  });
});

eachBackend('distances of channels', (backend) => {
  it('give the process fidelity of phases and of depolarisation', () => {
    for (const d of [2, 3]) {
      for (const theta of [0.3, 1, 2.5]) {
        const meanPhase = ((d - 1 + Math.cos(theta)) / d) ** 2 + (Math.sin(theta) / d) ** 2;
        expectClose(processFidelity(backend, phase(d, theta), phase(d, 0)), meanPhase, 1e-14);
        const { lower } = diamondNorm(backend, phase(d, theta), phase(d, 0), { maxSteps: 0 });
        expectClose(lower, 2 * Math.sqrt(1 - meanPhase), 1e-12);
      }
    }
    for (const p of [0.1, 0.5, 1]) {
      const { lower, upper, steps } = diamondNorm(backend, depolarising(p), depolarising(0));
      for (const bound of [lower, upper]) expectClose(bound, 1.5 * p, 1e-12);
      expect(steps).toBe(0);
      expectClose(processFidelity(backend, depolarising(p), depolarising(0)), 1 - (3 * p) / 4, 1e-14);
    }
  });

  it('give the entanglement fidelity with the coherent step', () => {
    const basis = StringBasis.sectors(2, 1, 2);
    const outputs = StringBasis.sectors(2, 2, 3);
    const [v] = krausOperators(backend, Channel.ofStrings(stepChannel('coherent', growing), basis, outputs));
    const outcome = Channel.ofStrings(stepChannel('outcome', growing), basis, outputs);
    const kraus = krausOperators(backend, outcome);
    const found = entanglementFidelity(backend, kraus, v!, ComplexMatrix.fromReal(scaled(identity(6), 1 / 6)));
    expectClose(found, processFidelity(backend, outcome, Channel.ofKraus([v!])), 1e-13);
    // Tr[V†K_y] = Σ_h p(y|h)
    const sums = [0, 1].map((y) => basis.strings.reduce((sum, h) => sum + growing.probabilities(h)[y]!, 0) / 6);
    expectClose(found, sums[0]! ** 2 + sums[1]! ** 2, 1e-14);
  });

  it('refuses an input and operators that do not fit', () => {
    const complex = (rows: number, columns: number) => {
      const a = new ComplexMatrix(rows, columns);
      for (let i = 0; i < Math.min(rows, columns); i++) a.data[2 * (i * columns + i)] = 1;
      return a;
    };
    const half = ComplexMatrix.fromReal(scaled(identity(2), 1 / 2));
    const fidelity = (kraus: ComplexMatrix[], rho: ComplexMatrix) =>
      entanglementFidelity(backend, kraus, complex(3, 2), rho);
    expect(fidelity([complex(3, 2)], half)).toBe(1);
    expect(() => fidelity([complex(3, 2), complex(3, 4)], half)).toThrow('operator 1 must be 3×2, but it is 3×4');
    expect(() => fidelity([], half)).toThrow('the number of operators must be an integer of at least 1');
    expect(() => fidelity([complex(3, 2)], complex(3, 3))).toThrow('rho must be 2×2, but it is 3×3');
    expect(() => fidelity([complex(3, 2)], complex(2, 2))).toThrow('rho must have trace 1 to 1e-10, but it is 2');
    const skew = ComplexMatrix.fromRows([
      [0.5, 0.5],
      [0, 0.5],
    ]);
    expect(() => fidelity([complex(3, 2)], skew)).toThrow('must be Hermitian');
  });
});

/** p(0|h) = 1/(1 + length + number of ones). */
const growing: NextTokenLaw = {
  V: 2,
  label: String,
  probabilities: (h) => {
    const p = 1 / (1 + h.length + Array.from(h).reduce((sum, x) => sum + x, 0));
    return Float64Array.of(p, 1 - p);
  },
};

it('channels on strings know the cut-off, the tokens and their strings', () => {
  const psi = quantum.FactoredState.pure(2, [{ text: [0, 1], amplitude: 1 }]);
  const step = stepChannel('outcome', growing);
  expect(applyChannel(step, psi, { cutoff: 3 }).trace).toBeCloseTo(1, 15);
  expect(() => applyChannel(step, psi, { cutoff: 2 })).toThrow(CutoffError);
  const vacuum = quantum.FactoredState.pure(2, [{ text: [], amplitude: 1 }]);
  for (const kind of ['history', 'outcome', 'coherent'] as const) {
    const token = applyChannel(stepChannel(kind, growing, { vacuumToken: 1 }), vacuum) as quantum.FactoredState;
    expect(token.amplitude([1]).re).toBe(1);
  }
  expect(() => Channel.ofStrings(step, one, one)).toThrow('output must hold every string that is reached, but (0, 0)');
  expect(() => stepChannel('position', growing)).toThrow("law must be a block's for 'position'");
  expect(() => stepChannel('environment' as 'outcome', growing)).toThrow('kind must be history, outcome, position');
  expect(() => stepChannel('outcome', growing, { vacuumToken: 2 })).toThrow('vacuumToken must be');
  const other = { ...growing, V: 3 };
  expect(() => quantum.composeChannels(stepChannel('outcome', other), step)).toThrow('the same tokens');
  expect(() => quantum.krausTables(stepChannel('outcome', other), one)).toThrow('over the same tokens');
});
