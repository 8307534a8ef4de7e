/**
 * The matrices that decoding a token of GPT-2-small's shape reads, in one type each, and beside them a plain read of the same numbers in f32: how near decoding
 * comes to the memory, and what narrower weights gain.
 */
import {
  blockOf,
  type PackedWeights,
  packedShape,
  Q8_BYTES,
  scratchLength,
  type WeightFormat,
} from '../../src/backend/contract/weights.ts';
import type { Backend, Block } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const [D, F, L, V] = [768, 3072, 12, 50_257];
const LAYER = [
  [D, D],
  [D, D],
  [D, D],
  [D, D],
  [D, F],
  [F, D],
] as const;
const SHAPES: readonly (readonly [k: number, n: number])[] = [...Array.from({ length: L }, () => LAYER).flat(), [D, V]];

const FORMATS = ['F32', 'BF16', 'F16', 'Q8_0', 'Q4_0', 'Q4_K'] as const satisfies readonly WeightFormat[];

function decodeCase(format: WeightFormat): Case {
  return {
    group: 'decode',
    name: `linear decode ${format}`,
    precision: 'f32',
    work: { amount: 1, unit: 'tokens/s' },
    long: true,
    withoutTwin: true,
    timed: ['wasm'],
    prepare(backend) {
      const x = put(backend, 'f32', randomNumbers(F, 1));
      const y = put(backend, 'f32', V);
      const scratch = put(backend, 'f32', scratchLength(format, F));
      const maps = SHAPES.map(([k, n]) => ({ k, n, weights: matrix(backend, format, k, n, scratch) }));
      return {
        run: () => {
          for (const { k, n, weights } of maps) backend.kernels.linear({ x, weights, bias: null, y, rows: 1, k, n });
        },
        outputs: () => [{ name: 'logits', data: numbersOf(y) }],
      };
    },
  };
}

/** The same numbers in f32, read and tested, nothing else. */
const readCase: Case = {
  group: 'decode',
  name: 'firstNonFinite decode F32',
  precision: 'f32',
  work: { amount: SHAPES.reduce((sum, [k, n]) => sum + 4 * k * n, 0), unit: 'GB/s' },
  long: true,
  withoutTwin: true,
  timed: ['wasm'],
  prepare(backend) {
    const blocks = SHAPES.map(([k, n]) => matrix(backend, 'F32', k, n, null).block as Block<'f32'>);
    let found = 0;
    return {
      run: () => {
        for (const src of blocks) found = backend.kernels.firstNonFinite({ src, n: src.length });
      },
      outputs: () => [{ name: 'index', data: Int32Array.of(found) }],
    };
  },
};

/** Random numbers below 1 in size, a few thousand that come again and again. */
function matrix(
  backend: Backend,
  format: WeightFormat,
  k: number,
  n: number,
  scratch: Block<'f32'> | null,
): PackedWeights {
  const { kind, length } = packedShape(format, k, n);
  const block = backend.memory.allocate(kind, length);
  const view = block.view();
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const first = format === 'F32' || format === 'BF16' || format === 'F16' ? floats(format) : blocks(format);
  bytes.set(first.subarray(0, bytes.length));
  for (let done = first.length; done < bytes.length; done *= 2)
    bytes.copyWithin(done, 0, Math.min(done, bytes.length - done));
  return { block: block as PackedWeights['block'], format, scratch };
}

/** Of N(0, 0.02²), as trained weights are. */
function floats(format: 'F32' | 'BF16' | 'F16'): Uint8Array {
  const uniform = randomNumbers(12 * 6144, 2, 0, 1);
  const values = Float32Array.from(
    { length: 6144 },
    (_, i) => 0.02 * (uniform.subarray(12 * i, 12 * i + 12).reduce((a, b) => a + b, 0) - 6),
  );
  if (format === 'F32') return new Uint8Array(values.buffer);
  const words = new Uint32Array(values.buffer);
  const half = (word: number): number => {
    const exponent = ((word >>> 23) & 0xff) - 112;
    const size =
      exponent > 0
        ? (exponent << 10) | ((word >>> 13) & 0x3ff)
        : Math.round(Math.abs(new Float32Array(Uint32Array.of(word).buffer)[0]!) * 2 ** 24);
    return ((word >>> 16) & 0x8000) | size;
  };
  return new Uint8Array(Uint16Array.from(words, (word) => (format === 'BF16' ? word >>> 16 : half(word))).buffer);
}

/** Random bytes with scales of 2⁻⁸ or so: a binary16 number or two in front of a block; of Q8_0 eight of f32 in front of a panel's eight blocks. */
function blocks(format: WeightFormat): Uint8Array {
  const unit = format === 'Q8_0' ? Q8_BYTES : blockOf(format).bytes;
  const stored = Uint8Array.from(randomNumbers(unit * 24, 3, 0, 256), Math.floor);
  for (let at = 0; at < stored.length; at += unit) {
    if (format === 'Q8_0') stored.set(new Uint8Array(new Float32Array(8).fill(2 ** -8).buffer), at);
    else for (let i = 1; i < (format === 'Q4_K' ? 4 : 2); i += 2) stored[at + i] = 0x1c;
  }
  return stored;
}

export const decodeCases: readonly Case[] = [...FORMATS.map(decodeCase), readCase];
