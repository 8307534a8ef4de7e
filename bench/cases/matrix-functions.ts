/** Functions of matrices: their kernels, and whole calls beside SciPy. */
import { leadingDimension } from '../../src/backend/contract/eigen.ts';
import { exponentialWork } from '../../src/backend/contract/matrix-functions.ts';
import { type Backend, linalg } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { scipyFunction } from '../peers/scipy-functions.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const GROUP = 'functions';
/** Order of the kernels' cases: the largest that the host leaves to one call. */
const N = 32;
const SIZES = [16, 64, 128] as const;

type Width = 1 | 2;
const WIDTHS = [1, 2] as const;
const fieldOf = (width: Width) => (width === 1 ? 'real' : 'complex');

/** An upper triangular matrix with a heavy diagonal. */
function triangle(width: Width, ld: number, seed: number): Float64Array {
  const data = randomNumbers(width * N * ld, seed);
  for (let i = 0; i < N; i++) {
    data.fill(0, i * ld * width, (i * ld + i) * width);
    data[(i * ld + i) * width] = 4 + i / N;
  }
  return data;
}

const kernelCases = WIDTHS.flatMap((width): Case[] => {
  const ld = leadingDimension(N, width);
  const flops = (width === 1 ? 1 : 4) * N ** 3;
  return [
    {
      group: GROUP,
      name: `solveSylvester ${fieldOf(width)} ${N}`,
      precision: 'f64',
      work: { amount: 2 * flops, unit: 'GFLOP/s' },
      prepare(backend) {
        const right = randomNumbers(width * N * ld, 3);
        const [a, b] = [put(backend, 'f64', triangle(width, ld, 1)), put(backend, 'f64', triangle(width, ld, 2))];
        const c = put(backend, 'f64', right);
        return {
          run: () => {
            c.view().set(right);
            backend.kernels.solveSylvester({ width, m: N, n: N, a, lda: ld, b, ldb: ld, c, ldc: ld, floor: 0 });
          },
          outputs: () => [{ name: 'x', data: numbersOf(c) }],
        };
      },
    },
    {
      group: GROUP,
      name: `triangularRoot ${fieldOf(width)} ${N}`,
      precision: 'f64',
      work: { amount: flops / 3, unit: 'GFLOP/s' },
      prepare(backend) {
        const source = triangle(width, ld, 1);
        const t = put(backend, 'f64', source);
        return {
          run: () => {
            t.view().set(source);
            backend.kernels.triangularRoot({ width, n: N, t, ld, floor: 0 });
          },
          outputs: () => [{ name: 'r', data: numbersOf(t) }],
        };
      },
    },
  ];
});

const exponentialCases = WIDTHS.map((width): Case => {
  const length = width * N * N;
  const work = exponentialWork(N, width);
  return {
    group: GROUP,
    name: `exponential ${fieldOf(width)} ${N}`,
    precision: 'f64',
    work: { amount: (width === 1 ? 1 : 4) * 20 * N ** 3, unit: 'GFLOP/s' },
    prepare(backend) {
      const source = randomNumbers(length, 1);
      const [a, x] = [put(backend, 'f64', length), put(backend, 'f64', length)];
      const [powers, parts] = [put(backend, 'f64', 4 * length), put(backend, 'f64', 3 * length)];
      const [vectors, pivots] = [put(backend, 'f64', 2 * N + 20), put(backend, 'i32', N)];
      const [info, space] = [put(backend, 'f64', 2), put(backend, 'f64', work)];
      return {
        run: () => {
          a.view().set(source);
          const scratch = { powers, parts, vectors, pivots, work: space };
          backend.kernels.exponential({ width, n: N, before: 0, square: 1, a, x, info, ...scratch });
        },
        outputs: () => [{ name: 'x', data: numbersOf(x) }],
      };
    },
  };
});

const sumCase: Case = {
  group: GROUP,
  name: 'weightedSum 3×16384',
  precision: 'f64',
  work: { amount: 4 * 8 * 16384, unit: 'GB/s' },
  prepare(backend) {
    const length = 16384;
    const [c, x] = [put(backend, 'f64', randomNumbers(3, 1)), put(backend, 'f64', randomNumbers(3 * length, 2))];
    const y = put(backend, 'f64', length);
    return {
      run: () => backend.kernels.weightedSum({ count: 3, length, coefficients: c, x, stride: length, y }),
      outputs: () => [{ name: 'y', data: numbersOf(y) }],
    };
  },
};

/** Flops counted: degree 13 with three squarings; Schur form, roots and products with seven nodes. */
const FUNCTIONS = {
  expm: { n3: 22, call: (backend: Backend, a: linalg.AnyMatrix) => linalg.expm(backend, a).value },
  logm: { n3: 50, call: (backend: Backend, a: linalg.AnyMatrix) => linalg.logm(backend, a).value },
  sqrtm: { n3: 45, call: (backend: Backend, a: linalg.AnyMatrix) => linalg.sqrtm(backend, a).value },
} as const;

/** A random matrix plus √n on the diagonal: eigenvalues off the negative axis. */
function wholeCase(name: keyof typeof FUNCTIONS, width: Width, n: number): Case {
  const data = randomNumbers(width * n * n, 3);
  for (let i = 0; i < n; i++) data[(i * n + i) * width]! += Math.sqrt(n);
  const a = width === 1 ? new linalg.Matrix(n, n, data) : new linalg.ComplexMatrix(n, n, data);
  const { n3, call } = FUNCTIONS[name];
  return {
    group: GROUP,
    name: `${name} ${fieldOf(width)} ${n}`,
    precision: 'f64',
    work: { amount: (width === 1 ? 1 : 4) * n3 * n ** 3, unit: 'GFLOP/s' },
    peers: scipyFunction(name, n, fieldOf(width)),
    prepare(backend) {
      let value = call(backend, a);
      return {
        run: () => {
          value = call(backend, a);
        },
        outputs: () => [{ name: 'value', data: value.data }],
      };
    },
  };
}

export const matrixFunctionCases: readonly Case[] = [
  ...kernelCases,
  ...exponentialCases,
  sumCase,
  ...(['expm', 'logm', 'sqrtm'] as const).flatMap((name) =>
    WIDTHS.flatMap((width) => SIZES.map((n) => wholeCase(name, width, n))),
  ),
];
