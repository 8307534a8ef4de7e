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
  const [p, logP, psi, summary] = [put('f64', V), put('f64', V), put('f64', V), put('f64', 3)] as const;
  const block: RealBlock = precision === 'f32' ? put('f32', logits) : put('f64', logits);
  kernels.bornState(block, p, logP, psi, summary, V);
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
  kernels.compareLaws(a[0]!, a[1]!, b[0]!, b[1]!, divergences, V);
  const [basis, measures, bare] = [put('f64', 2 * V), put('f64', 3), put('f64', 3)];
  kernels.transition(a[2]!, b[2]!, basis, measures, V);
  kernels.transition(b[2]!, a[2]!, null, bare, V);
  const [y, work] = [put('f64', V), put('f64', 4)];
  kernels.lowRankApply(b[2]!, basis, put('f64', [0.3, -1.7, 0.9, -0.1]), 1, y, work, V, 2);
  const reflected = put('f64', a[2]!.view().slice());
  const small = put('f64', 2);
  kernels.lowRankApply(reflected, basis, put('f64', [-2]), 1, reflected, small, V, 1);
  return [...a, ...b, divergences, basis, measures, bare, y, work, reflected, small];
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

  it('transition: coinciding states give v = 0 and m = ψ', () => {
    memory.scope(() => {
      const psi = put('f64', [0.6, 0, 0.8]);
      const [basis, measures] = [put('f64', 6), put('f64', 3)];
      kernels.transition(psi, psi, basis, measures, 3);
      expect([...basis.view()]).toEqual([0, 0, 0, 0.6, 0, 0.8]);
      expect([...measures.view()]).toEqual([1, 0, 2]);
    });
  });

  it('lowRankApply: works in place', () => {
    memory.scope(() => {
      const x = put('f64', [1, 2, 3]);
      kernels.lowRankApply(x, put('f64', [0, 1, 0]), put('f64', [-2]), 1, x, put('f64', 2), 3, 1);
      expect([...x.view()]).toEqual([1, -2, 3]);
    });
  });
});
