/** Weights on their way in, and the embedding that reads them: rates in bytes read and written. */
import { packedF32, packedLength, packedShape } from '../../src/backend/contract/weights.ts';
import type { Backend, Precision } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const N = 1 << 20;
const [D, F] = [768, 3072];
/** Smaller than GPT-2's vocabulary, yet far larger than a cache of the second level. */
const EMBEDDED = { V: 8192, T: 128 };

export const loadingCases: readonly Case[] = [
  moving('convertF16', `${N}`, 6 * N, (backend) => widening(backend, 'convertF16', halves())),
  moving('convertBf16', `${N}`, 6 * N, (backend) => widening(backend, 'convertBf16', brainFloats())),
  dequantising('Q8_0', { type: 8, elements: 32, bytes: 34 }),
  dequantising('Q4_K', { type: 12, elements: 256, bytes: 144 }),
  moving('firstNonFinite', `${N}`, 4 * N, (backend) => {
    const src = put(backend, 'f32', randomNumbers(N, 3));
    let found = 0;
    return {
      run: () => {
        found = backend.kernels.firstNonFinite({ src, n: N });
      },
      outputs: () => [{ name: 'index', data: Int32Array.of(found) }],
    };
  }),
  moving('packInOut', `${D}x${F}`, 8 * D * F, (backend) => {
    const src = put(backend, 'f32', randomNumbers(D * F, 4));
    const dst = put(backend, 'f32', packedLength(D, F));
    return {
      run: () => backend.kernels.packInOut({ src, dst, firstRow: 0, rows: D, stride: F, column: 0, k: D, n: F }),
      outputs: () => [{ name: 'dst', data: numbersOf(dst) }],
    };
  }),
  moving('packOutIn', `${F}x${D}`, 8 * D * F, (backend) => {
    const src = put(backend, 'f32', randomNumbers(D * F, 5));
    const dst = put(backend, 'f32', packedLength(D, F));
    return {
      run: () => backend.kernels.packOutIn({ src, dst, firstColumn: 0, columns: F, k: D }),
      outputs: () => [{ name: 'dst', data: numbersOf(dst) }],
    };
  }),
  moving('packQ8', `${F}x${D}`, (2 * D * F * 34) / 32, (backend) => {
    // Scales of bytes below 64 are finite; a NaN has no bits that both backends must keep.
    const stored = Uint8Array.from(randomNumbers((D * F * 34) / 32, 5, 0, 64), Math.floor);
    const [src, dst] = [put(backend, 'u8', stored), put(backend, 'u8', packedShape('Q8_0', D, F).length)];
    return {
      run: () => backend.kernels.packQ8({ src, dst, firstColumn: 0, columns: F, k: D }),
      outputs: () => [{ name: 'dst', data: numbersOf(dst) }],
    };
  }),
  embedCase('f32'),
  embedCase('f64'),
];

function moving(
  kernel: string,
  shape: string,
  bytes: number,
  prepare: (backend: Backend) => Prepared,
  precision: Precision = 'f32',
): Case {
  return { group: 'network', name: `${kernel} ${shape}`, precision, work: { amount: bytes, unit: 'GB/s' }, prepare };
}

function embedCase(precision: Precision): Case {
  const { V, T } = EMBEDDED;
  const bytes = T * D * (precision === 'f32' ? 12 : 16);
  const prepare = (backend: Backend): Prepared => {
    const ids = put(backend, 'i32', randomNumbers(T, 6, 0, V).map(Math.floor));
    const table = packedF32(put(backend, 'f32', randomNumbers(packedLength(D, V), 7)));
    const positions = put(backend, 'f32', randomNumbers(T * D, 8));
    const x = putReal(backend, precision, T * D);
    return {
      run: () => backend.kernels.embed({ ids, table, positions, x, first: 0, T, D }),
      outputs: () => [{ name: 'x', data: numbersOf(x) }],
    };
  };
  return moving('embed', `${precision} ${T}x${D} of ${V}`, bytes, prepare, precision);
}

function widening(backend: Backend, kernel: 'convertF16' | 'convertBf16', bits: Uint16Array): Prepared {
  const [src, dst] = [put(backend, 'u16', bits), put(backend, 'f32', N)];
  return {
    run: () => backend.kernels[kernel]({ src, dst, n: N }),
    outputs: () => [{ name: 'dst', data: numbersOf(dst) }],
  };
}

function dequantising(
  name: string,
  { type, elements, bytes }: { readonly type: number; readonly elements: number; readonly bytes: number },
): Case {
  const blocks = N / elements;
  return moving('dequantise', `${name} ${N}`, blocks * bytes + 4 * N, (backend) => {
    // Scales below 2: the upper byte of each binary16 number is at most 0x3f.
    const stored = Uint8Array.from(randomNumbers(blocks * bytes, 9, 0, 64), Math.floor);
    const [src, dst] = [put(backend, 'u8', stored), put(backend, 'f32', N)];
    return {
      run: () => backend.kernels.dequantise({ src, dst, blocks, type }),
      outputs: () => [{ name: 'dst', data: numbersOf(dst) }],
    };
  });
}

/** Bits of binary16 numbers below 2 in size, one in 16 of them subnormal, as a trained checkpoint hardly ever has more. */
function halves(): Uint16Array {
  return Uint16Array.from(randomNumbers(N, 1, 0, 1), (u) => {
    const sign = u < 0.5 ? 0 : 0x8000;
    return sign | Math.floor(((2 * u) % 1) * 0x4000);
  });
}

/** Bits of bfloat16 numbers: the upper halves of f32 numbers in [−1, 1). */
function brainFloats(): Uint16Array {
  const words = new Uint32Array(Float32Array.from(randomNumbers(N, 2)).buffer);
  return Uint16Array.from(words, (word) => word >>> 16);
}
