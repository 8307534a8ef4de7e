/**
 * Writes a random checkpoint with the shapes and names of a published model, for tests and benchmarks of real sizes without
 * a download:
 *
 *   npx tsx scripts/random-checkpoint.ts MODEL OUT_DIR [--seed n]
 *   npx tsx scripts/random-checkpoint.ts gpt2-small OUT_DIR --layers 48
 *   npx tsx scripts/random-checkpoint.ts MODEL OUT.gguf --gguf F32|Q8_0|Q4_K|… [--seed n]
 *
 * Weights are N(0, 0.02²), norms N(1, 0.02²); the same seed gives the same files. The tokenizer knows the 256 bytes; the rest
 * of its vocabulary are fillers.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { safetensorsHeader, type TensorLayout } from '../src/formats/safetensors.ts';
import { byteTokenizer } from '../tests/support/byte-tokenizer.ts';
import { MODELS, type Model, type Shape } from './published-shapes.ts';
import { FILE_TYPES, writeGguf } from './random-gguf.ts';
import { writeWhole } from './write-whole.ts';

const USAGE = `Usage: npx tsx scripts/random-checkpoint.ts ${[...MODELS.keys()].join('|')} OUT_DIR|OUT.gguf [--gguf TYPE] [--layers n, of gpt2-small] [--seed n]`;
const SPREAD = 0.02;
const CHUNK = 1 << 20;

async function writeCheckpoint(model: Model, directory: string, seed: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { tokenizer, config } = byteTokenizer(model.V, model.endId);
  await writeFile(join(directory, 'config.json'), `${JSON.stringify(model.config, null, 2)}\n`);
  await writeFile(join(directory, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(directory, 'tokenizer_config.json'), `${JSON.stringify(config, null, 2)}\n`);
  await writeWhole(join(directory, 'model.safetensors'), async (file) => {
    await file.write(headerOf(model));
    for (const bytes of weightBytes(model, seed)) await file.write(bytes);
  });
}

function headerOf(model: Model): Uint8Array {
  const width = model.dtype === 'F32' ? 4 : 2;
  const layouts = model.tensors.map(
    ([name, shape]): TensorLayout => ({ name, shape, dtype: model.dtype, byteLength: width * product(shape) }),
  );
  const header = safetensorsHeader(layouts, { format: 'pt' });
  if (model.paddedHeader) return header;
  let end = header.length;
  while (header[end - 1] === 0x20) end--;
  const bare = header.slice(0, end);
  new DataView(bare.buffer).setBigUint64(0, BigInt(end - 8), true);
  return bare;
}

/** The data of all tensors, in pieces of one buffer. */
function* weightBytes(model: Model, seed: number): Generator<Uint8Array> {
  const store = model.dtype === 'F32' ? Float32Array : Uint16Array;
  const piece = new store(CHUNK);
  const [around0, around1] = [quantiles(model.dtype, 0), quantiles(model.dtype, 1)];
  const random = xorshift(seed);
  for (const [name, shape] of model.tensors) {
    const table = tableOf(name, around0, around1);
    const mask = name.endsWith('.attn.bias');
    const side = shape.at(-1) ?? 1;
    const length = product(shape);
    for (let at = 0; at < length; at += CHUNK) {
      const n = Math.min(CHUNK, length - at);
      if (mask) for (let i = 0; i < n; i++) piece[i] = (at + i) % side <= Math.floor((at + i) / side) ? 1 : 0;
      else for (let i = 0; i < n; i++) piece[i] = table[random() & 0xffff] ?? 0;
      yield new Uint8Array(piece.buffer, 0, n * piece.BYTES_PER_ELEMENT);
    }
  }
}

/** Gives the numbers of a model in the order of its folder, as they are stored there. */
function drawer(model: Model, seed: number): (name: string, count: number) => Float32Array {
  const [around0, around1] = [quantiles(model.dtype, 0), quantiles(model.dtype, 1)];
  const random = xorshift(seed);
  return (name, count) => {
    const table = tableOf(name, around0, around1);
    const values = new Float32Array(count);
    const words = new Uint32Array(values.buffer);
    if (table instanceof Float32Array) for (let i = 0; i < count; i++) values[i] = table[random() & 0xffff]!;
    else for (let i = 0; i < count; i++) words[i] = table[random() & 0xffff]! << 16;
    return values;
  };
}

function tableOf<T>(name: string, around0: T, around1: T): T {
  return /(ln_.|norm)\.weight$/.test(name) ? around1 : around0;
}

/** 65,536 equally likely values of N(mean, SPREAD²) as they are stored: a draw is one look-up. */
function quantiles(dtype: Model['dtype'], mean: number): Float32Array | Uint16Array {
  const values = Float32Array.from({ length: 65536 }, (_, i) => mean + SPREAD * normalQuantile((i + 0.5) / 65536));
  if (dtype === 'F32') return values;
  return Uint16Array.from(new Uint32Array(values.buffer), (bits) => (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
}

/** Inverse of the normal distribution function by bisection. @source Abramowitz and Stegun 26.2.17 (error below 7.5e-8). */
function normalQuantile(p: number): number {
  if (p < 0.5) return -normalQuantile(1 - p);
  let [low, high] = [0, 8];
  for (let step = 0; step < 40; step++) {
    const x = (low + high) / 2;
    const t = 1 / (1 + 0.2316419 * x);
    const tail = ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) * t;
    if (1 - (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * tail < p) low = x;
    else high = x;
  }
  return low;
}

/** Marsaglia's xorshift32; the upper half of its state is well mixed. */
function xorshift(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 16;
  };
}

function product(shape: Shape): number {
  return shape.reduce((total, size) => total * size, 1);
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, gguf: { type: 'string' }, layers: { type: 'string' } },
  });
  const [name = '', directory = ''] = positionals;
  const model = MODELS.get(name);
  const seed = Number(values.seed);
  const layers = values.layers === undefined ? undefined : Number(values.layers);
  if (
    model === undefined ||
    directory === '' ||
    positionals.length > 2 ||
    !Number.isSafeInteger(seed) ||
    (layers !== undefined && (name !== 'gpt2-small' || !(Number.isInteger(layers) && layers >= 1))) ||
    !FILE_TYPES.includes(values.gguf ?? 'F32')
  ) {
    console.error(USAGE);
    return 2;
  }
  if (values.gguf === undefined) await writeCheckpoint(model(layers), directory, seed);
  else await writeGguf(directory, model(layers), values.gguf, drawer(model(layers), seed), xorshift(seed + 1));
  return 0;
}

process.exitCode = await main();
