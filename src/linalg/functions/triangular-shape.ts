import { matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';

export type TriangularKind = 'diagonal' | 'upper' | 'lower' | 'full';

/** Where a square matrix has elements that are not zero. */
export function shapeOf(a: AnyMatrix): TriangularKind {
  const { rows: n, data } = a;
  const width = widthOf(a);
  let [above, below] = [false, false];
  for (let i = 0; i < n && !(above && below); i++) {
    for (let at = i * n * width; at < (i + 1) * n * width; at++) {
      if (data[at] === 0) continue;
      const j = Math.floor(at / width) - i * n;
      above ||= j > i;
      below ||= j < i;
    }
  }
  if (above && below) return 'full';
  return above ? 'upper' : below ? 'lower' : 'diagonal';
}

/** The transpose, not conjugated. */
export function transposeOf<M extends AnyMatrix>(a: M): M {
  const { rows, columns } = a;
  const width = widthOf(a);
  const data = new Float64Array(a.data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let part = 0; part < width; part++) {
        data[(j * rows + i) * width + part] = a.data[(i * columns + j) * width + part]!;
      }
    }
  }
  return matrixLike(a, columns, rows, data);
}
