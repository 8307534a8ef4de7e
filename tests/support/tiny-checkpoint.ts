/** Small random checkpoints in memory, in the Hub's layout, for every test that needs a model. */
import { safetensorsHeader } from '../../src/formats/safetensors.ts';
import type { Folder } from '../../src/transformer/checkpoint/checkpoint.ts';
import { byteTokenizer } from './byte-tokenizer.ts';
import { storedBytes } from './stored-floats.ts';
import { type TinyOptions, tinyConfig, tinySizes, tinyTensors } from './tiny-model.ts';

export * from './tiny-model.ts';

/** A tensor as it is stored. */
export interface StoredBytes {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A safetensors file; `headerPadding` spaces go after the header. */
export function safetensorsFile(
  tensors: readonly StoredBytes[],
  headerPadding = 0,
  metadata: Readonly<Record<string, string>> | null = { format: 'pt' },
): Uint8Array {
  const layouts = tensors.map(({ bytes, ...layout }) => ({ ...layout, byteLength: bytes.length }));
  const header = safetensorsHeader(layouts, metadata ?? undefined);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8 + headerPadding), true);
  return concatenate([header, new Uint8Array(headerPadding).fill(0x20), ...tensors.map((tensor) => tensor.bytes)]);
}

/** All files of the checkpoint, by name. Change the map to break one. */
export function tinyFiles(options: TinyOptions = {}): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([['config.json', jsonBytes(tinyConfig(options))]]);
  if (options.tokenizer ?? true) {
    const { tokenizer, config } = byteTokenizer(tinySizes(options).V);
    files.set('tokenizer.json', jsonBytes(tokenizer)).set('tokenizer_config.json', jsonBytes(config));
  }
  const stored = storedTensors(options);
  const shards = options.shards ?? 1;
  if (shards === 1) return files.set('model.safetensors', safetensorsFile(stored, options.headerPadding));
  const weightMap: Record<string, string> = {};
  for (let i = 0; i < shards; i++) {
    const name = `model-${String(i + 1).padStart(5, '0')}-of-${String(shards).padStart(5, '0')}.safetensors`;
    const share = stored.slice(
      Math.floor((i * stored.length) / shards),
      Math.floor(((i + 1) * stored.length) / shards),
    );
    files.set(name, safetensorsFile(share, options.headerPadding));
    for (const tensor of share) weightMap[tensor.name] = name;
  }
  const total = stored.reduce((sum, tensor) => sum + tensor.bytes.length, 0);
  return files.set(
    'model.safetensors.index.json',
    jsonBytes({ metadata: { total_size: total }, weight_map: weightMap }),
  );
}

function storedTensors(options: TinyOptions): StoredBytes[] {
  const dtype = options.dtype ?? 'F32';
  const family = options.family ?? 'gpt2';
  const prefixed = (family === 'gpt2' || family === 'gpt_neo') && (options.prefix ?? true);
  const bare = family === 'gpt_neox' && options.prefix === false;
  const stored: StoredBytes[] = [...tinyTensors(options).values()].map(({ name, shape, values }) => ({
    name: prefixed && name !== 'lm_head.weight' ? `transformer.${name}` : bare ? name.replace('gpt_neox.', '') : name,
    dtype,
    shape,
    bytes: storedBytes(dtype, values),
  }));
  if (options.maskBuffers) {
    const { L, maxPositions: P } = tinySizes(options);
    for (let i = 0; i < L; i++) {
      const name = `${prefixed ? 'transformer.' : ''}h.${i}.attn`;
      stored.push({ name: `${name}.bias`, dtype: 'U8', shape: [1, 1, P, P], bytes: new Uint8Array(P * P).fill(1) });
      stored.push({
        name: `${name}.masked_bias`,
        dtype: 'F32',
        shape: [],
        bytes: storedBytes('F32', Float32Array.of(-1e4)),
      });
    }
  }
  return stored.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Files in memory as a folder. */
export function memoryFolder(files: ReadonlyMap<string, Uint8Array>, label = 'tiny'): Folder {
  return {
    label,
    names: async () => [...files.keys()],
    open: async (name) => {
      const bytes = files.get(name);
      if (bytes === undefined) return null;
      return {
        size: bytes.length,
        readSync: (offset, into) => {
          if (offset + into.length > bytes.length) throw new RangeError(`${name} was read beyond its end`);
          into.set(bytes.subarray(offset, offset + into.length));
        },
        read: async (offset, into) => {
          if (offset + into.length > bytes.length) throw new RangeError(`${name} was read beyond its end`);
          into.set(bytes.subarray(offset, offset + into.length));
        },
      };
    },
  };
}

/** A small random checkpoint to open. */
export function tinyCheckpoint(options: TinyOptions = {}): Folder {
  return memoryFolder(tinyFiles(options), `tiny-${options.family ?? 'gpt2'}`);
}

/** The same in a directory, which is made if need be (Node). */
export async function writeTinyCheckpoint(directory: string, options: TinyOptions = {}): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises');
  await mkdir(directory, { recursive: true });
  for (const [name, bytes] of tinyFiles(options)) await writeFile(`${directory}/${name}`, bytes);
}

/** A value as the bytes of a json file. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Byte arrays one after another. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
