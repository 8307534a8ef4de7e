/** One step of the lumped chain of an open system: N = 2 near step 8,000 and N = 4 near step 40. */

import { LUMPED_SUMS } from '../../src/backend/contract/lumping.ts';
import { CountIndex } from '../../src/fock/lumping/count-index.ts';
import type { Backend, Block } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

interface Chain {
  readonly backend: Backend;
  readonly index: CountIndex;
  readonly S: number;
  readonly m: number;
  readonly stride: number;
  readonly vectors: number;
  readonly counts: Block<'i32'>;
  readonly sources: Block<'i32'>;
  readonly p: Block<'f64'>;
  readonly logP: Block<'f64'>;
  readonly from: Block<'f64'>;
  readonly to: Block<'f64'>;
  readonly total: Block<'f64'>;
  readonly count: (cursor: Block<'i32'>) => void;
  readonly laws: () => void;
}

function chainOf(backend: Backend, S: number, m: number): Chain {
  const { kernels } = backend;
  const index = new CountIndex(S, m);
  const [vectors, stride] = [index.vectors(m), index.vectors(m - 1)];
  const scores = randomNumbers(S * S, 1);
  const order = put(backend, 'i32', S * S);
  const weights = put(backend, 'f64', S * S * S);
  for (let q = 0; q < S; q++) {
    const row = scores.subarray(q * S, (q + 1) * S);
    order.view().set(
      Array.from(row.keys()).sort((a, b) => row[b]! - row[a]!),
      q * S,
    );
    const table = weights.view().subarray(q * S * S);
    for (let g = 0; g < S; g++) {
      for (let k = 0; k < S; k++) table[g * S + k] = row[k]! > row[g]! ? 0 : Math.exp(row[k]! - row[g]!);
    }
  }
  const ranks = put(backend, 'i32', index.ranks);
  const map = put(
    backend,
    'i32',
    Int32Array.from({ length: S }, (_, k) => k),
  );
  const base = put(backend, 'f64', new Float64Array(S).fill(1));
  const [counts, sources] = [put(backend, 'i32', vectors * S), put(backend, 'i32', vectors * S)];
  const [p, logP] = [put(backend, 'f64', vectors * S * S), put(backend, 'f64', vectors * S * S)];
  const [products, masses] = [put(backend, 'f64', 1), put(backend, 'f64', 2 * S)];
  const weight = 1 / (S * stride);
  const from = Float64Array.from({ length: 2 * S * stride }, (_, i) => (i % 2 === 0 ? weight : 0));
  const count = (cursor: Block<'i32'>) => {
    cursor.view().fill(0);
    kernels.lumpedCounts({ cursor, ranks, width: index.width, S, m, stride, counts, sources, count: vectors });
  };
  const laws = () =>
    kernels.lumpedLaws({ weights, order, map, base, counts, S, K: S, H: 1, products, masses, p, count: vectors });
  count(put(backend, 'i32', S));
  laws();
  kernels.mapLog({ src: p, dst: logP, n: vectors * S * S });
  const to = put(backend, 'f64', 2 * S * vectors);
  const total = put(backend, 'f64', 2);
  return {
    backend,
    index,
    S,
    m,
    stride,
    vectors,
    counts,
    sources,
    p,
    logP,
    from: put(backend, 'f64', from),
    to,
    total,
    count,
    laws,
  };
}

function lumpingCase(kernel: string, S: number, m: number, prepare: (chain: Chain) => Prepared): Case {
  const transitions = new CountIndex(S, m).vectors(m) * S * S;
  return {
    group: 'lumping',
    name: `${kernel} N = ${S}`,
    precision: 'f64',
    work: { amount: transitions, unit: 'M elements/s' },
    prepare: (backend) => prepare(chainOf(backend, S, m)),
  };
}

function spreadCase(name: string, S: number, m: number, a: number): Case {
  return lumpingCase(`lumpedSpread ${name}`, S, m, ({ backend, sources, p, logP, from, to, total, vectors }) => ({
    run: () => {
      total.view().fill(0);
      backend.kernels.lumpedSpread({
        from,
        sources,
        p,
        logP,
        a,
        logQ: null,
        b: 0,
        S,
        to,
        stride: vectors,
        first: 0,
        count: vectors,
        total,
      });
    },
    outputs: () => [
      { name: 'to', data: numbersOf(to) },
      { name: 'total', data: numbersOf(total) },
    ],
  }));
}

/** Elements are transitions. */
export const lumpingCases: readonly Case[] = [
  [2, 8000],
  [4, 40],
].flatMap(([S, m]) => [
  lumpingCase('lumpedCounts', S!, m!, ({ backend, count, counts, sources }) => {
    const cursor = put(backend, 'i32', S!);
    return {
      run: () => count(cursor),
      outputs: () => [
        { name: 'counts', data: numbersOf(counts) },
        { name: 'sources', data: numbersOf(sources) },
      ],
    };
  }),
  lumpingCase('lumpedLaws', S!, m!, ({ laws, p }) => ({
    run: laws,
    outputs: () => [{ name: 'p', data: numbersOf(p) }],
  })),
  spreadCase('α = 1', S!, m!, 1),
  spreadCase('α = 1/2', S!, m!, 0.5),
  lumpingCase('lumpedBest', S!, m!, ({ backend, sources, p, from, to, total, vectors }) => {
    const back = put(backend, 'u8', S! * vectors);
    return {
      run: () =>
        backend.kernels.lumpedBest({
          from,
          sources,
          p,
          S: S!,
          to,
          back,
          stride: vectors,
          first: 0,
          count: vectors,
          best: total,
        }),
      outputs: () => [{ name: 'to', data: numbersOf(to) }],
    };
  }),
  lumpingCase('lumpedExpectations', S!, m!, ({ backend, sources, p, logP, from, vectors }) => {
    const sums = put(backend, 'f64', LUMPED_SUMS.marginals + S!);
    return {
      run: () => {
        sums.view().fill(0);
        backend.kernels.lumpedExpectations({
          from,
          sources,
          p,
          logP,
          q: null,
          logQ: null,
          S: S!,
          count: vectors,
          sums,
        });
      },
      outputs: () => [{ name: 'sums', data: numbersOf(sums) }],
    };
  }),
]);
