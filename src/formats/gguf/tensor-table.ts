import { quoteName } from '../json.ts';
import type { GgufCursor } from './cursor.ts';
import { GGML_TYPES, type GgmlTypeName, ggmlTypeName } from './types.ts';

/** One tensor as the table describes it, checked. */
export interface GgufTensor {
  readonly name: string;
  /** Any type of ggml, not only those a model may use. */
  readonly dtype: GgmlTypeName;
  /** Length of each axis, the contiguous one last: the file has them the other way round. */
  readonly shape: readonly number[];
  /** Byte range inside the file. */
  readonly begin: number;
  /** First byte behind it. */
  readonly end: number;
}

const MAX_AXES = 4;
const AGAIN = 'It is truncated: download it again.';

/**
 * Reads `count` rows of the table. Tensors must lie in the data one after the other in the table's order, each at the next multiple of `alignment`, and
 * in rows of whole blocks, which is what every writer does and the reference reader asks for.
 *
 * @throws FormatError naming the tensor.
 */
export function readTensorTable(cursor: GgufCursor, count: number, alignment: number, size: number) {
  const rows: {
    readonly name: string;
    readonly dtype: GgmlTypeName;
    readonly shape: readonly number[];
    readonly bytes: number;
    readonly offset: bigint;
  }[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const begin = cursor.at;
    const name = cursor.text('the name of a tensor');
    if (name === '' || names.has(name)) {
      throw cursor.fault(
        `must name every tensor once, but ${name === '' ? 'one has no name' : `${quoteName(name)} comes twice`}.`,
        begin,
        name,
      );
    }
    names.add(name);
    rows.push({ name, ...readRow(cursor, quoteName(name)) });
  }
  const dataStart = aligned(cursor.at, alignment);
  let expected = 0;
  const tensors = rows.map(({ name, dtype, shape, bytes, offset }): GgufTensor => {
    const begin = dataStart + expected;
    const end = begin + bytes;
    if (offset !== BigInt(expected)) {
      throw cursor.fault(
        `must hold tensor ${quoteName(name)} at offset ${expected} of its data, behind the one before it, but the table says ${offset}.`,
        begin,
        name,
      );
    }
    if (end > size) {
      throw cursor.fault(
        `must hold tensor ${quoteName(name)} up to byte ${end}, but the file ends at ${size}. ${AGAIN}`,
        size,
        name,
      );
    }
    expected = aligned(expected + bytes, alignment);
    return { name, dtype, shape, begin, end };
  });
  return { dataStart, tensors, excess: Math.max(0, size - dataStart - expected) };
}

function readRow(cursor: GgufCursor, name: string) {
  const axes = cursor.u32();
  if (axes > MAX_AXES)
    throw cursor.fault(`must give tensors at most ${MAX_AXES} axes, but ${name} has ${axes}.`, cursor.at - 4, name);
  const lengths = Array.from({ length: axes }, () => cursor.u64());
  const code = cursor.u32();
  const dtype = ggmlTypeName(code);
  if (dtype === undefined) {
    throw cursor.fault(
      `must give tensors a type that is known, but ${name} has type ${code}, which is none or one that came later.`,
      cursor.at - 4,
      name,
    );
  }
  const { elements, bytes } = GGML_TYPES.get(dtype)!;
  const offset = cursor.u64();
  const total = lengths.reduce((product, length) => product * length, 1n);
  if (total < 1n || (total / BigInt(elements)) * BigInt(bytes) > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw cursor.fault(
      `must give tensors from 1 to 2^53 bytes, but ${name} has shape [${lengths.reverse().join(', ')}].`,
      cursor.at,
      name,
    );
  }
  const shape = lengths.map(Number).reverse();
  const width = shape.at(-1) ?? 1;
  if (width % elements !== 0) {
    throw cursor.fault(
      `must hold rows of whole blocks of ${elements} numbers of type ${dtype}, but those of ${name} have ${width}.`,
      cursor.at,
      name,
    );
  }
  return { dtype, shape, bytes: Number(total / BigInt(elements)) * bytes, offset };
}

/** The next multiple of a power of two. */
function aligned(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
