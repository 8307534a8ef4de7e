import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { Block, Precision, RealBlock } from '../../src/backend/memory.ts';
import { eachBackend } from '../support/backends.ts';
import { expectSameBits, type PutGuarded } from '../support/guarded-blocks.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const SIZES = [1, 2, 3, 5, 50, 512, 50257];

function born(
  { kernels }: Backend,
  put: PutGuarded,
  logits: ArrayLike<number>,
  precision: Precision = 'f64',
): Block<'f64'>[] {
  const V = logits.length;
  const [p, logP, psi, summary] = [put('f64', V), put('f64', V), put('f64', V), put('f64', 4)] as const;
  const block: RealBlock = precision === 'f32' ? put('f32', logits) : put('f64', logits);
  kernels.bornState({ logits: block, p, logP, psi, summary, V });
  return [p, logP, psi, summary];
}

/** Everything the state kernels write for two vectors of logits. */
function everything(
  backend: Backend,
  put: PutGuarded,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Block<'f64'>[] {
  const { kernels } = backend;
  const V = first.length;
  const a = born(backend, put, first);
  const b = born(backend, put, second);
  const divergences = put('f64', 3);
  kernels.compareLaws({ p: a[0]!, logP: a[1]!, q: b[0]!, logQ: b[1]!, divergences, V });
  const [basis, measures, bare] = [put('f64', 2 * V), put('f64', 3), put('f64', 3)];
  kernels.transition({ psiIn: a[2]!, psiOut: b[2]!, basis, measures, V });
  kernels.transition({ psiIn: b[2]!, psiOut: a[2]!, basis: null, measures: bare, V });
  const [y, work] = [put('f64', V), put('f64', 4)];
  kernels.lowRankApply({
    x: b[2]!,
    basis,
    coefficients: put('f64', [0.3, -1.7, 0.9, -0.1]),
    identity: 1,
    y,
    work,
    V,
    rank: 2,
  });
  const reflected = put('f64', a[2]!.view().slice());
  const small = put('f64', 2);
  kernels.lowRankApply({
    x: reflected,
    basis,
    coefficients: put('f64', [-2]),
    identity: 1,
    y: reflected,
    work: small,
    V,
    rank: 1,
  });
  const probe = put('f64', testNumbers(V, 8));
  const [change, residuals] = [put('f64', V), put('f64', 3)];
  const [C, D] = [put('f64', [0.3, -1.7, 0.9, -0.1]), put('f64', [-0.7, 0.2, 0.4, 1.3])];
  kernels.stepResiduals({
    psiIn: a[2]!,
    psiOut: b[2]!,
    probe,
    basis,
    coefficients: C,
    update: D,
    change,
    residuals,
    V,
  });
  const [ids, moments, overlaps] = [put('f64', testNumbers(V, 9)), put('f64', 2), put('f64', 4)];
  kernels.samplingMoments({ psi: a[2]!, ids, moments, V });
  kernels.samplingOverlaps({ psi: a[2]!, ids, mean: 0.375, basis, overlaps, V, rank: 2 });
  const count = Math.min(3, V);
  const [scores, places, ranks] = [put('f64', count), put('i32', count), put('f64', V)];
  kernels.largestEntries({ x: change, n: V, count, byModulus: true, scores, places });
  for (let i = 0; i < Math.min(V, 20); i++) ranks.view()[i] = kernels.rankOf({ x: b[1]!, n: V, index: i });
  const sampling = [moments, overlaps, scores, put('f64', places.view().slice()), ranks];
  return [...a, ...b, divergences, basis, measures, bare, y, work, reflected, small, change, residuals, ...sampling];
}

describe('state kernels give the same bits from both backends', () => {
  it.each(SIZES)('random logits, V = %i', (V) => {
    const spread = (seed: number, scale: number) => testNumbers(V, seed).map((x) => scale * x);
    expectSameBits((backend, put) => everything(backend, put, spread(1, 8), spread(2, 20)));
  });

  it.each(SIZES)('f32 logits, V = %i', (V) => {
    expectSameBits((backend, put) => born(backend, put, testNumbers(V, 3), 'f32'));
  });

  it('logits whose probabilities underflow, coincide, or differ by rounding', () => {
    const wide = Float64Array.of(0, -700, -745, -746, -800, 1e4, 9999.5, -1e300, 9300, 9254.9);
    const near = testNumbers(10, 4).map((x, i) => x + (i === 3 ? 1e-9 : 0));
    expectSameBits((backend, put) => everything(backend, put, wide, testNumbers(10, 4)));
    expectSameBits((backend, put) => everything(backend, put, wide, wide));
    expectSameBits((backend, put) => everything(backend, put, near, testNumbers(10, 4)));
  });

  it('any logits', () => {
    const logits = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(logits, fc.integer({ min: 1, max: 1000 }), (first, seed) => {
        expectSameBits((backend, put) => everything(backend, put, first, testNumbers(first.length, seed)));
      }),
      { numRuns: 60 },
    );
  });
});

eachBackend('state kernels', (backend) => {
  const { memory, kernels } = backend;
  const put: PutGuarded = (kind, data) => {
    const block = memory.allocate(kind, typeof data === 'number' ? data : data.length);
    if (typeof data !== 'number') block.view().set(data as never);
    return block;
  };

  it('bornState: uniform logits have p = 1/V, entropy ln V', () => {
    memory.scope(() => {
      const [p, logP, psi, summary] = born(backend, put, new Float64Array(8).fill(-3)).map((block) => block.view());
      expect([...p!]).toEqual(new Array(8).fill(0.125));
      expectClose(logP![5]!, -3 * Math.LN2, 1e-15);
      expectClose(psi![7]!, Math.sqrt(0.125), 1e-16);
      expect(summary![0]).toBe(-3);
      expectClose(summary![1]!, 3 * Math.LN2, 1e-15);
      expectClose(summary![2]!, 3 * Math.LN2, 1e-15);
    });
  });

  it('bornState: log p stays finite where p underflows', () => {
    memory.scope(() => {
      const [p, logP, psi, summary] = born(backend, put, [0, -1000]).map((block) => block.view());
      expect([...p!]).toEqual([1, 0]);
      expect([...logP!]).toEqual([0, -1000]);
      expect([...psi!]).toEqual([1, 0]);
      expect(summary![2]).toBe(0);
    });
  });

  it.each([1, 2, 7, 8])('bornState: range of the logits wherever they lie, V = %i', (V) => {
    for (const precision of ['f32', 'f64'] as const) {
      for (let place = 0; place < V; place++) {
        for (const extreme of [-9, 9, -Infinity, Infinity, Number.NaN]) {
          const logits = testNumbers(V, 5).map((x, i) => (i === place ? extreme : Math.fround(x)));
          memory.scope(() => {
            const summary = born(backend, put, logits, precision)[3]!.view();
            expect([summary[0], summary[3]]).toEqual([Math.max(...logits), Math.min(...logits)]);
          });
        }
      }
    }
  });

  it.each([1, 2, 5, 8])('stepResiduals: the norms of what plain sums leave, V = %i', (V) => {
    memory.scope(() => {
      const [x, y, probe, v, m] = [1, 2, 3, 4, 5].map((seed) => testNumbers(V, seed)) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const dot = (left: Float64Array, right: Float64Array) => left.reduce((sum, l, i) => sum + l * right[i]!, 0);
      const apply = (identity: number, [vv, vm, mv, mm]: number[], z: Float64Array) => {
        const [a, b] = [dot(v, z), dot(m, z)];
        return z.map((zi, i) => identity * zi + v[i]! * (vv! * a + vm! * b) + m[i]! * (mv! * a + mm! * b));
      };
      const distance = (left: Float64Array, right: Float64Array) => Math.hypot(...left.map((l, i) => l - right[i]!));
      const C = [0.3, -1.7, 0.9, -0.1];
      const D = [-0.7, 0.2, 0.4, 1.3];
      const difference = y.map((yi, i) => yi - x[i]!);
      const unitarity = [x, difference, probe].map(
        (z) => distance(apply(1, [0.3, 0.9, -1.7, -0.1], apply(1, C, z)), z) / Math.hypot(...z),
      );
      const [change, residuals] = [put('f64', V), put('f64', 3)];
      const basis = put('f64', [...v, ...m]);
      const [coefficients, update] = [put('f64', C), put('f64', D)];
      const states = { psiIn: put('f64', x), psiOut: put('f64', y), probe: put('f64', probe) };
      kernels.stepResiduals({ ...states, basis, coefficients, update, change, residuals, V });
      expect([...change.view()]).toEqual([...difference]);
      const expected = [distance(apply(1, C, x), y), Math.max(...unitarity), distance(apply(0, D, x), difference)];
      expected.forEach((value, k) => {
        expectClose(residuals.view()[k]!, value, 1e-13 * (1 + value));
      });
    });
  });

  it('largestEntries and rankOf: the order of a stable sort', () => {
    const numbers = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(numbers, fc.boolean(), fc.nat(29), (values, byModulus, pick) => {
        const score = (i: number) => (byModulus ? Math.abs(values[i]!) : values[i]!);
        const order = [...values.keys()].sort((i, j) => score(j) - score(i) || i - j);
        const count = 1 + (pick % values.length);
        memory.scope(() => {
          const [x, scores, places] = [put('f64', values), put('f64', count), put('i32', count)];
          kernels.largestEntries({ x, n: values.length, count, byModulus, scores, places });
          expect([...places.view()]).toEqual(order.slice(0, count));
          expect([...scores.view()]).toEqual(order.slice(0, count).map(score));
          if (byModulus) return;
          order.forEach((index, k) => {
            expect(kernels.rankOf({ x, n: values.length, index })).toBe(k + 1);
          });
        });
      }),
    );
  });

  it('samplingMoments and samplingOverlaps: closed forms', () => {
    memory.scope(() => {
      const [psi, ids] = [put('f64', [0.6, 0, 0.8]), put('f64', [1, 2, 3])];
      const [moments, overlaps] = [put('f64', 2), put('f64', 4)];
      kernels.samplingMoments({ psi, ids, moments, V: 3 });
      expectClose(moments.view()[0]!, 2.28, 1e-15);
      expectClose(moments.view()[1]!, 0.9216, 1e-15);
      kernels.samplingOverlaps({ psi, ids, mean: 2, basis: put('f64', [1, 5, 0, 0.5, 0, 1]), overlaps, V: 3, rank: 2 });
      [0.6, 1.1, -0.6, 0.5].forEach((value, k) => {
        expectClose(overlaps.view()[k]!, value, 1e-15);
      });
    });
  });

  it('transition: coinciding states give v = 0 and m = ψ', () => {
    memory.scope(() => {
      const psi = put('f64', [0.6, 0, 0.8]);
      const [basis, measures] = [put('f64', 6), put('f64', 3)];
      kernels.transition({ psiIn: psi, psiOut: psi, basis, measures, V: 3 });
      expect([...basis.view()]).toEqual([0, 0, 0, 0.6, 0, 0.8]);
      expect([...measures.view()]).toEqual([1, 0, 2]);
    });
  });

  it('lowRankApply: works in place', () => {
    memory.scope(() => {
      const x = put('f64', [1, 2, 3]);
      kernels.lowRankApply({
        x,
        basis: put('f64', [0, 1, 0]),
        coefficients: put('f64', [-2]),
        identity: 1,
        y: x,
        work: put('f64', 2),
        V: 3,
        rank: 1,
      });
      expect([...x.view()]).toEqual([1, -2, 3]);
    });
  });
});
