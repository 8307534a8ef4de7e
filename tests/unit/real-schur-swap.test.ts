import { describe, expect, it } from 'vitest';
import { moveUp, orderAt, SWAP_WORK, swapBlocks } from '../../src/backend/ts/eig/real/swap.ts';
import { testNumbers } from '../support/numbers.ts';

const U = 2 ** -53;

/** Quasi-triangular with diagonal blocks of these orders, those of order 2 standard: [[m, b], [c, m]], bc < 0. */
function quasiTriangular(orders: readonly number[], seed: number): { t: Float64Array; n: number } {
  const n = orders.reduce((sum, order) => sum + order, 0);
  const t = testNumbers(n * n, seed);
  for (let i = 0; i < n; i++) t.fill(0, i * n, i * n + i);
  let k = 0;
  for (const order of orders) {
    if (order === 2) {
      t[(k + 1) * n + k + 1] = t[k * n + k]!;
      t[(k + 1) * n + k] = -0.5 * t[k * n + k + 1]!;
    }
    k += order;
  }
  return { t, n };
}

function identity(n: number): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  return q;
}

/** a bᵀ or, transposed, a b. */
function times(a: Float64Array, b: Float64Array, n: number, transpose: boolean): Float64Array {
  return Float64Array.from({ length: n * n }, (_, p) => {
    const [i, j] = [Math.floor(p / n), p % n];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[transpose ? j * n + k : k * n + j]!;
    return sum;
  });
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, x, p) => sum + (x - b[p]!) ** 2, 0));
}

/** The mean and the determinant of the block at k: they name its eigenvalues. */
function blockAt(t: Float64Array, n: number, k: number): [number, number] {
  const p = k * n + k;
  if (orderAt(t, n, n, k) === 1) return [t[p]!, t[p]! ** 2];
  return [0.5 * (t[p]! + t[p + n + 1]!), t[p]! * t[p + n + 1]! - t[p + 1]! * t[p + n]!];
}

function expectSimilar(before: Float64Array, t: Float64Array, q: Float64Array, n: number): void {
  const norm = distance(before, new Float64Array(n * n));
  expect(distance(times(times(q, t, n, false), q, n, true), before)).toBeLessThanOrEqual(8 * n * U * norm);
  expect(distance(times(q, q, n, true), identity(n))).toBeLessThanOrEqual(8 * n * U);
}

describe('exchange of neighbouring blocks of a real Schur form', () => {
  it.each([
    [1, 1],
    [2, 1],
    [1, 2],
    [2, 2],
  ])('orders %i and %i', (p, r) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { t, n } = quasiTriangular([1, p, r, 2], seed);
      const [before, q] = [t.slice(), identity(n)];
      expect(swapBlocks(t, n, n, q, n, 1, p, r, new Float64Array(SWAP_WORK))).toBe(true);
      expectSimilar(before, t, q, n);
      for (let i = 0; i < n; i++) for (let j = 0; j < i - 1; j++) expect(t[i * n + j]).toBe(0);
      expect([orderAt(t, n, n, 1), orderAt(t, n, n, 1 + r)]).toEqual([r, p]);
      for (const [from, to] of [
        [1 + p, 1],
        [1, 1 + r],
      ] as const) {
        const [was, is] = [blockAt(before, n, from), blockAt(t, n, to)];
        expect(distance(Float64Array.from(was), Float64Array.from(is))).toBeLessThan(1e-12);
      }
    }
  });

  it('moves the last block to the front past blocks of both orders', () => {
    const { t, n } = quasiTriangular([2, 1, 2, 1, 1, 2], 3);
    const [before, q] = [t.slice(), identity(n)];
    expect(moveUp(t, n, n, q, n, n - 2, 0, new Float64Array(SWAP_WORK))).toBe(true);
    expectSimilar(before, t, q, n);
    expect(distance(Float64Array.from(blockAt(t, n, 0)), Float64Array.from(blockAt(before, n, n - 2)))).toBeLessThan(
      1e-12,
    );
  });

  it('refuses nearly defective blocks that rounding mixes, and leaves them as they are', () => {
    const t = Float64Array.from(
      [
        [0.5768607258796692, -0.7500076293945312, 1.7509909702428116e-9, 1.8304773550172814e-9],
        [6.973120628597654e-10, 0.5768607258796692, -1.305349189796626e-9, -2.8883118511984988e-9],
        [0, 0, 0.5768607258796692, -0.7500076294007827],
        [0, 0, 6.973120628572382e-10, 0.5768607258796692],
      ].flat(),
    );
    const [before, q] = [t.slice(), identity(4)];
    expect(swapBlocks(t, 4, 4, q, 4, 0, 2, 2, new Float64Array(SWAP_WORK))).toBe(false);
    expect(moveUp(t, 4, 4, q, 4, 2, 0, new Float64Array(SWAP_WORK))).toBe(false);
    expect(t).toEqual(before);
    expect(q).toEqual(identity(4));
  });
});
