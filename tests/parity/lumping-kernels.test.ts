import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { LUMPED_SUMS } from '../../src/backend/contract/lumping.ts';
import type { Block } from '../../src/backend/memory.ts';
import { CountIndex } from '../../src/fock/lumping/count-index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectSameBits, type PutGuarded } from '../support/guarded-blocks.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

interface Sizes {
  readonly S: number;
  readonly K: number;
  readonly H: number;
  readonly m: number;
  readonly seed: number;
  /** Exponent that scores are spread over: at 900 probabilities underflow. */
  readonly spread: number;
}

/** Everything the kernels write for the vectors of sum m, in two ranges of unequal length. */
function everything({ kernels }: Backend, put: PutGuarded, { S, K, H, m, seed, spread }: Sizes): Block[] {
  const index = new CountIndex(S, m);
  const [vectors, stride] = [index.vectors(m), index.vectors(m - 1)];
  const unit = (length: number, from: number) => testNumbers(length, seed + from).map((x) => (x + 1) / 2);
  const ranks = put('i32', index.ranks);
  const cursor = put('i32', S);
  const scores = unit(H * S * K, 1).map((x) => x * spread);
  const weights = put('f64', H * S * K * K);
  const order = put('i32', H * S * K);
  for (let row = 0; row < H * S; row++) {
    const own = scores.subarray(row * K, (row + 1) * K);
    order.view().set(
      Array.from(own.keys()).sort((a, b) => own[b]! - own[a]!),
      row * K,
    );
    const table = weights.view().subarray(row * K * K);
    for (let g = 0; g < K; g++) {
      for (let k = 0; k < K; k++) table[g * K + k] = own[k]! > own[g]! ? 0 : Math.exp(own[k]! - own[g]!);
    }
  }
  const map = put(
    'i32',
    Int32Array.from(unit(K ** H, 2), (x) => Math.floor(x * S)),
  );
  const base = put(
    'f64',
    Float64Array.from(unit(K, 3), (x, k) => (k < S ? Math.floor(3 * x) : 1)),
  );
  const numbers = unit(4 * S * stride, 4);
  const from = put(
    'f64',
    Float64Array.from({ length: 2 * S * stride }, (_, i) =>
      i % 2 === 0 ? numbers[i]! * 2 ** (numbers[i + 1]! * 500 - 256) : Math.floor(-3 * numbers[i]!),
    ),
  );
  const [to, best] = [put('f64', 2 * S * vectors), put('f64', 2 * S * vectors)];
  const totals = [0, 1, 2, 3, 4].map(() => put('f64', 2));
  const sums = put('f64', LUMPED_SUMS.marginals + S);
  const written: Block[] = [cursor, to, best, ...totals, sums];
  for (const [first, count] of [
    [0, Math.ceil(vectors / 3)],
    [Math.ceil(vectors / 3), vectors - Math.ceil(vectors / 3)],
  ] as const) {
    const [counts, sources] = [put('i32', count * S), put('i32', count * S)];
    const [p, logP, q, logQ] = [0, 1, 2, 3].map(() => put('f64', count * S * S));
    const [products, masses] = [put('f64', K ** (H - 1)), put('f64', 2 * K)];
    const back = put('u8', S * count);
    kernels.lumpedCounts({ cursor, ranks, width: index.width, S, m, stride, counts, sources, count });
    kernels.lumpedLaws({ weights, order, map, base, counts, S, K, H, products, masses, p: p!, count });
    kernels.mapLog({ src: p!, dst: logP!, n: count * S * S });
    q!.view().set(unit(count * S * S, 5).map((x) => (x < 0.1 ? 0 : x)));
    kernels.mapLog({ src: q!, dst: logQ!, n: count * S * S });
    for (const [i, a] of [1, 2, 0.37, 40].entries()) {
      const power = put('f64', 2 * S * vectors);
      kernels.lumpedSpread({
        from,
        sources,
        p: p!,
        logP: logP!,
        a,
        logQ: null,
        b: 0,
        S,
        to: power,
        stride: vectors,
        first,
        count,
        total: totals[i]!,
      });
      written.push(power);
    }
    kernels.lumpedSpread({
      from,
      sources,
      p: p!,
      logP: logP!,
      a: 0.25,
      logQ: logQ!,
      b: 0.75,
      S,
      to,
      stride: vectors,
      first,
      count,
      total: totals[4]!,
    });
    kernels.lumpedBest({ from, sources, p: p!, S, to: best, back, stride: vectors, first, count, best: totals[1]! });
    kernels.lumpedExpectations({ from, sources, p: p!, logP: logP!, q: null, logQ: null, S, count, sums });
    kernels.lumpedExpectations({ from, sources, p: p!, logP: logP!, q: q!, logQ: logQ!, S, count, sums });
    written.push(counts, sources, p!, logP!, back);
  }
  return written;
}

describe('lumping kernels give the same bits from both backends', () => {
  it.each<Sizes>([
    { S: 1, K: 1, H: 1, m: 3, seed: 1, spread: 2 },
    { S: 1, K: 4, H: 3, m: 1, seed: 2, spread: 2 },
    { S: 2, K: 2, H: 1, m: 40, seed: 3, spread: 5 },
    { S: 3, K: 5, H: 2, m: 7, seed: 4, spread: 900 },
    { S: 5, K: 6, H: 1, m: 4, seed: 5, spread: 900 },
  ])('$S tokens, $K occurring, $H heads, sum $m', (sizes) => {
    expectSameBits((backend, put) => everything(backend, put, sizes));
  });

  it('any sizes', () => {
    const sizes = fc.record({
      S: fc.integer({ min: 1, max: 4 }),
      K: fc.constant(0),
      H: fc.integer({ min: 1, max: 2 }),
      m: fc.integer({ min: 1, max: 9 }),
      seed: fc.nat(1e6),
      spread: fc.double({ min: 0, max: 1000, noNaN: true }),
    });
    fc.assert(
      fc.property(sizes, fc.nat(3), (drawn, more) => {
        expectSameBits((backend, put) => everything(backend, put, { ...drawn, K: drawn.S + more }));
      }),
      { numRuns: 40 },
    );
  });
});

eachBackend('lumping kernels', ({ memory, kernels }) => {
  const put: PutGuarded = (kind, data) => {
    const block = memory.allocate(kind, typeof data === 'number' ? data : data.length);
    if (typeof data !== 'number') block.view().set(data as never);
    return block;
  };

  it('lumpedBest: of several q that attain the maximum the least, also where others come from another exponent or are impossible', () => {
    memory.scope(() => {
      const S = 3;
      const back = put('u8', new Uint8Array(S).fill(9));
      const [to, best] = [put('f64', 2 * S), put('f64', 2)];
      kernels.lumpedBest({
        // Sources 0 and 1 are alike; source 2 is 2⁻⁵¹² of them.
        from: put('f64', Float64Array.of(0.5, -1, 0.5, -1, 0.5, -2)),
        sources: put('i32', Int32Array.of(0, 1, 2)),
        // Rows q, columns y: a tie of q = 0 and 1; a tie of 1 and, one exponent lower, 2; impossible from everywhere.
        p: put('f64', Float64Array.of(0.25, 0, 0, 0.25, 0.75, 0, 1, 0.75, 0)),
        S,
        to,
        back,
        stride: 1,
        first: 0,
        count: 1,
        best,
      });
      expect([...back.view()]).toEqual([0, 1, 0]);
      expect([...to.view()]).toEqual([0.125, -1, 0.375, -1, 0, 0]);
      expect([...best.view()]).toEqual([0.375, -1]);
    });
  });

  it('lumpedCounts: every vector once, in the order of ranks, with its sources', () => {
    memory.scope(() => {
      for (const [S, m] of [
        [1, 4],
        [2, 5],
        [4, 6],
      ] as const) {
        const index = new CountIndex(S, m);
        const count = index.vectors(m);
        const [counts, sources] = [put('i32', count * S), put('i32', count * S)];
        const stride = index.vectors(m - 1);
        kernels.lumpedCounts({
          cursor: put('i32', S),
          ranks: put('i32', index.ranks),
          width: index.width,
          S,
          m,
          stride,
          counts,
          sources,
          count,
        });
        for (let rank = 0; rank < count; rank++) {
          const d = counts.view().slice(rank * S, (rank + 1) * S);
          expect(d.reduce((sum, part) => sum + part, 0)).toBe(m);
          expect(index.rank(d)).toBe(rank);
          expect([...index.vector(rank, m)]).toEqual([...d]);
          for (const q of d.keys()) {
            const before = d.map((part, k) => part - (k === q ? 1 : 0));
            const source = d[q] === 0 ? -1 : q * stride + index.rank(before);
            expect(sources.view()[rank * S + q]).toBe(source);
          }
        }
      }
    });
  });

  it('lumpedSpread: powers across the range of exponents', () => {
    memory.scope(() => {
      const sources = put('i32', [0]);
      const p = 1e-300;
      const logP = put('f64', [Math.log(p)]);
      for (const a of [1, 2, 3.5, 1e6]) {
        const [to, total] = [put('f64', 2), put('f64', 2)];
        const from = put('f64', [0.75, -4]);
        kernels.lumpedSpread({
          from,
          sources,
          p: put('f64', [p]),
          logP,
          a,
          logQ: null,
          b: 0,
          S: 1,
          to,
          stride: 1,
          first: 0,
          count: 1,
          total,
        });
        const [m, e] = to.view();
        const expected = Math.log(0.75) - 4 * 512 * Math.LN2 + a * Math.log(p);
        expectClose(Math.log(m!) + e! * 512 * Math.LN2, expected, 1e-15 * Math.abs(expected) + 1e-12);
        expect([...total.view()]).toEqual([m, e]);
      }
    });
  });
});
