import { concatenate, jsonBytes } from './tiny-checkpoint.ts';

const text = new TextEncoder();

/** One tensor of a state dictionary, elements in order. */
export interface TorchEntry {
  readonly type: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A file that lies in an archive. */
export interface ArchiveFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How an archive differs from a plain one. */
export interface ArchiveOptions {
  /** Sizes and places in 64-bit extensions. */
  readonly wide?: boolean;
  /** Changes the directory, file by file: method, flags, sizes. */
  readonly directory?: (view: DataView, index: number) => void;
}

/** A zip of files as they are, with padding behind their headers. */
export function zipFile(files: readonly ArchiveFile[], { wide = false, directory }: ArchiveOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  const add = (bytes: Uint8Array): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  files.forEach(({ name, bytes }, index) => {
    const header = at;
    const spelt = text.encode(name);
    const padding = new Uint8Array(11 + index);
    add(
      record(
        30,
        [0, 0x04034b50, 4],
        [18, bytes.length, 4],
        [22, bytes.length, 4],
        [26, spelt.length, 2],
        [28, padding.length, 2],
      ),
    );
    add(spelt);
    add(padding);
    add(bytes);
    const extra = wide
      ? record(
          36,
          [0, 7, 2],
          [2, 4, 2],
          [8, 1, 2],
          [10, 24, 2],
          [12, bytes.length, 8],
          [20, bytes.length, 8],
          [28, header, 8],
        )
      : new Uint8Array(0);
    const size = wide ? 0xffffffff : bytes.length;
    const entry = record(
      46,
      [0, 0x02014b50, 4],
      [20, size, 4],
      [24, size, 4],
      [28, spelt.length, 2],
      [30, extra.length, 2],
      [42, wide ? 0xffffffff : header, 4],
    );
    directory?.(new DataView(entry.buffer), index);
    central.push(concatenate([entry, spelt, extra]));
  });
  const [begin, length] = [at, central.reduce((sum, { length: size }) => sum + size, 0)];
  central.forEach(add);
  const end64 = at;
  if (wide) {
    add(
      record(
        56,
        [0, 0x06064b50, 4],
        [4, 44, 8],
        [24, files.length, 8],
        [32, files.length, 8],
        [40, length, 8],
        [48, begin, 8],
      ),
    );
    add(record(20, [0, 0x07064b50, 4], [8, end64, 8], [16, 1, 4]));
  }
  const count = wide ? 0xffff : files.length;
  add(
    record(
      22,
      [0, 0x06054b50, 4],
      [8, count, 2],
      [10, count, 2],
      [12, wide ? 0xffffffff : length, 4],
      [16, wide ? 0xffffffff : begin, 4],
    ),
  );
  return concatenate(parts);
}

/** Bytes of a length with little-endian numbers at some places. */
function record(
  length: number,
  ...fields: readonly (readonly [at: number, value: number, bytes: number])[]
): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (const [at, value, size] of fields) {
    if (size === 8) view.setBigUint64(at, BigInt(value), true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
  }
  return bytes;
}

/** Operations of a pickle: texts as Latin-1. */
export function pickle(...operations: readonly (string | Uint8Array)[]): Uint8Array {
  return concatenate(
    ['\x80\x02', ...operations, '.'].map((part) =>
      typeof part === 'string' ? Uint8Array.from(part, (character) => character.charCodeAt(0)) : part,
    ),
  );
}

/** Operations that push a text, an integer, a tuple. */
export const push = {
  text(value: string): Uint8Array {
    const bytes = text.encode(value);
    return concatenate([text.encode('X'), record(4, [0, bytes.length, 4]), bytes]);
  },
  integer: (value: number): Uint8Array => concatenate([text.encode('J'), record(4, [0, value, 4])]),
  integers: (values: readonly number[]): Uint8Array =>
    concatenate([text.encode('('), ...values.map(push.integer), text.encode('t')]),
  storage: (type: string, key: string, count: number): Uint8Array =>
    concatenate([
      text.encode('('),
      push.text('storage'),
      text.encode(`ctorch\n${type}\n`),
      push.text(key),
      push.text('cpu'),
      push.integer(count),
      text.encode('tQ'),
    ]),
  tensor: (storage: Uint8Array, offset: number, shape: readonly number[], strides = stridesOf(shape)): Uint8Array =>
    concatenate([
      text.encode('ctorch._utils\n_rebuild_tensor_v2\n('),
      storage,
      push.integer(offset),
      push.integers(shape),
      push.integers(strides),
      Uint8Array.of(0x89),
      text.encode('ccollections\nOrderedDict\n)RtR'),
    ]),
};

function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}

const STORAGES: Readonly<Record<string, readonly [string, number]>> = {
  F32: ['FloatStorage', 4],
  F16: ['HalfStorage', 2],
  BF16: ['BFloat16Storage', 2],
  U8: ['ByteStorage', 1],
};

/** A file as torch.save writes it, of tensors that each have a storage. */
export function torchFile(tensors: Readonly<Record<string, TorchEntry>>, options: ArchiveOptions = {}): Uint8Array {
  const entries = Object.entries(tensors);
  const items = entries.map(([name, { type, shape, bytes }], i) => {
    const [storage, size] = STORAGES[type]!;
    return concatenate([push.text(name), push.tensor(push.storage(storage, String(i), bytes.length / size), 0, shape)]);
  });
  return zipFile(
    [
      { name: 'archive/data.pkl', bytes: pickle('}(', ...items, 'u') },
      { name: 'archive/byteorder', bytes: text.encode('little') },
      ...entries.map(([, { bytes }], i) => ({ name: `archive/data/${i}`, bytes })),
      { name: 'archive/version', bytes: text.encode('3\n') },
    ],
    options,
  );
}

/** A checkpoint's files with pytorch_model.bin in place of model.safetensors, shards and index included. */
export function asTorch(files: ReadonlyMap<string, Uint8Array>, options: ArchiveOptions = {}): Map<string, Uint8Array> {
  const renamed = (name: string): string =>
    name.replace(/^model/, 'pytorch_model').replace(/\.safetensors(?=$|\.index\.json$)/, '.bin');
  const changed = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    if (name.endsWith('.safetensors')) changed.set(renamed(name), torchFile(tensorsOf(bytes), options));
    else if (name.endsWith('.index.json')) {
      const { weight_map: map } = JSON.parse(new TextDecoder().decode(bytes)) as { weight_map: Record<string, string> };
      const entries = Object.entries(map).map(([tensor, shard]) => [tensor, renamed(shard)]);
      changed.set(renamed(name), jsonBytes({ weight_map: Object.fromEntries(entries) }));
    } else changed.set(name, bytes);
  }
  return changed;
}

function tensorsOf(file: Uint8Array): Record<string, TorchEntry> {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  return Object.fromEntries(
    Object.entries(header).flatMap(([name, { dtype, shape, data_offsets: offsets }]) =>
      name === '__metadata__'
        ? []
        : [[name, { type: dtype, shape, bytes: file.subarray(8 + length + offsets[0], 8 + length + offsets[1]) }]],
    ),
  );
}
