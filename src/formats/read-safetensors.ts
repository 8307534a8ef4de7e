import { FormatError } from '../core/errors.ts';
import { type ArrayFile, checkMemory, entryOf, MAX_BYTES, type ReadOptions } from './array-file.ts';
import { decodeNumbers } from './element-types.ts';
import { quoteName } from './json.ts';
import { readPrefix, readTensorTable } from './safetensors-header.ts';
import { TENSOR_TYPES } from './safetensors-types.ts';

/**
 * Opens a safetensors file in memory. F16 and BF16 become f32, BOOL becomes bytes; tensors of 4, 6 or 8-bit floats are listed but
 * not read.
 *
 * @throws FormatError with the offset and the tensor's name.
 * @source https://github.com/huggingface/safetensors, README “Format”
 */
export function openSafetensors(
  bytes: Uint8Array,
  source = 'model.safetensors',
  { maxBytes = MAX_BYTES }: ReadOptions = {},
): ArrayFile {
  const origin = { where: 'openSafetensors', source, size: bytes.length };
  const length = readPrefix(origin, bytes.subarray(0, 8));
  const { tensors } = readTensorTable(origin, bytes.subarray(8, 8 + length));
  const entries = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return {
    source,
    names: [...entries.keys()],
    read(name) {
      const { dtype, shape, begin, end } = entryOf('openSafetensors', source, entries, name);
      const what = `tensor ${quoteName(name)} of ${source}`;
      const type = TENSOR_TYPES.get(dtype);
      if (type === undefined) {
        throw new FormatError(
          `openSafetensors: ${what} must have one of the types ${[...TENSOR_TYPES.keys()].join(', ')}, but it has ${dtype}.`,
          { source, offset: begin, field: name },
        );
      }
      checkMemory('openSafetensors', what, end - begin, maxBytes);
      const data = decodeNumbers(bytes.subarray(begin, end), type.number, true);
      return { name, shape, data, ...(type.complex ? { complex: true } : {}) };
    },
  };
}
