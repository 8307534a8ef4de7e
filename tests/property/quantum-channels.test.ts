import '../support/property-seed.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DiagonalState, quantum } from '../../src/fock/index.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { adjoint, asComplex, difference, frobenius, product, randomMatrix, scaled } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';

const { Channel, FactoredState, MatrixState, StringBasis } = quantum;

const X = Matrix.fromRows([
  [0, 1],
  [1, 0],
]);
const Y = ComplexMatrix.fromRows([
  [0, [0, -1]],
  [[0, 1], 0],
]);
const Z = Matrix.fromRows([
  [1, 0],
  [0, -1],
]);
const PAULI: AnyMatrix[] = [identity(2), X, Y, Z];
const seeds = fc.integer({ min: 1, max: 1e6 });
const near = (a: AnyMatrix, b: AnyMatrix, tolerance = 1e-12) =>
  frobenius(difference(a, b)) <= tolerance * (1 + frobenius(b));

/** a ⊗ b */
function kronecker(x: AnyMatrix, y: AnyMatrix): ComplexMatrix {
  const [a, b] = [asComplex(x), asComplex(y)];
  const c = new ComplexMatrix(a.rows * b.rows, a.columns * b.columns);
  for (let i = 0; i < c.rows; i++) {
    for (let j = 0; j < c.columns; j++) {
      const p = a.at(Math.floor(i / b.rows), Math.floor(j / b.columns));
      const q = b.at(i % b.rows, j % b.columns);
      c.data.set([p.re * q.re - p.im * q.im, p.re * q.im + p.im * q.re], 2 * (i * c.columns + j));
    }
  }
  return c;
}

/** Operators of any shape, not a channel's. */
function operators(d: number, D: number, r: number, seed: number): ComplexMatrix[] {
  const { data } = randomMatrix('complex', r * D, d, seed);
  return Array.from({ length: r }, (_, e) => new ComplexMatrix(D, d, data.slice(2 * e * D * d, 2 * (e + 1) * D * d)));
}

function density(n: number, rank: number, seed: number): ComplexMatrix {
  const a = randomMatrix('complex', n, rank, seed);
  return asComplex(scaled(product(a, adjoint(a)), 1 / frobenius(a) ** 2));
}

eachBackend('dense channels', (backend) => {
  it('tensor products act factor by factor, and their Kraus operators are Kronecker products', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom([2, 3, 2, 1], [1, 2, 3, 2], [2, 2, 2, 3]), (seed, [d, D, e, E]) => {
        const [k, l] = [operators(d!, D!, 2, seed), operators(e!, E!, 2, seed + 1)];
        const both = quantum.tensorMaps(Channel.ofKraus(k), Channel.ofKraus(l));
        const direct = Channel.ofKraus(k.flatMap((x) => l.map((y) => kronecker(x, y))));
        const [a, b] = [randomMatrix('complex', d!, d!, seed + 2), randomMatrix('complex', e!, e!, seed + 3)];
        const parts = kronecker(Channel.ofKraus(k).apply(a), Channel.ofKraus(l).apply(b));
        return near(both.choi, direct.choi) && near(both.apply(kronecker(a, b)), parts);
      }),
      { numRuns: 30 },
    );
  });

  it('χ and Pauli transfer matrix satisfy their definitions, on any map of one or two qubits', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(1, 2), (seed, n) => {
        const d = 2 ** n;
        const channel = new Channel(d, d, randomMatrix('complex', d * d, d * d, seed));
        const paulis = n === 1 ? PAULI.map(asComplex) : PAULI.flatMap((p) => PAULI.map((q) => kronecker(p, q)));
        const a = randomMatrix('complex', d, d, seed + 1);
        const chi = quantum.chiMatrix(channel);
        const image = new ComplexMatrix(d, d);
        for (const [j, p] of paulis.entries()) {
          for (const [k, q] of paulis.entries()) {
            const { re, im } = chi.at(j, k);
            const term = product(product(p, a), q);
            for (let at = 0; at < term.data.length; at += 2) {
              image.data[at]! += re * term.data[at]! - im * term.data[at + 1]!;
              image.data[at + 1]! += re * term.data[at + 1]! + im * term.data[at]!;
            }
          }
        }
        const transfer = quantum.pauliTransferMatrix(channel);
        const vector = (m: AnyMatrix) =>
          new ComplexMatrix(d * d, 1, Float64Array.from(paulis.flatMap((p) => traceOf(product(p, m)))));
        return (
          near(image, channel.apply(a)) &&
          near(product(transfer, vector(a)), vector(channel.apply(a))) &&
          near(quantum.channelOfChi(chi).choi, channel.choi) &&
          near(quantum.channelOfPauliTransfer(transfer).choi, channel.choi)
        );
      }),
      { numRuns: 20 },
    );
  });

  it('Pauli transfer matrices multiply when maps are composed; R of unital channels', () => {
    const [a, b] = [1, 2].map((seed) => Channel.ofKraus(operators(2, 2, 2, seed)));
    const both = quantum.pauliTransferMatrix(quantum.composeMaps(backend, b!, a!));
    expect(near(both, product(quantum.pauliTransferMatrix(b!), quantum.pauliTransferMatrix(a!)))).toBe(true);
    const dephasing = Channel.ofKraus([scaled(identity(2), Math.sqrt(0.7)), scaled(Z, Math.sqrt(0.3))]);
    expect(
      near(
        quantum.pauliTransferMatrix(dephasing),
        Matrix.fromRows([
          [1, 0, 0, 0],
          [0, 0.4, 0, 0],
          [0, 0, 0.4, 0],
          [0, 0, 0, 1],
        ]),
        1e-15,
      ),
    ).toBe(true);
    expect(
      near(
        quantum.chiMatrix(dephasing),
        Matrix.fromRows([
          [0.7, 0, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 0.3],
        ]),
        1e-15,
      ),
    ).toBe(true);
  });

  it('know what they keep', () => {
    const damping = Channel.ofKraus([
      Matrix.fromRows([
        [1, 0],
        [0, 0.8],
      ]),
      Matrix.fromRows([
        [0, 0.6],
        [0, 0],
      ]),
    ]);
    const transposition = Channel.ofMap(2, 2, (unit) => {
      const image = adjoint(unit);
      return new ComplexMatrix(
        2,
        2,
        image.data.map((x, at) => (at % 2 === 0 ? x : -x)),
      );
    });
    const left = Channel.ofMap(2, 2, (unit) => product(Y, unit));
    const verdicts = (map: quantum.Channel) => [
      quantum.isCompletelyPositive(backend, map),
      quantum.keepsTrace(map),
      quantum.isUnital(map),
      quantum.keepsHermiticity(map),
      quantum.isQuantumChannel(backend, map),
    ];
    expect(verdicts(damping)).toEqual([true, true, false, true, true]);
    expect(verdicts(quantum.adjointMap(damping))).toEqual([true, false, true, true, false]);
    expect(verdicts(transposition)).toEqual([false, true, true, true, false]);
    expect(verdicts(left)).toEqual([false, false, false, false, false]);
    const nearly = Channel.ofKraus([scaled(identity(2), 1 + 1e-7)]);
    expect([quantum.keepsTrace(nearly), quantum.keepsTrace(nearly, 1e-6)]).toEqual([false, true]);
    expect(() => quantum.keepsTrace(nearly, Number.NaN)).toThrow('tolerance must be at least 0');
  });

  it('average gate fidelity is (d·F + 1)/(d + 1), and a mean over the six axis states for a qubit', () => {
    const axes = [
      [1, 0],
      [0, 1],
      [1, 1],
      [1, -1],
    ].map(([x, y]) => ComplexMatrix.fromRows([[x!], [y!]]));
    axes.push(ComplexMatrix.fromRows([[1], [[0, 1]]]), ComplexMatrix.fromRows([[1], [[0, -1]]]));
    fc.assert(
      fc.property(seeds, (seed) => {
        const channel = Channel.ofKraus(operators(2, 2, 2, seed));
        const mean = axes.reduce((sum, psi) => {
          const rho = scaled(product(psi, adjoint(psi)), 1 / frobenius(psi) ** 2);
          // A two-design, so also right for maps that do not keep the trace.
          return sum + traceOf(product(product(product(Y, rho), adjoint(Y)), channel.apply(rho)))[0]! / 6;
        }, 0);
        const found = quantum.averageGateFidelity(backend, channel, Y);
        return Math.abs(found - mean) <= 1e-12 * (1 + mean);
      }),
      { numRuns: 20 },
    );
    expectClose(quantum.averageGateFidelity(backend, Channel.ofKraus([Z])), 1 / 3, 1e-15);
    expect(() => quantum.averageGateFidelity(backend, Channel.ofKraus([Z]), scaled(Z, 2))).toThrow(
      'unitary must have U†U = 1',
    );
    expect(() => quantum.averageGateFidelity(backend, Channel.ofKraus([new Matrix(3, 2)]))).toThrow(
      'inputs and outputs must agree',
    );
    expect(() => quantum.chiMatrix(Channel.ofKraus([identity(3)]))).toThrow(
      'the same power of two, but they are 3 and 3',
    );
    expect(() => quantum.channelOfChi(identity(8))).toThrow('chi must be 4ⁿ×4ⁿ for n qubits, but it is 8×8');
  });
});

eachBackend('entanglement', (backend) => {
  const qubits = StringBasis.sectors(2, 2, 2);

  it('Werner states: N = max(0, (3p − 1)/4), C = max(0, (3p − 1)/2)', () => {
    const bell = ComplexMatrix.fromRows([[0], [Math.SQRT1_2], [-Math.SQRT1_2], [0]]);
    for (const p of [0, 0.2, 1 / 3, 0.5, 0.9, 1]) {
      const mixed = difference(scaled(product(bell, adjoint(bell)), p), scaled(identity(4), (p - 1) / 4));
      const state = MatrixState.of(qubits, mixed);
      expectClose(quantum.negativity(backend, state, [0]), Math.max(0, (3 * p - 1) / 4), 1e-15);
      expectClose(quantum.concurrence(backend, state), Math.max(0, (3 * p - 1) / 2), 1e-14);
      expectClose(quantum.logarithmicNegativity(backend, state, [0]), Math.log(Math.max(1, (1 + 3 * p) / 2)), 1e-14);
    }
  });

  it('pure states: C and N from the Schmidt values, on any cut, and on strings that do not fill a sector', () => {
    const chain = FactoredState.pure(3, [
      { text: [0, 2, 1], amplitude: 0.6 },
      { text: [1, 0, 2], amplitude: [0, 0.64] },
      { text: [2, 2, 0], amplitude: -0.48 },
    ]);
    for (const cut of [[0], [1], [2], [0, 1]]) {
      const { schmidt } = quantum.cutInformation(backend, chain, cut);
      const sum = schmidt.reduce((all, s) => all + s, 0);
      const purity = schmidt.reduce((all, s) => all + s ** 4, 0);
      expectClose(quantum.negativity(backend, chain, cut), (sum ** 2 - 1) / 2, 1e-14);
      expectClose(quantum.pureConcurrence(backend, chain, cut), Math.sqrt(2 * (1 - purity)), 1e-14);
    }
    const pair = FactoredState.pure(2, [
      { text: [0, 1], amplitude: 0.8 },
      { text: [1, 0], amplitude: [0, 0.6] },
    ]);
    expectClose(quantum.concurrence(backend, pair), 0.96, 1e-15);
    expectClose(quantum.pureConcurrence(backend, pair, [1]), 0.96, 1e-15);
    expectClose(quantum.concurrence(backend, DiagonalState.ofText(2, [0, 1])), 0, 0);
  });

  it('the partial transpose undoes itself and keeps the trace', () => {
    const state = MatrixState.of(StringBasis.sectors(2, 3, 3), density(8, 3, 11));
    const once = quantum.partialTranspose(state, [2, 0]);
    const twice = quantum.partialTranspose(new MatrixState(once.basis, once.matrix), [0, 2]);
    const places = twice.basis.strings.map((string) => state.basis.placeOf(string));
    for (const [i, x] of places.entries())
      for (const [j, y] of places.entries()) expect(twice.matrix.at(i, j)).toEqual(state.matrix.at(x, y));
    expectClose(traceOf(once.matrix)[0]!, 1, 1e-15);
  });

  it('refuses what has no such entanglement', () => {
    expect(() => quantum.concurrence(backend, DiagonalState.ofText(3, [0, 1]))).toThrow(
      'two tokens out of two, but it is of 2 out of 3',
    );
    expect(() => quantum.negativity(backend, DiagonalState.ofText(2, [0, 1]), [])).toThrow(
      'both sides must have a position',
    );
    expect(() => quantum.negativity(backend, DiagonalState.ofText(2, [0, 1]), [2])).toThrow('every position must be');
    expect(() => quantum.pureConcurrence(backend, MatrixState.of(qubits, density(4, 2, 3)), [0])).toThrow(
      'must be pure',
    );
  });
});

eachBackend('distances of states', (backend) => {
  const sites = StringBasis.sectors(5, 1, 1);

  it('are ordered: 1 − √F ≤ T, Bures ≤ Hellinger, ‖·‖_F ≤ 2T, Bures ≤ √(2T)', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 5 }), (seed, rank) => {
        const [rho, sigma] = [0, 7].map((shift) => MatrixState.of(sites, density(5, rank, seed + shift)));
        const bures = quantum.buresDistance(backend, rho!, sigma!);
        const hellinger = quantum.hellingerDistance(backend, rho!, sigma!);
        const trace = quantum.traceDistance(backend, rho!, sigma!);
        const root = quantum.rootFidelity(backend, rho!, sigma!);
        return (
          Math.abs(bures ** 2 - 2 * (1 - root)) <= 1e-6 &&
          bures <= hellinger + 1e-6 &&
          bures ** 2 <= 2 * trace + 1e-6 &&
          quantum.hilbertSchmidtDistance(backend, rho!, sigma!) <= 2 * trace + 1e-13 &&
          Math.abs(quantum.buresAngle(backend, rho!, sigma!) - 2 * Math.asin(bures / 2)) <= 1e-12
        );
      }),
      { numRuns: 40 },
    );
  });

  it('of diagonal states are the classical ones, also as matrices, and of nearly equal ones keep their digits', () => {
    const mixture = (p: number) =>
      DiagonalState.ofMixture(5, [
        { tokens: [0], weight: p },
        { tokens: [1], weight: 1 - p },
      ]);
    const [a, b] = [mixture(0.2), mixture(0.5)];
    const hellinger = Math.sqrt((Math.sqrt(0.2) - Math.sqrt(0.5)) ** 2 + (Math.sqrt(0.8) - Math.sqrt(0.5)) ** 2);
    for (const convert of [(s: quantum.QuantumState) => s, quantum.toMatrixState]) {
      for (const distance of [quantum.hellingerDistance, quantum.buresDistance])
        expectClose(distance(backend, convert(a), convert(b)), hellinger, 1e-14);
      expectClose(quantum.hilbertSchmidtDistance(backend, convert(a), convert(b)), Math.sqrt(0.18), 1e-15);
    }
    const [c, d] = [mixture(0.5), mixture(0.5 + 1e-9)];
    for (const convert of [(s: quantum.QuantumState) => s, quantum.toMatrixState])
      for (const distance of [quantum.hellingerDistance, quantum.buresDistance])
        expectClose(distance(backend, convert(c), convert(d)) / 1e-9, 1, 1e-6);
  });
});

function traceOf({ rows, columns, data }: ComplexMatrix): [number, number] {
  let [re, im] = [0, 0];
  for (let i = 0; i < rows; i++) {
    re += data[2 * (i * columns + i)]!;
    im += data[2 * (i * columns + i) + 1]!;
  }
  return [re, im];
}
