import type { ArrayFile } from './array-file.ts';
import { memoryBudget, type ReadOptions } from './memory-budget.ts';
import { readPrefix, readTensorTable } from './safetensors-header.ts';
import { storedArrays } from './stored-arrays.ts';

/**
 * Opens a safetensors file in memory. F16 and BF16 become f32, BOOL becomes bytes; tensors of 4, 6 or 8-bit floats are listed but
 * not read.
 *
 * @throws FormatError with the offset and the tensor's name.
 * @source https://github.com/huggingface/safetensors, README “Format”
 */
export function openSafetensors(bytes: Uint8Array, source = 'model.safetensors', options: ReadOptions = {}): ArrayFile {
  const maxBytes = memoryBudget(bytes.length, options);
  const origin = { where: 'openSafetensors', source, size: bytes.length };
  const length = readPrefix(origin, bytes.subarray(0, 8));
  const { tensors } = readTensorTable(origin, bytes.subarray(8, 8 + length));
  return storedArrays(origin, bytes, tensors, maxBytes);
}
