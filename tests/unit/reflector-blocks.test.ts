import { describe, it } from 'vitest';
import { backTransformWorkLength, DENSE_PANEL, type Width } from '../../src/backend/contract/hermitian.ts';
import { makeReflector } from '../../src/backend/ts/dense/reflector.ts';
import { backTransform, type Reflectors } from '../../src/backend/ts/dense/reflector-blocks.ts';
import { randomMatrix } from '../support/dense-algebra.ts';
import { expectClose, maxError } from '../support/numbers.ts';

/** Reflectors of random vectors, in the rows in which the reductions leave them; what is not stored is NaN. */
function randomReflectors(direction: 1 | -1, count: number, rows: number, width: Width): Reflectors {
  const [edge, first] = direction > 0 ? [rows - count, 0] : [count - 1, count - 1];
  const [re, im] = [new Float64Array(count * rows).fill(Number.NaN), new Float64Array(count * rows).fill(Number.NaN)];
  const [tau, out] = [new Float64Array(2 * count), new Float64Array(3)];
  for (let j = 0; j < count; j++) {
    const row = first + direction * j;
    const pivot = edge + direction * j;
    const [from, to] = direction > 0 ? [0, pivot + 1] : [pivot, rows];
    const x = randomMatrix('complex', to - from, 1, 100 * count + j).data;
    const xr = x.filter((_, at) => at % 2 === 0);
    const xi = x.filter((_, at) => at % 2 === 1);
    makeReflector(xr, width === 1 ? null : xi, to - from, pivot - from, out);
    re.set(xr, row * rows + from);
    im.set(xi, row * rows + from);
    tau.set(out.subarray(0, 2), 2 * row);
  }
  return { direction, count, edge, re, im: width === 1 ? null : im, ld: rows, first, tau };
}

/** Z ← Z − τ v (v†Z) for one reflector after another, on rows×columns interleaved complex numbers. */
function oneByOne(
  { direction, count, edge, re, im, ld, first, tau }: Reflectors,
  rows: number,
  columns: number,
  z: Float64Array,
): void {
  for (let j = 0; j < count; j++) {
    const row = (first + direction * j) * ld;
    const pivot = edge + direction * j;
    const [from, to] = direction > 0 ? [0, pivot + 1] : [pivot, rows];
    const pair = 2 * (first + direction * j);
    const [tr, ti] = [tau[pair]!, im === null ? 0 : tau[pair + 1]!];
    for (let c = 0; c < columns; c++) {
      let [sr, si] = [0, 0];
      for (let i = from; i < to; i++) {
        const at = 2 * (i * columns + c);
        const [vr, vi] = [re[row + i]!, im?.[row + i] ?? 0];
        sr += vr * z[at]! + vi * z[at + 1]!;
        si += vr * z[at + 1]! - vi * z[at]!;
      }
      const [ur, ui] = [tr * sr - ti * si, tr * si + ti * sr];
      for (let i = from; i < to; i++) {
        const at = 2 * (i * columns + c);
        const [vr, vi] = [re[row + i]!, im?.[row + i] ?? 0];
        z[at] = z[at]! - (vr * ur - vi * ui);
        z[at + 1] = z[at + 1]! - (vr * ui + vi * ur);
      }
    }
  }
}

/** [count, rows, n, columns]: blocks that are short, full, and several; more columns than vectors. */
const SIZES = [
  [0, 3, 2, 2],
  [1, 1, 1, 1],
  [1, 5, 5, 5],
  [11, 12, 12, 12],
  [12, 17, 7, 17],
  [24, 25, 25, 25],
  [25, 31, 9, 31],
  [37, 38, 38, 38],
] as const;

describe('reflectors in blocks do what they do one after another', () => {
  const cases = SIZES.flatMap((size) =>
    ([1, -1] as const).flatMap((direction) => ([1, 2] as const).map((width) => ({ size, direction, width }))),
  );
  it.each(cases)(
    '$size, direction $direction, width $width',
    ({ size: [count, rows, n, columns], direction, width }) => {
      const reflectors = randomReflectors(direction, count, rows, width);
      const sources = randomMatrix('real', Math.ceil(n / DENSE_PANEL) * n, DENSE_PANEL, n).data;
      const order = Float64Array.from({ length: n }, (_, i) => n - 1 - i);
      const target = new Float64Array(width * rows * columns).fill(Number.NaN);
      const work = new Float64Array(backTransformWorkLength(n, rows, width)).fill(Number.NaN);
      const z = new Float64Array(2 * rows * columns);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const inside = j < n && i < n;
          const source = (Math.floor(i / DENSE_PANEL) * n + (order[j] ?? 0)) * DENSE_PANEL + (i % DENSE_PANEL);
          z[2 * (i * columns + j)] = inside ? sources[source]! : Number(i === j);
        }
      }
      oneByOne(reflectors, rows, columns, z);
      backTransform(reflectors, sources, n, rows, order, columns, target, work);
      const expected = width === 2 ? z : z.filter((_, at) => at % 2 === 0);
      expectClose(maxError(target, expected), 0, 1e-13);
    },
  );
});
