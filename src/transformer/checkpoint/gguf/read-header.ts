import { type GgufHeader, parseGgufHeader } from '../../../formats/gguf/header.ts';
import type { ByteSource } from '../checkpoint.ts';

const FIRST = 1 << 20;

/**
 * Reads and checks the header of a GGUF file without reading the tensors.
 *
 * @throws FormatError with the file name, and the offset and tensor where there is one.
 * @cost reads the header once and again at most, in pieces that grow fourfold.
 */
export async function readGgufHeader(source: string, file: ByteSource): Promise<GgufHeader> {
  const origin = { where: 'openCheckpoint', source, size: file.size };
  let bytes = new Uint8Array(0);
  for (let length = Math.min(FIRST, file.size); ; ) {
    const longer = new Uint8Array(length);
    longer.set(bytes);
    await file.read(bytes.length, longer.subarray(bytes.length));
    bytes = longer;
    const found = parseGgufHeader(origin, bytes);
    if (!('needed' in found)) return found;
    length = Math.min(file.size, Math.max(found.needed, 4 * bytes.length));
  }
}
