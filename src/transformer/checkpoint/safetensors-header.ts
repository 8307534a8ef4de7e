import { readPrefix, readTensorTable, type SafetensorsHeader } from '../../formats/safetensors-header.ts';
import type { ByteSource } from './checkpoint.ts';

/**
 * Reads and checks the header of a safetensors file without reading the data.
 *
 * @throws FormatError with the file name, and the offset and tensor where there is one.
 * @cost one read of 8 bytes and one of the header.
 */
export async function readSafetensorsHeader(source: string, file: ByteSource): Promise<SafetensorsHeader> {
  const origin = { where: 'readSafetensorsHeader', source, size: file.size };
  const prefix = new Uint8Array(Math.min(8, file.size));
  await file.read(0, prefix);
  const json = new Uint8Array(readPrefix(origin, prefix));
  await file.read(8, json);
  return readTensorTable(origin, json);
}
