/** Singular values and vectors of random square matrices, copied in and out. */
import type { Width } from '../../src/backend/contract/hermitian.ts';
import { svdWorkLength } from '../../src/backend/contract/svd.ts';
import type { Backend } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numpyDecomposition } from '../peers/numpy-decompositions.ts';
import { copyOut, numbersOf, put, randomNumbers } from './blocks.ts';

export const svdCases: readonly Case[] = [
  ...([1, 2] as const).flatMap((width) =>
    [16, 64, 128, 256].flatMap((n) => [true, false].map((vectors) => svdCase(n, width, vectors))),
  ),
  ...([1, 2] as const).map((width) => jacobiCase(64, width)),
];

function fieldOf(width: Width): 'real' | 'complex' {
  return width === 1 ? 'real' : 'complex';
}

function svdCase(n: number, width: Width, vectors: boolean): Case {
  const amount = (vectors ? (width === 1 ? 19 : 39) : (width === 1 ? 8 : 32) / 3) * n ** 3;
  return {
    group: 'svd',
    name: `svd ${fieldOf(width)} ${n}${vectors ? ' thin' : ' values'}`,
    precision: 'f64',
    work: { amount, unit: 'GFLOP/s' },
    peers: numpyDecomposition(vectors ? 'svd' : 'singularValues', n, fieldOf(width)),
    prepare: (backend) => prepareSvd(backend, n, width, vectors),
  };
}

function prepareSvd(backend: Backend, n: number, width: Width, withVectors: boolean): Prepared {
  const data = randomNumbers(width * n * n, n);
  const a = put(backend, 'f64', data);
  const [values, info] = [put(backend, 'f64', n), put(backend, 'f64', 1)];
  const [u, v] = [0, 1].map(() => (withVectors ? put(backend, 'f64', width * n * n) : null)) as [typeof a, typeof a];
  const work = put(backend, 'f64', svdWorkLength(n, n, width, withVectors));
  const results = [copyOut('values', values), ...(withVectors ? [copyOut('u', u, true), copyOut('v', v, true)] : [])];
  return {
    run: () => {
      a.view().set(data);
      if (
        backend.kernels.svd({ a, rows: n, columns: n, width, values, u, uColumns: n, v, vColumns: n, work, info }) !== 0
      )
        throw new Error('svd failed');
      for (const result of results) result.copy();
    },
    outputs: () => results,
  };
}

function jacobiCase(n: number, width: Width): Case {
  return {
    group: 'svd',
    name: `jacobiRows ${fieldOf(width)} ${n}`,
    precision: 'f64',
    work: { amount: 8 * (width === 1 ? 5 : 20) * n ** 3, unit: 'GFLOP/s' },
    prepare: (backend) => {
      const data = randomNumbers(width * n * n, n);
      const [g, j, info] = [put(backend, 'f64', data), put(backend, 'f64', data.length), put(backend, 'f64', 1)];
      return {
        run: () => {
          g.view().set(data);
          j.view().fill(0);
          for (let k = 0, ones = j.view(); k < n; k++) ones[(k * n + k) * width] = 1;
          if (backend.kernels.jacobiRows({ g, j, n, width, info }) !== 0) throw new Error('jacobiRows failed');
        },
        outputs: () => [{ name: 'g', data: numbersOf(g), residual: true }],
      };
    },
  };
}
