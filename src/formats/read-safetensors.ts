import { FormatError } from '../core/errors.ts';
import { type ArrayFile, entryOf } from './array-file.ts';
import { decodeNumbers, type ElementType, elementBytes } from './element-types.ts';
import { quoteName } from './json.ts';
import { checkMemory, memoryBudget, memoryOf, type ReadOptions } from './memory-budget.ts';
import { readPrefix, readTensorTable, type StoredTensor } from './safetensors-header.ts';
import { TENSOR_TYPES } from './safetensors-types.ts';

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
  const entries = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const known = (name: string) => {
    const tensor = entryOf('openSafetensors', source, entries, name);
    const type = typeOf(source, tensor);
    const elements = (tensor.end - tensor.begin) / elementBytes(type);
    return { ...tensor, type, memory: memoryOf(elements, type.complex) };
  };
  return {
    source,
    names: [...entries.keys()],
    maxBytes,
    memory: (name) => known(name).memory,
    read(name) {
      const { type, shape, begin, end, memory } = known(name);
      checkMemory('openSafetensors', `tensor ${quoteName(name)} of ${source}`, memory, maxBytes);
      const data = decodeNumbers(bytes.subarray(begin, end), type.number, true);
      return { name, shape, data, ...(type.complex ? { complex: true } : {}) };
    },
  };
}

function typeOf(source: string, { name, dtype, begin }: StoredTensor): ElementType {
  const type = TENSOR_TYPES.get(dtype);
  if (type !== undefined) return type;
  throw new FormatError(
    `openSafetensors: tensor ${quoteName(name)} of ${source} must have one of the types ${[...TENSOR_TYPES.keys()].join(', ')}, but it has ${dtype}.`,
    { source, offset: begin, field: name },
  );
}
