/** The affine maps of ridge lenses against NumPy's least squares, without normal equations there. */
import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { LeastSquaresSums, SUM_ROWS, sumsWork } from '../../src/transformer/lens/least-squares-sums.ts';
import { type RidgeFit, solveRidge } from '../../src/transformer/lens/solve-ridge.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';
import golden from './ridge.json' with { type: 'json' };

type Sizes = Pick<(typeof golden.cases)[number], 'D' | 'size' | 'mean' | 'noise'>;

/** rows×D numbers times a D×D matrix. */
function product(rows: Float64Array, matrix: (i: number, j: number) => number, D: number): Float64Array {
  return rows.map((_, at) => {
    const [first, j] = [at - (at % D), at % D];
    let sum = 0;
    for (let i = 0; i < D; i++) sum += rows[first + i]! * matrix(i, j);
    return sum;
  });
}

interface Streams {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function streams(rows: number, seed: number, { D, size, mean, noise }: Sizes): Streams {
  const [mix, turn] = [testNumbers(D * D, 1001), testNumbers(D * D, 1002)];
  const mixed = product(testNumbers(rows * D, seed), (i, j) => mix[i * D + j]! + (i === j ? 1 : 0), D);
  const x = mixed.map((value, at) => value * size ** ((at % D) / Math.max(D - 1, 1)) + mean);
  const turned = product(x, (i, j) => turn[j * D + i]! / size, D);
  const random = testNumbers(rows * D, seed + 1);
  return { x, y: turned.map((value, at) => value + 3 + noise * random[at]!) };
}

/** Their sums, added by parts of these many rows. */
function sumsOf(backend: Backend, { x, y }: Streams, D: number, parts: number): LeastSquaresSums {
  const sums = new LeastSquaresSums(backend, D);
  const work = sumsWork(backend.memory, D);
  for (let first = 0; first < x.length / D; first += parts) {
    const rows = Math.min(parts, x.length / D - first);
    const put = (from: Float64Array) => {
      const block = backend.memory.allocate('f64', rows * D);
      block.view().set(from.subarray(first * D, (first + rows) * D));
      return block;
    };
    sums.add(put(x), put(y), rows, work);
  }
  return sums;
}

function predictions({ weight, bias }: RidgeFit, x: Float64Array, D: number): Float64Array {
  const moved = product(x, (i, o) => weight[o * D + i]!, D);
  return moved.map((value, at) => x[at]! + value + bias[at % D]!);
}

const norm = (values: ArrayLike<number>) =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));

eachBackend('ridge', (backend) => {
  for (const test of golden.cases) {
    it.each([SUM_ROWS, 37, 1])(`${test.name}: the map and the penalty are NumPy's, rows added by %i`, (parts) => {
      const { D } = test;
      backend.memory.scope(() => {
        const held = streams(test.held, 5, test);
        const sums = sumsOf(backend, streams(test.rows, 1, test), D, parts);
        const heldSums = sumsOf(backend, held, D, parts);
        const bound = 1e-9 * norm(held.y);
        const chosen = solveRidge(backend, sums, heldSums, golden.grid);
        expect(chosen.penalty).toBe(test.penalty);
        expectClose(chosen.unexplained! / test.unexplained, 1, 1e-7);
        expect(maxError(predictions(chosen, held.x, D), test.predictions)).toBeLessThan(bound);
        for (const { penalty, predictions: expected } of test.each) {
          const fit = solveRidge(backend, sums, heldSums, [penalty]);
          expect(fit.penalty).toBe(penalty);
          expect(maxError(predictions(fit, held.x, D), expected)).toBeLessThan(bound);
        }
      });
    });
  }

  it('sums of separate rows merge into those of all, in any order', () => {
    const test = golden.cases[1]!;
    const { D } = test;
    backend.memory.scope(() => {
      const all = streams(300, 1, test);
      const part = (first: number, last: number) => ({
        x: all.x.slice(first * D, last * D),
        y: all.y.slice(first * D, last * D),
      });
      const whole = sumsOf(backend, all, D, SUM_ROWS);
      const work = sumsWork(backend.memory, D);
      const merged = new LeastSquaresSums(backend, D);
      for (const [first, last] of [
        [200, 300],
        [0, 1],
        [1, 200],
        [7, 7],
      ] as const)
        merged.merge(sumsOf(backend, part(first, last), D, SUM_ROWS), work);
      expect(merged.count).toBe(300);
      expectClose(merged.yy / whole.yy, 1, 1e-12);
      for (let i = 0; i < D; i++) {
        expectClose(merged.meanX[i]! / whole.meanX[i]!, 1, 1e-13);
        for (let j = 0; j < D; j++) {
          const size = Math.sqrt(whole.xx.view()[i * D + i]! * whole.xx.view()[j * D + j]!);
          if (j <= i) expectClose(merged.xx.view()[i * D + j]! / size, whole.xx.view()[i * D + j]! / size, 1e-12);
          expectClose(merged.xy.view()[i * D + j]! / size, whole.xy.view()[i * D + j]! / size, 1e-11);
        }
      }
    });
  });

  it('refuses sums that overflow, and takes columns that do not vary', () => {
    backend.memory.scope(() => {
      const large = { x: testNumbers(8, 1).map((v) => 1e200 * v), y: testNumbers(8, 2) };
      expect(() => solveRidge(backend, sumsOf(backend, large, 2, 8), sumsOf(backend, large, 2, 8), [1])).toThrow(
        'solveRidge: the streams must have finite squares, but their sums overflow.',
      );
      const constant = { x: testNumbers(8, 1).map((v, at) => (at % 2 === 0 ? 7 : v)), y: testNumbers(8, 2) };
      const sums = sumsOf(backend, constant, 2, 8);
      const { weight, bias } = solveRidge(backend, sums, sums, [1]);
      expect([weight[0], weight[2]]).toEqual([0, 0]);
      expect([...weight, ...bias].every(Number.isFinite)).toBe(true);
    });
  });
});
