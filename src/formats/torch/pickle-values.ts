import type { FormatError } from '../../core/errors.ts';
import { describeJson, quoteName } from '../json.ts';

/** The file that a pickle lies in, for messages, and where it begins there. */
export interface PickleOrigin {
  readonly where: string;
  readonly source: string;
  readonly begin: number;
}

/** What state dictionaries consist of. */
export type PickleValue = null | boolean | number | string | Tuple | List | Table | Name | Storage | TorchTensor;

/** What makes an error at the place that is read. */
interface Reader {
  readonly fault: (must: string) => FormatError;
}

export class Tuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

export class List {
  readonly items: PickleValue[] = [];
}

/** A dictionary, ordered or not: keys and values as they were put in. */
export class Table {
  readonly entries: (readonly [PickleValue, PickleValue])[] = [];
}

/** A function, or a class, of those that state dictionaries name. */
export class Name {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

/** Types of safetensors and bytes of an element, by the classes that PyTorch has for storages. */
const STORAGES: ReadonlyMap<string, readonly [dtype: string, bytes: number]> = new Map([
  ['torch.DoubleStorage', ['F64', 8]],
  ['torch.FloatStorage', ['F32', 4]],
  ['torch.HalfStorage', ['F16', 2]],
  ['torch.BFloat16Storage', ['BF16', 2]],
  ['torch.LongStorage', ['I64', 8]],
  ['torch.IntStorage', ['I32', 4]],
  ['torch.ShortStorage', ['I16', 2]],
  ['torch.CharStorage', ['I8', 1]],
  ['torch.ByteStorage', ['U8', 1]],
  ['torch.BoolStorage', ['BOOL', 1]],
]);
const [TABLE, TENSOR, PARAMETER] = [
  'collections.OrderedDict',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_parameter',
] as const;
const KNOWN: ReadonlySet<string> = new Set([TABLE, TENSOR, PARAMETER, ...STORAGES.keys()]);

/** Numbers that lie in a file of the archive. */
export class Storage {
  /** Name of the file in the folder `data`. */
  readonly key: string;
  readonly dtype: string;
  readonly elementBytes: number;
  /** How many numbers it holds. */
  readonly count: number;

  private constructor(key: string, [dtype, elementBytes]: readonly [string, number], count: number) {
    this.key = key;
    this.dtype = dtype;
    this.elementBytes = elementBytes;
    this.count = count;
  }

  /** ('storage', class, key, device, count). @throws FormatError for anything else. */
  static of(reader: Reader, value: PickleValue): Storage {
    const [kind, type, key, device, count] = value instanceof Tuple && value.items.length === 5 ? value.items : [];
    const stored = type instanceof Name ? STORAGES.get(type.id) : undefined;
    if (kind !== 'storage' || stored === undefined || typeof key !== 'string' || typeof device !== 'string')
      throw reader.fault('refer to storages by class, key, device and count, but it does not');
    if (!isSize(count)) throw reader.fault('give storages a count of numbers, but it does not');
    return new Storage(key, stored, count);
  }
}

/** A tensor whose numbers lie one after the other in a storage. */
export class TorchTensor {
  readonly storage: Storage;
  /** Number of its first element in the storage. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly count: number;
  /** Whether its elements lie in the order of its indices, the last one fastest. */
  readonly contiguous: boolean;

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.count = shape.reduce((product, size) => product * size, 1);
    let stride = 1;
    let contiguous = true;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] !== 1 && strides[axis] !== stride) contiguous = false;
      stride *= shape[axis]!;
    }
    this.contiguous = contiguous || this.count === 0;
  }
}

export function isList(value: PickleValue): value is List {
  return value instanceof List;
}

/** @throws FormatError for a name that state dictionaries do not need, naming it. */
export function readName(reader: Reader, module: string, name: string): Name {
  const id = `${module}.${name}`;
  if (KNOWN.has(id)) return new Name(id);
  throw reader.fault(`name only what state dictionaries need, but it names ${quoteName(id)}, which could run anything`);
}

/** What a call gives. @throws FormatError for arguments that are not those of the function. */
export function rebuild(reader: Reader, { id }: Name, values: readonly PickleValue[]): PickleValue {
  if (id === TABLE && values.length === 0) return new Table();
  const [first] = values;
  if (id === PARAMETER && values.length === 3 && first instanceof TorchTensor) return first;
  if (id === TENSOR && (values.length === 6 || values.length === 7)) return tensorOf(reader, values);
  throw reader.fault(`call ${id} with its arguments, but it does not`);
}

function tensorOf(reader: Reader, [storage, offset, shape, strides]: readonly PickleValue[]): TorchTensor {
  const [sizes, steps] = [sizesOf(shape), sizesOf(strides)];
  if (!(storage instanceof Storage) || !isSize(offset) || sizes === null || steps?.length !== sizes.length)
    throw reader.fault('rebuild tensors from a storage, an offset, a shape and strides, but it does not');
  const tensor = new TorchTensor(storage, offset, sizes, steps);
  if (Number.isSafeInteger(tensor.count) && offset + tensor.count <= storage.count) return tensor;
  if (tensor.contiguous || !Number.isSafeInteger(tensor.count))
    throw reader.fault(
      `rebuild tensors that their storages hold, but one of shape ${describeJson(sizes)} from ${offset} on is not in ${storage.count} numbers`,
    );
  return tensor;
}

function sizesOf(value: PickleValue | undefined): readonly number[] | null {
  if (!(value instanceof Tuple)) return null;
  const sizes = value.items.filter(isSize);
  return sizes.length === value.items.length && sizes.length <= MAX_AXES ? sizes : null;
}

const MAX_AXES = 64;

function isSize(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
