import { describe, expect, it } from 'vitest';
import { quantum } from '../../src/fock/index.ts';
import { lowerBound, upperBound } from '../../src/fock/quantum/diamond/certificates.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { adjoint, asComplex, product, randomMatrix, scaled } from '../support/dense-algebra.ts';
import { expectNorm } from '../support/diamond.ts';
import { expectClose } from '../support/numbers.ts';

const { Channel, diamondNorm, diamondNormAsync, tensorMaps } = quantum;

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
const PAULI = [identity(2), X, Y, Z];
const same = (d: number) => Channel.ofKraus([identity(d)]);
const unitary = (u: AnyMatrix) => Channel.ofKraus([u]);
/** Σ_k c_k a_k */
const sum = (terms: readonly (readonly [number, quantum.Channel])[]) => {
  const { inputs, outputs, choi } = terms[0]![1];
  const all = new ComplexMatrix(choi.rows, choi.rows);
  for (const [c, map] of terms) for (const [at, x] of map.choi.data.entries()) all.data[at]! += c * x;
  return new Channel(inputs, outputs, all);
};
function phases(...angles: number[]): quantum.Channel {
  const u = new ComplexMatrix(angles.length, angles.length);
  for (const [i, x] of angles.entries()) u.data.set([Math.cos(x), Math.sin(x)], 2 * (i * angles.length + i));
  return unitary(u);
}
/** ρ ↦ cos x ρ + i sin x ρᵀ, which makes Hermitian operators something else. */
const swapped = (x: number) =>
  Channel.ofMap(2, 2, (unit) => {
    const image = scaled(unit, Math.cos(x));
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const)
      image.data[2 * (i * 2 + j) + 1]! += Math.sin(x) * unit.data[2 * (j * 2 + i)]!;
    return image;
  });
const overrotation = (x: number) =>
  unitary(
    ComplexMatrix.fromRows([
      [Math.cos((Math.PI * x) / 2), [0, Math.sin((Math.PI * x) / 2)]],
      [[0, Math.sin((Math.PI * x) / 2)], Math.cos((Math.PI * x) / 2)],
    ]),
  );
const hadamard = unitary(
  Matrix.fromRows([
    [Math.SQRT1_2, Math.SQRT1_2],
    [Math.SQRT1_2, -Math.SQRT1_2],
  ]),
);

eachBackend('diamond norms that others list', (backend) => {
  // QuTiP's table, from QuantumUtils for MATLAB.
  const AT = [1e-3, 3.1e-3, 1e-2, 3.1e-2, 1e-1, 3.1e-1];
  it.each([
    ['overrotation', overrotation, [3.141591e-3, 9.738899e-3, 3.141463e-2, 9.735089e-2, 3.128689e-1, 9.358596e-1]],
    [
      'mixture with Hadamard',
      (x: number) =>
        sum([
          [1 - x, same(2)],
          [x, hadamard],
        ]),
      AT.map((x) => 2 * x),
    ],
    ['swap', swapped, [2e-3, 6.199997e-3, 1.999992e-2, 6.199752e-2, 1.999162e-1, 6.173918e-1]],
  ] as const)("%s, six of QuTiP's eighteen rows", (_name, channel, expected) => {
    for (const [i, x] of AT.entries()) {
      const { value, converged } = diamondNorm(backend, channel(x), same(2));
      expectClose(value, expected[i]!, 1e-7);
      expect(converged).toBe(true);
    }
  });

  it("QuTiP's and toqito's simple pairs", () => {
    const depolarising = sum(PAULI.map((p) => [1 / 4, unitary(p)] as const));
    const dephasing = sum([
      [1 / 2, same(2)],
      [1 / 2, unitary(Z)],
    ]);
    const rotation = unitary(
      Matrix.fromRows([
        [Math.SQRT1_2, Math.SQRT1_2],
        [-Math.SQRT1_2, Math.SQRT1_2],
      ]),
    );
    expectNorm(diamondNorm(backend, same(2), unitary(X)), 2);
    expectNorm(diamondNorm(backend, same(2), depolarising), 1.5);
    expectNorm(diamondNorm(backend, rotation, same(2)), Math.SQRT2);
    expectNorm(diamondNorm(backend, dephasing, depolarising), 1);
    expectNorm(diamondNorm(backend, dephasing), 1);
    expect(diamondNorm(backend, dephasing, dephasing)).toEqual({
      value: 0,
      lower: 0,
      upper: 0,
      converged: true,
      steps: 0,
    });
    // X ↦ Tr(X)·1, whose Choi matrix is 1: ‖E*(1)‖ = 2
    expectNorm(diamondNorm(backend, new Channel(2, 2, identity(4))), 2);
  });

  it("Qiskit's sums of Pauli unitaries on one to three qubits: Σ|c|", () => {
    for (const qubits of [1, 2, 3]) {
      const maps = PAULI.map((p) =>
        Array.from({ length: qubits - 1 }).reduce<quantum.Channel>((all) => tensorMaps(all, unitary(p)), unitary(p)),
      );
      expectNorm(diamondNorm(backend, sum([-1, 0.5, 2.5, -0.1].map((c, i) => [c, maps[i]!] as const))), 4.1);
    }
  });
});

eachBackend('diamond norms in closed form', (backend) => {
  it('unitaries: 2√(1 − r²), r the distance of 0 from the hull of the eigenvalues', () => {
    // One arc of less than a half circle between the outermost eigenvalues, or 0 in the hull.
    for (const [angles, arc] of [
      [[0, 3], 3],
      [[0, 0, 0, 3], 3],
      [[0, 0.4, 1.1], 1.1],
      [[0.2, -0.9, 1.3, 0.1], 2.2],
      [[0, 2, 4], Math.PI],
      [[0, Math.PI], Math.PI],
      [[0, 1e-5], 1e-5],
    ] as const)
      expectNorm(diamondNorm(backend, phases(...angles), same(angles.length)), 2 * Math.sin(arc / 2));
  });

  it('isometries that share one vector are perfectly distinguished', () => {
    const one = Channel.ofKraus([
      Matrix.fromRows([
        [1, 0],
        [0, 1],
        [0, 0],
      ]),
    ]);
    const other = Channel.ofKraus([
      Matrix.fromRows([
        [1, 0],
        [0, 0],
        [0, 1],
      ]),
    ]);
    const found = diamondNorm(backend, one, other);
    expectNorm(found, 2);
    expect(found.upper <= 2 + 1e-12).toBe(true);
  });

  it('transposition: d; X ↦ AXB†: ‖A‖‖B‖, which keeps nothing Hermitian', () => {
    for (const d of [2, 3]) {
      const transposition = Channel.ofMap(d, d, (unit) => {
        const image = new ComplexMatrix(d, d);
        for (let at = 0; at < d * d; at++) image.data[2 * ((at % d) * d + Math.floor(at / d))] = unit.data[2 * at]!;
        return image;
      });
      expectNorm(diamondNorm(backend, transposition), d);
    }
    const [a, b] = [phasedDiagonal(3, 0.5), phasedDiagonal(0.25, 2)];
    const map = Channel.ofMap(2, 2, (unit) => product(product(a, unit), adjoint(b)));
    expectNorm(diamondNorm(backend, map), 6);
  });

  it('is homogeneous, at any size', () => {
    const map = sum([
      [1, phases(0, 1, 2)],
      [-0.3, same(3)],
    ]);
    const { value } = diamondNorm(backend, map);
    for (const factor of [1e-300, 1e-20, 1e20, 1e300])
      expectClose(diamondNorm(backend, sum([[factor, map]])).value / factor, value, 1e-7 * value);
  });

  it('is multiplicative for tensor products', () => {
    const [a, b] = [
      sum([
        [1, phases(0, 1)],
        [-1, same(2)],
      ]),
      sum([
        [1, unitary(X)],
        [0.5, same(2)],
      ]),
    ];
    const [x, y] = [diamondNorm(backend, a).value, diamondNorm(backend, b).value];
    expectNorm(diamondNorm(backend, tensorMaps(a, b)), x * y, 1e-7);
  });
});

/** |J| of a J with two opposite eigenvalues ±λ: J²/λ, λ² = Tr J²/2. */
function absoluteOf(j: ComplexMatrix): Float64Array {
  const square = product(j, j);
  const trace = square.data.reduce((all, value, at) => (at % 10 === 0 ? all + value : all), 0);
  return square.data.map((value) => value / Math.sqrt(trace / 2));
}

function phasedDiagonal(x: number, y: number): ComplexMatrix {
  return ComplexMatrix.fromRows([
    [[0, x], 0],
    [0, y],
  ]);
}

eachBackend('bounds that are not yet close', (backend) => {
  it('hold after every step, and say that they are not', () => {
    const map = sum([
      [1, phases(0, 0.4, 1.1)],
      [-1, same(3)],
    ]);
    const norm = 2 * Math.sin(0.55);
    const seen: quantum.DiamondProgress[] = [];
    diamondNorm(backend, map, null, { tolerance: 1e-9, onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(4);
    for (const [k, { lower, upper, steps }] of seen.entries()) {
      expect(steps).toBe(k);
      expect(lower <= norm + 1e-12 && norm <= upper + 1e-12).toBe(true);
      if (k > 0) expect(lower >= seen[k - 1]!.lower && upper <= seen[k - 1]!.upper).toBe(true);
      const stopped = diamondNorm(backend, map, null, { tolerance: 1e-9, maxSteps: k });
      expect([stopped.lower, stopped.upper, stopped.steps]).toEqual([lower, upper, k]);
    }
    expect(diamondNorm(backend, map, null, { maxSteps: 2 }).converged).toBe(false);
    expect(diamondNorm(backend, map, null, { tolerance: 1e-12, maxSteps: 30 }).converged).toBe(false);
  });

  it('hold for any input and any Z, feasible or not', () => {
    const { choi } = sum([
      [1, phases(0, 1.1)],
      [-1, same(2)],
    ]);
    const norm = 2 * Math.sin(0.55);
    for (const seed of [1, 2, 3]) {
      const root = randomMatrix('complex', 2, 2, seed);
      expect(lowerBound(backend, choi, product(root, adjoint(root))) <= norm).toBe(true);
      const z = product(randomMatrix('complex', 4, 4, seed), adjoint(randomMatrix('complex', 4, 4, seed)));
      for (const size of [-1, 0, 0.1, 1, 10]) expect(upperBound(backend, choi, scaled(z, size), 2) >= norm).toBe(true);
    }
    // Z = |J| is feasible, and λ_max(Tr_out|J|) is the norm here; half of it is not, and pays for that.
    const half = scaled(new ComplexMatrix(4, 4, absoluteOf(choi)), 0.5);
    expect(upperBound(backend, choi, half, 2) >= norm).toBe(true);
    // One input, four outputs: ‖J‖₁ = 4, and Z = 0 fails by 1 in each of them.
    const flat = ComplexMatrix.fromReal(
      Matrix.fromRows([
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, -1, 0],
        [0, 0, 0, -1],
      ]),
    );
    const bound = upperBound(backend, flat, new ComplexMatrix(4, 4), 1);
    expect(bound >= 4 && bound < 4 + 1e-12).toBe(true);
    expectNorm(diamondNorm(backend, new Channel(1, 4, flat)), 4);
  });

  it('never pass 2 for channels, but for rounding', () => {
    for (const [seed, d, D, r] of [
      [1, 2, 2, 1],
      [2, 3, 2, 2],
      [3, 2, 4, 2],
      [4, 4, 4, 1],
    ] as const) {
      const [a, b] = [randomChannel(seed, d, D, r), randomChannel(seed + 9, d, D, r + 1)];
      const { upper } = diamondNorm(backend, a, b, { maxSteps: 0 });
      expect(upper <= 2 + 1e-11, String(upper)).toBe(true);
      expectNorm(diamondNorm(backend, a), 1);
    }
  });

  it('is aborted between steps', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ steps }: quantum.DiamondProgress) => {
      seen.push(steps);
      if (steps === 2) controller.abort(new Error('enough'));
    };
    const [a, b] = [phases(0, 0.4, 1.1), same(3)];
    await expect(diamondNormAsync(backend, a, b, { signal: controller.signal, onProgress })).rejects.toThrow('enough');
    expect(seen).toEqual([0, 1, 2]);
    expect(await diamondNormAsync(backend, a, b)).toEqual(diamondNorm(backend, a, b));
  });

  it('refuse what they cannot use', () => {
    const pairs = [
      [() => diamondNorm(backend, same(2), same(3)), 'both channels must go between the same dimensions'],
      [() => diamondNorm(backend, identity(4) as never), 'a must be a Channel, but it is of the class Matrix'],
      [() => diamondNorm(backend, same(2), 3 as never), 'b must be a Channel, but it is the number 3'],
      [() => diamondNorm(backend, same(2), null, { tolerance: 0 }), 'tolerance must be from 1e-12 to 1'],
      [() => diamondNorm(backend, same(2), null, { tolerance: Number.NaN }), 'tolerance must be from'],
      [() => diamondNorm(backend, same(2), null, { maxSteps: -1 }), 'maxSteps must be'],
    ] as const;
    for (const [call, message] of pairs) expect(call).toThrow(message);
  });
});

/** An isometry of d columns cut in r operators, by Gram and Schmidt. */
function randomChannel(seed: number, d: number, D: number, r: number): quantum.Channel {
  const w = asComplex(randomMatrix('complex', D * r, d, seed));
  const columns = Array.from({ length: d }, (_, j) =>
    Float64Array.from({ length: 2 * D * r }, (_, at) => w.data[2 * (Math.floor(at / 2) * d + j) + (at % 2)]!),
  );
  for (const [j, column] of columns.entries()) {
    for (let pass = 0; pass < 2; pass++) {
      for (const other of columns.slice(0, j)) {
        let [re, im] = [0, 0];
        for (let at = 0; at < column.length; at += 2) {
          re += other[at]! * column[at]! + other[at + 1]! * column[at + 1]!;
          im += other[at]! * column[at + 1]! - other[at + 1]! * column[at]!;
        }
        for (let at = 0; at < column.length; at += 2) {
          column[at]! -= re * other[at]! - im * other[at + 1]!;
          column[at + 1]! -= re * other[at + 1]! + im * other[at]!;
        }
      }
    }
    const size = Math.hypot(...column);
    for (let at = 0; at < column.length; at++) column[at]! /= size;
  }
  const isometry = new ComplexMatrix(D * r, d);
  for (const [j, column] of columns.entries())
    for (let at = 0; at < column.length; at++) isometry.data[2 * (Math.floor(at / 2) * d + j) + (at % 2)] = column[at]!;
  return Channel.ofStinespring(D, isometry);
}

describe('both backends', () => {
  it('give the same bits', () => {
    const [a, b] = [randomChannel(5, 3, 3, 2), randomChannel(6, 3, 3, 2)];
    expect(diamondNorm(tsBackend, a, b)).toEqual(diamondNorm(wasmBackend, a, b));
  });
});
