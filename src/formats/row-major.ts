import type { ArrayData } from './named-array.ts';

/**
 * An array in Fortran order as one in row-major order.
 *
 * @param width numbers per element.
 */
export function rowMajor(data: ArrayData, shape: readonly number[], width: number): ArrayData {
  const result = data.slice();
  const strides: number[] = [];
  let stride = width;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to += width) {
    for (let part = 0; part < width; part++) result[to + part] = data[from + part]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
