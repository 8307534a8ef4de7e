/**
 * LU, solutions, Cholesky and QR of random matrices. The factorisations work in place, so that every call begins with a copy. `product` is
 * the time of a real product with as many operations.
 */

import { gemmWork } from '../../src/backend/contract/dense.ts';
import { factorWorkLength, qrMultiplyWorkLength, qrWorkLength } from '../../src/backend/contract/factorisations.ts';
import type { Width } from '../../src/backend/contract/hermitian.ts';
import { type Backend, type Block, openBackend } from '../../src/index.ts';
import type { Case, Prepared, Rival } from '../case.ts';
import { numpyFactorisation } from '../peers/numpy-decompositions.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const SIZES = [16, 64, 128, 256, 512, 1024];
/** From here on a call takes long, and above it one of the twin many seconds. */
const LONG = 512;
const yardstick = await openBackend({ kind: 'wasm', threads: 1 });
/** Sizes of the kernels that are not products almost alone. */
const LEAST = 3;

/** NumPy's or SciPy's counterpart of a kernel: the factors alone. */
const PEERS: Readonly<Record<string, Parameters<typeof numpyFactorisation>[0]>> = {
  lu: 'lu',
  cholesky: 'cholesky',
  qr: 'qr',
  'qr pivoted': 'qrPivoted',
};

export const factorisationCases: readonly Case[] = ([1, 2] as const).flatMap((width) =>
  SIZES.flatMap((n, index) => [
    factorisationCase('lu', n, width, 2 / 3, prepareLu),
    factorisationCase('cholesky', n, width, 1 / 3, prepareCholesky),
    factorisationCase('qr', n, width, 4 / 3, (...args) => prepareQr(...args, false)),
    ...(index < LEAST
      ? [
          factorisationCase('luSolve', n, width, 2, prepareSolve),
          factorisationCase('qr pivoted', n, width, 4 / 3, (...args) => prepareQr(...args, true)),
          factorisationCase('qrMultiply', n, width, 2, prepareMultiply),
        ]
      : []),
  ]),
);

/** A product n×k by k×n of about as many operations: what a factorisation would take at the product's rate. */
function productOf(n: number, k: number): Rival {
  return {
    name: 'product',
    yardstick: true,
    prepare: () => {
      const inner = Math.max(1, Math.round(k));
      const [a, b] = [0, 1].map((seed) => put(yardstick, 'f64', randomNumbers(n * inner, seed))) as [
        Block<'f64'>,
        Block<'f64'>,
      ];
      const [c, work] = [put(yardstick, 'f64', n * n), put(yardstick, 'f64', gemmWork('f64', n, n, inner))];
      const shape = { opA: 'none', opB: 'none', m: n, n, k: inner, lda: inner, ldb: n, ldc: n } as const;
      return {
        run: () => yardstick.kernels.gemm({ shape, alpha: 1, a, b, beta: 0, c, work }),
        outputs: () => [{ name: 'c', data: numbersOf(c) }],
      };
    },
  };
}

function factorisationCase(
  kernel: string,
  n: number,
  width: Width,
  flops: number,
  prepare: (backend: Backend, n: number, width: Width) => Prepared,
): Case {
  const field = width === 1 ? 'real' : 'complex';
  return {
    group: 'factorisations',
    name: `${kernel} ${field} ${n}`,
    precision: 'f64',
    long: n >= LONG,
    withoutTwin: n > LONG,
    rivals: kernel in PEERS ? [productOf(n, (width * width * flops * n) / 2)] : [],
    peers: kernel in PEERS ? numpyFactorisation(PEERS[kernel]!, n, field) : [],
    work: { amount: (width === 1 ? 1 : 4) * flops * n ** 3, unit: 'GFLOP/s' },
    prepare: (backend) => prepare(backend, n, width),
  };
}

/** Random with a heavy diagonal, so that it is positive definite once it is Hermitian. */
function heavyDiagonal(n: number, width: Width): Float64Array {
  const data = randomNumbers(width * n * n, n);
  for (let k = 0; k < n; k++) data[(k * n + k) * width]! += 2 * n;
  return data;
}

function prepareLu(backend: Backend, n: number, width: Width): Prepared {
  const data = randomNumbers(width * n * n, n);
  const [a, pivots] = [put(backend, 'f64', data), put(backend, 'i32', n)];
  const work = put(backend, 'f64', factorWorkLength(n, width));
  return {
    run: () => {
      a.view().set(data);
      backend.kernels.lu({ a, n, width, pivots, work });
    },
    outputs: () => [
      { name: 'factors', data: numbersOf(a) },
      { name: 'pivots', data: numbersOf(pivots) },
    ],
  };
}

function prepareSolve(backend: Backend, n: number, width: Width): Prepared {
  const [a, pivots] = [put(backend, 'f64', heavyDiagonal(n, width)), put(backend, 'i32', n)];
  backend.kernels.lu({ a, n, width, pivots, work: put(backend, 'f64', factorWorkLength(n, width)) });
  const data = randomNumbers(width * n * n, n + 1);
  const b = put(backend, 'f64', data);
  return {
    run: () => {
      b.view().set(data);
      backend.kernels.luSolve({ factors: a, pivots, n, width, b, columns: n, adjoint: false });
    },
    outputs: () => [{ name: 'x', data: numbersOf(b) }],
  };
}

/** The kernel reads the lower triangle alone, so the matrix need not be made Hermitian; its diagonal must be real. */
function prepareCholesky(backend: Backend, n: number, width: Width): Prepared {
  const data = heavyDiagonal(n, width);
  const [a, work] = [put(backend, 'f64', data), put(backend, 'f64', factorWorkLength(n, width))];
  return {
    run: () => {
      a.view().set(data);
      if (backend.kernels.cholesky({ a, n, width, work }) !== 0) throw new Error('cholesky failed');
    },
    outputs: () => [{ name: 'l', data: numbersOf(a) }],
  };
}

function prepareQr(backend: Backend, n: number, width: Width, pivot: boolean): Prepared {
  const data = randomNumbers(width * n * n, n);
  const [a, tau, permutation] = [
    put(backend, 'f64', data),
    put(backend, 'f64', 2 * n),
    pivot ? put(backend, 'i32', n) : null,
  ];
  const work = put(backend, 'f64', qrWorkLength(n, n, width, pivot));
  return {
    run: () => {
      a.view().set(data);
      backend.kernels.qr({ a, m: n, n, width, permutation, tau, work });
    },
    outputs: () => [
      { name: 'factors', data: numbersOf(a) },
      { name: 'tau', data: numbersOf(tau) },
      ...(permutation === null ? [] : [{ name: 'permutation', data: numbersOf(permutation) }]),
    ],
  };
}

function prepareMultiply(backend: Backend, n: number, width: Width): Prepared {
  const [a, tau] = [put(backend, 'f64', randomNumbers(width * n * n, n)), put(backend, 'f64', 2 * n)];
  backend.kernels.qr({
    a,
    m: n,
    n,
    width,
    permutation: null,
    tau,
    work: put(backend, 'f64', qrWorkLength(n, n, width, false)),
  });
  const data = randomNumbers(width * n * n, n + 1);
  const [b, work] = [put(backend, 'f64', data), put(backend, 'f64', qrMultiplyWorkLength(n, n, n, width))];
  return {
    run: () => {
      b.view().set(data);
      backend.kernels.qrMultiply({ factors: a, tau, m: n, n, width, b, columns: n, adjoint: false, work });
    },
    outputs: () => [{ name: 'b', data: numbersOf(b) }],
  };
}
