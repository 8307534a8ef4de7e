/** Eigenvalues and eigenvectors of random Hermitian matrices, copied in and out. */
import { eighWorkLength, type Width } from '../../src/backend/contract/hermitian.ts';
import type { Backend } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numpyDecomposition } from '../peers/numpy-decompositions.ts';
import { copyOut, put, randomNumbers } from './blocks.ts';

export const hermitianCases: readonly Case[] = ([1, 2] as const).flatMap((width) =>
  [16, 64, 128, 256].flatMap((n) => [true, false].map((vectors) => eighCase(n, width, vectors))),
);

function eighCase(n: number, width: Width, vectors: boolean): Case {
  const field = width === 1 ? 'real' : 'complex';
  const reduction = (width === 1 ? 4 / 3 : 16 / 3) * n ** 3;
  const amount = vectors ? (width === 1 ? 8.3 : 18) * n ** 3 : reduction;
  return {
    group: 'hermitian',
    name: `eigh ${field} ${n}${vectors ? '' : ' values'}`,
    precision: 'f64',
    work: { amount, unit: 'GFLOP/s' },
    peers: numpyDecomposition(vectors ? 'eigh' : 'eigvalsh', n, field),
    prepare: (backend) => prepare(backend, n, width, vectors),
  };
}

function prepare(backend: Backend, n: number, width: Width, withVectors: boolean): Prepared {
  const data = hermitian(n, width);
  const a = put(backend, 'f64', data);
  const [values, info] = [put(backend, 'f64', n), put(backend, 'f64', 1)];
  const vectors = withVectors ? put(backend, 'f64', width * n * n) : null;
  const work = put(backend, 'f64', eighWorkLength(n, width, withVectors));
  const results = [copyOut('values', values), ...(vectors === null ? [] : [copyOut('vectors', vectors, true)])];
  return {
    run: () => {
      a.view().set(data);
      if (backend.kernels.eigh({ a, n, width, values, vectors, work, info }) !== 0) throw new Error('eigh failed');
      for (const result of results) result.copy();
    },
    outputs: () => results,
  };
}

function hermitian(n: number, width: Width): Float64Array {
  const x = randomNumbers(width * n * n, n);
  return x.map((value, at) => {
    const [element, part] = [Math.floor(at / width), at % width];
    const mirrored = ((element % n) * n + Math.floor(element / n)) * width + part;
    return part === 0 ? value + x[mirrored]! : value - x[mirrored]!;
  });
}
