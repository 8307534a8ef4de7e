import { zipSync } from 'fflate';
import type { NamedArray } from '../../src/formats/named-array.ts';
import { npyBytes } from '../../src/formats/npy.ts';

/** A .npy file of one text, of bytes or of UTF-32. */
export function npyTextFile(text: string, descr: 'S' | 'U' = 'S'): Uint8Array {
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const data = descr === 'S' ? Uint8Array.from(codes) : new Uint8Array(Uint32Array.from(codes).buffer);
  const type = descr === 'S' ? `|S${codes.length}` : `<U${codes.length}`;
  const header = new TextEncoder().encode(`{'descr': '${type}', 'fortran_order': False, 'shape': (), }`.padEnd(117));
  return Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0, ...header, 0x0a, ...data);
}

/** A sparse matrix as scipy.sparse.save_npz lays it out, from its arrays. */
export function sparseFile(format: string, arrays: readonly NamedArray[], descr: 'S' | 'U' = 'S'): Uint8Array {
  const files = arrays.map((array) => [`${array.name}.npy`, npyBytes(array)] as const);
  return zipSync(Object.fromEntries([...files, ['format.npy', npyTextFile(format, descr)] as const]));
}
