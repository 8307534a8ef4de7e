import { Matrix } from '../../src/linalg/matrix/matrix.ts';

const HEADER = 128;
const MI_INT8 = 1;
const MI_INT32 = 5;
const MI_UINT32 = 6;
const MI_DOUBLE = 9;
const MI_MATRIX = 14;

interface Element {
  readonly type: number;
  readonly start: number;
  readonly length: number;
  readonly next: number;
}

/** The real dense matrices of doubles in an uncompressed little-endian MAT file of level 5, by name. */
export function matricesOf(bytes: Uint8Array): Map<string, Matrix> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const element = (at: number, expected: number): Element => {
    const first = view.getUint32(at, true);
    const small = first >>> 16;
    const type = small === 0 ? first : first & 0xffff;
    if (type !== expected) throw new Error(`element ${type} at byte ${at}, expected ${expected}`);
    if (small !== 0) return { type, start: at + 4, length: small, next: at + 8 };
    const length = view.getUint32(at + 4, true);
    return { type, start: at + 8, length, next: at + 8 + Math.ceil(length / 8) * 8 };
  };
  const matrices = new Map<string, Matrix>();
  for (let at = HEADER; at < bytes.length; ) {
    const whole = element(at, MI_MATRIX);
    const flags = element(whole.start, MI_UINT32);
    const dimensions = element(flags.next, MI_INT32);
    const name = element(dimensions.next, MI_INT8);
    const values = element(name.next, MI_DOUBLE);
    const [rows, columns] = [0, 4].map((offset) => view.getInt32(dimensions.start + offset, true)) as [number, number];
    const data = Float64Array.from({ length: rows * columns }, (_, k) => {
      const byColumns = (k % columns) * rows + Math.floor(k / columns);
      return view.getFloat64(values.start + 8 * byColumns, true);
    });
    const key = String.fromCharCode(...bytes.subarray(name.start, name.start + name.length));
    matrices.set(key, new Matrix(rows, columns, data));
    at = whole.next;
  }
  return matrices;
}
