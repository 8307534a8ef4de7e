import { NPY_PREFIX, npyDataStart, npyFault, npyHeader } from './npy-header.ts';

/** Bytes of a longer text are not looked at. */
const MAX_TEXT = 256;

/**
 * The text in a .npy file that holds one, of bytes (`S`) or of UTF-32 (`U`); null for an array of something else.
 *
 * @param start gives the first bytes of the file.
 * @throws FormatError for a file whose header cannot be read.
 */
export function npyText(start: (length: number) => Uint8Array, size: number, source: string): string | null {
  const fault = npyFault(source);
  const dataStart = npyDataStart(start(NPY_PREFIX), size, fault);
  const { descr, shape } = npyHeader(start(dataStart), fault);
  const [, order, kind, length] = /^([|<>])([SU])(\d{1,3})$/.exec(descr) ?? [];
  const bytes = Number(length) * (kind === 'U' ? 4 : 1);
  if (kind === undefined || shape.some((n) => n !== 1) || bytes > MAX_TEXT || size - dataStart !== bytes) return null;
  const data = start(size).subarray(dataStart);
  if (kind === 'S') return new TextDecoder('latin1').decode(data).replace(/\0+$/, '');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const codes = Array.from({ length: data.length / 4 }, (_, k) => view.getUint32(4 * k, order !== '>'));
  return codes.every((code) => code <= 0x10ffff) ? String.fromCodePoint(...codes).replace(/\0+$/, '') : null;
}
