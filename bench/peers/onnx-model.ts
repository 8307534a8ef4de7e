/**
 * GPT-2's forward pass as an ONNX model beside a checkpoint: ids and positions in, the logits behind the last id out. The weights stay in
 * `model.safetensors`, which the model names by offset and length, so that both read the same bytes.
 *
 * Fields by number: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Attention is the fused operator of ONNX Runtime, as its own
 * tools write it, and GELU one operator.
 */
import { closeSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [FLOAT, INT64] = [1, 7];
const MICROSOFT = 'com.microsoft';
const WEIGHTS = 'model.safetensors';

type Message = Uint8Array;

/** Writes the model into the checkpoint's folder and gives its path. */
export function writeOnnxModel(directory: string): string {
  const path = join(directory, 'forward.onnx');
  const config = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8')) as Config;
  const { header, dataStart } = headerOf(join(directory, WEIGHTS));
  const initializers = Object.entries(header).flatMap(([name, entry]) =>
    name === '__metadata__' || name.endsWith('.attn.bias') ? [] : [weight(name, entry, dataStart)],
  );
  writeFileSync(`${path}.part`, modelOf(config, initializers));
  renameSync(`${path}.part`, path);
  return path;
}

interface Config {
  readonly n_layer: number;
  readonly n_head: number;
  readonly layer_norm_epsilon: number;
  readonly vocab_size: number;
}

interface Entry {
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function headerOf(path: string): { readonly header: Record<string, Entry>; readonly dataStart: number } {
  const file = openSync(path, 'r');
  const bytesAt = (position: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, position);
    return bytes;
  };
  const length = Number(bytesAt(0, 8).readBigUInt64LE());
  const header = JSON.parse(bytesAt(8, length).toString()) as Record<string, Entry>;
  closeSync(file);
  return { header, dataStart: 8 + length };
}

function modelOf({ n_layer, n_head, layer_norm_epsilon, vocab_size }: Config, weights: readonly Message[]): Message {
  const nodes: Message[] = [];
  const add = (op: string, inputs: readonly string[], output: string, attributes: Attributes = {}, domain = '') => {
    nodes.push(node(op, inputs, output, attributes, domain));
    return output;
  };
  const norm = (x: string, name: string) =>
    add('LayerNormalization', [x, `${name}.weight`, `${name}.bias`], `${name}.out`, { epsilon: layer_norm_epsilon });
  const linear = (x: string, name: string) => add('Gemm', [x, `${name}.weight`, `${name}.bias`], `${name}.out`);

  add('Gather', ['wte.weight', 'ids'], 'tokens');
  add('Gather', ['wpe.weight', 'positions'], 'places');
  let x = add('Add', ['tokens', 'places'], 'stream.0');
  for (let l = 0; l < n_layer; l++) {
    const h = `h.${l}`;
    const batch = add('Unsqueeze', [norm(x, `${h}.ln_1`), 'first axis'], `${h}.batch`);
    const attention = add(
      'Attention',
      [batch, `${h}.attn.c_attn.weight`, `${h}.attn.c_attn.bias`],
      `${h}.attn.z`,
      { num_heads: BigInt(n_head), unidirectional: 1n },
      MICROSOFT,
    );
    const z = add('Squeeze', [attention, 'first axis'], `${h}.attn.rows`);
    x = add('Add', [x, linear(z, `${h}.attn.c_proj`)], `${h}.middle`);
    const hidden = add('Gelu', [linear(norm(x, `${h}.ln_2`), `${h}.mlp.c_fc`)], `${h}.hidden`, { approximate: 'tanh' });
    x = add('Add', [x, linear(hidden, `${h}.mlp.c_proj`)], `stream.${l + 1}`);
  }
  const last = add('Gather', [x, 'last row'], 'last');
  add('Gemm', [norm(last, 'ln_f'), 'wte.weight'], 'logits', { transB: 1n });

  const graph = [
    ...nodes.map((bytes) => field(1, bytes)),
    text(2, 'GPT-2'),
    ...[...weights, integers('first axis', [0]), integers('last row', [-1])].map((bytes) => field(5, bytes)),
    field(11, value('ids', INT64, ['T'])),
    field(11, value('positions', INT64, ['T'])),
    field(12, value('logits', FLOAT, [1, vocab_size])),
  ];
  const opset = (domain: string, version: number) => field(8, message(text(1, domain), number(2, version)));
  return message(number(1, 9), opset('', 20), opset(MICROSOFT, 1), field(7, message(...graph)));
}

/** A tensor whose data lie in the checkpoint. */
function weight(name: string, { shape, data_offsets: [begin, end] }: Entry, dataStart: number): Message {
  const where = { location: WEIGHTS, offset: String(dataStart + begin), length: String(end - begin) };
  const external = Object.entries(where).map(([key, said]) => field(13, message(text(1, key), text(2, said))));
  const dimensions = shape.map((size) => number(1, size));
  return message(...dimensions, number(2, FLOAT), text(8, name), ...external, number(14, 1));
}

function integers(name: string, values: readonly number[]): Message {
  return message(number(1, values.length), number(2, INT64), ...values.map((x) => number(7, x)), text(8, name));
}

function value(name: string, type: number, shape: readonly (number | string)[]): Message {
  const dimensions = shape.map((size) => field(1, message(typeof size === 'number' ? number(1, size) : text(2, size))));
  return message(
    text(1, name),
    field(2, message(field(1, message(number(1, type), field(2, message(...dimensions)))))),
  );
}

type Attributes = Readonly<Record<string, number | bigint | string>>;

/** Attributes that are numbers are f32, bigints whole numbers. */
function node(op: string, inputs: readonly string[], output: string, attributes: Attributes, domain: string): Message {
  const said = Object.entries(attributes).map(([name, content]) => {
    if (typeof content === 'number') return message(text(1, name), float(2, content), number(20, 1));
    if (typeof content === 'bigint') return message(text(1, name), number(3, Number(content)), number(20, 2));
    return message(text(1, name), text(4, content), number(20, 3));
  });
  return message(
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, op),
    ...said.map((bytes) => field(5, bytes)),
    text(7, domain),
  );
}

/** The parts of a message in Google's protobuf encoding, one behind the other. */
function message(...parts: readonly Message[]): Message {
  return Buffer.concat(parts);
}

function field(key: number, bytes: Message): Message {
  return message(varint(key * 8 + 2), varint(bytes.length), bytes);
}

function text(key: number, content: string): Message {
  return field(key, Buffer.from(content));
}

function number(key: number, content: number): Message {
  return message(varint(key * 8), varint(content));
}

function float(key: number, content: number): Message {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(content);
  return message(varint(key * 8 + 5), bytes);
}

/** Seven bits a byte, the lowest first; negative numbers as their 64 bits. */
function varint(content: number): Message {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(content));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}
