/** Iterations for a few values, beside SciPy's ARPACK. The work counted is that of the products, as many as our iteration takes. */
import { type Backend, linalg } from '../../src/index.ts';
import type { Case, Peer, Prepared } from '../case.ts';
import { scipyIterative } from '../peers/scipy-iterative.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const GROUP = 'iterative';

interface Outcome {
  readonly values: Float64Array;
  readonly residuals: Float64Array;
}

function iterationCase(
  name: string,
  flops: number,
  peers: readonly Peer[],
  operatorOf: (backend: Backend) => linalg.LinearOperator,
  solve: (backend: Backend, operator: linalg.LinearOperator) => Outcome,
): Case {
  return {
    group: GROUP,
    name,
    precision: 'f64',
    work: { amount: flops, unit: 'GFLOP/s' },
    long: true,
    peers,
    prepare(backend): Prepared {
      const operator = operatorOf(backend);
      let result: Outcome | null = null;
      return {
        run: () => {
          result = solve(backend, operator);
        },
        outputs: () => [
          { name: 'values', data: result!.values },
          { name: 'residuals', data: result!.residuals, residual: true },
        ],
      };
    },
  };
}

/** The five-point Laplacian on a k×k grid, whose double eigenvalues an iteration from one vector does not see at once. */
function laplacian(k: number): linalg.LinearOperator {
  return linalg.operatorFromCallbacks({
    rows: k * k,
    columns: k * k,
    field: 'real',
    structure: 'hermitian',
    apply(x, y) {
      for (let p = 0; p < k * k; p++) {
        const j = p % k;
        let sum = 4 * x[p]!;
        if (p >= k) sum -= x[p - k]!;
        if (p < k * k - k) sum -= x[p + k]!;
        if (j > 0) sum -= x[p - 1]!;
        if (j < k - 1) sum -= x[p + 1]!;
        y[p] = sum;
      }
    },
  });
}

const [ROWS, COLUMNS] = [768, 3072];

const productCases = ([0, 1] as const).flatMap((adjoint) =>
  ([1, 2] as const).map(
    (count): Case => ({
      group: GROUP,
      name: `rowProducts ${ROWS}x${COLUMNS}${adjoint === 1 ? ' adjoint' : ''}, ${count} at a time`,
      precision: 'f64',
      work: { amount: 2 * count * ROWS * COLUMNS, unit: 'GFLOP/s' },
      prepare(backend) {
        const [from, to] = adjoint === 1 ? [ROWS, COLUMNS] : [COLUMNS, ROWS];
        const a = put(backend, 'f64', randomNumbers(ROWS * COLUMNS, 1));
        const [x, y] = [put(backend, 'f64', randomNumbers(count * from, 2)), put(backend, 'f64', count * to)];
        const shape = { adjoint, count, m: ROWS, n: COLUMNS, lda: COLUMNS, ldx: from, ldy: to };
        return {
          run: () => backend.kernels.rowProducts({ ...shape, a, x, y }),
          outputs: () => [{ name: 'y', data: numbersOf(y) }],
        };
      },
    }),
  ),
);

/** One vector against a basis of orthonormal ones: rows of the unit matrix, so that a sweep is all it takes. */
const orthogonalisationCases = ([1, 2] as const).map((width): Case => {
  const [n, count] = [10_000, 30];
  return {
    group: GROUP,
    name: `orthogonalise ${width === 1 ? 'real' : 'complex'} ${n} against ${count}`,
    precision: 'f64',
    work: { amount: (width === 1 ? 4 : 16) * n * count, unit: 'GFLOP/s' },
    prepare(backend) {
      const rows = new Float64Array((count + 1) * n * width);
      for (let i = 0; i < count; i++) rows[(i * n + 300 * i) * width] = 1;
      const vector = randomNumbers(n * width, 1);
      const [basis, w] = [put(backend, 'f64', rows), put(backend, 'f64', n * width)];
      const [h, c] = [put(backend, 'f64', count * width), put(backend, 'f64', count * width)];
      const info = put(backend, 'f64', 2);
      return {
        run: () => {
          w.view().set(vector);
          const blocks = { basis, w, h, c, info };
          const how = { known: 0, relative: 1e-14, scale: 1 };
          backend.kernels.orthogonalise({ width, n, count, stride: n, ...how, ...blocks });
        },
        outputs: () => [
          { name: 'w', data: numbersOf(w) },
          { name: 'h', data: numbersOf(h) },
        ],
      };
    },
  };
});

export const iterativeCases: readonly Case[] = [
  ...productCases,
  ...orthogonalisationCases,
  iterationCase(
    'svds real 768x3072 largest 10',
    460 * 2 * 768 * 3072,
    scipyIterative('svds'),
    (backend) => linalg.matrixOperator(backend, new linalg.Matrix(768, 3072, randomNumbers(768 * 3072, 1))),
    (backend, operator) => linalg.svds(backend, operator, { count: 10 }),
  ),
  iterationCase(
    'eigs real 1000 largest magnitude 6',
    1078 * 2 * 1000 ** 2,
    scipyIterative('eigs'),
    (backend) => linalg.matrixOperator(backend, new linalg.Matrix(1000, 1000, randomNumbers(1_000_000, 2))),
    (backend, operator) => linalg.eigs(backend, operator, { count: 6 }),
  ),
  ...[true, false].map((probe) =>
    iterationCase(
      `eigsHermitian Laplacian 100x100 smallest 6${probe ? '' : ' without probe'}`,
      (probe ? 1100 : 550) * 10 * 10_000,
      scipyIterative('laplacian'),
      () => laplacian(100),
      (backend, operator) => linalg.eigsHermitian(backend, operator, { count: 6, which: 'smallest', probe }),
    ),
  ),
];
