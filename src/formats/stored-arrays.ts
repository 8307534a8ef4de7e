import { FormatError } from '../core/errors.ts';
import { type ArrayFile, entryOf } from './array-file.ts';
import { decodeNumbers, type ElementType, elementBytes } from './element-types.ts';
import { quoteName } from './json.ts';
import { checkMemory, memoryOf } from './memory-budget.ts';
import type { StoredTensor } from './safetensors-header.ts';
import { TENSOR_TYPES } from './safetensors-types.ts';

/** The file that tensors lie in, for messages. */
interface Origin {
  readonly where: string;
  readonly source: string;
}

/** Tensors that lie in the bytes of a file, in the types of safetensors, as a file of arrays. */
export function storedArrays(
  { where, source }: Origin,
  bytes: Uint8Array,
  tensors: readonly StoredTensor[],
  maxBytes: number,
): ArrayFile {
  const entries = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const known = (name: string) => {
    const tensor = entryOf(where, source, entries, name);
    const type = typeOf({ where, source }, tensor);
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
      checkMemory(where, `tensor ${quoteName(name)} of ${source}`, memory, maxBytes);
      const data = decodeNumbers(bytes.subarray(begin, end), type.number, true);
      return { name, shape, data, ...(type.complex ? { complex: true } : {}) };
    },
  };
}

function typeOf({ where, source }: Origin, { name, dtype, begin }: StoredTensor): ElementType {
  const type = TENSOR_TYPES.get(dtype);
  if (type !== undefined) return type;
  throw new FormatError(
    `${where}: tensor ${quoteName(name)} of ${source} must have one of the types ${[...TENSOR_TYPES.keys()].join(', ')}, but it has ${dtype}.`,
    { source, offset: begin, field: name },
  );
}
