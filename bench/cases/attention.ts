/** Attention of GPT-2-small's shape: a prompt of 128 tokens, one token against a cache of 512 and against half of it, and the frozen map. */
import type { Backend, Precision } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const [H, K] = [12, 64];
const D = H * K;
/** What a Session keeps for 512 positions: off powers of two, where the rows of a column would share a few lines of the cache. */
const SESSION_CAPACITY = 516;

export const attentionCases: readonly Case[] = (['f32', 'f64'] as const).flatMap((precision) => [
  attendCase(precision, 'T=128', 128, 0),
  attendCase(precision, 'T=128 not causal', 128, 0, 128, 128, false),
  attendCase(precision, 'T=1 cache=512', 1, 511, SESSION_CAPACITY),
  attendCase(precision, 'T=1 cache=512 window=256', 1, 511, SESSION_CAPACITY, 256),
  attendCase(precision, 'T=128 cap', 128, 0, 128, 128, true, { cap: 50 }),
  attendCase(precision, 'T=128 slopes', 128, 0, 128, 128, true, { slopes: true }),
  frozenCase(precision, 128),
  storeKeysCase(precision, 128, 0, 128),
  storeKeysCase(precision, 1, 511, SESSION_CAPACITY),
]);

/** Scores and mixing, 2K operations each per head and visible pair of positions. */
function attendCase(
  precision: Precision,
  what: string,
  T: number,
  first: number,
  capacity = first + T,
  window = capacity,
  causal = true,
  { cap = 0, slopes = false } = {},
): Case {
  let pairs = 0;
  for (let t = 0; t < T; t++) pairs += causal ? Math.min(first + t + 1, window) : first + T;
  return {
    group: 'network',
    name: `attend ${precision} ${what}`,
    precision,
    work: { amount: 4 * H * K * pairs, unit: 'GFLOP/s' },
    prepare(backend) {
      const q = putReal(backend, precision, randomNumbers(T * D, 1));
      const keysT = putReal(backend, precision, randomNumbers(D * capacity, 2));
      const values = putReal(backend, precision, randomNumbers(capacity * D, 3));
      const [z, pattern] = [putReal(backend, precision, T * D), putReal(backend, precision, H * T * (first + T))];
      const scratch = put(backend, 'f64', 2 * capacity);
      const shape = { T, first, H, G: H, K, capacity, scale: 1 / Math.sqrt(K), cap, window, causal };
      const bias = slopes ? put(backend, 'f64', randomNumbers(H, 4, 0, 1)) : null;
      return {
        run: () => backend.kernels.attend({ q, keysT, values, z, pattern, scratch, slopes: bias, ...shape }),
        outputs: () => [
          { name: 'z', data: numbersOf(z) },
          { name: 'pattern', data: numbersOf(pattern) },
        ],
      };
    },
  };
}

function frozenCase(precision: Precision, T: number): Case {
  return {
    group: 'network',
    name: `attendFrozen ${precision} T=${T}`,
    precision,
    work: { amount: 2 * H * K * ((T * (T + 1)) / 2), unit: 'GFLOP/s' },
    prepare(backend) {
      const pattern = putReal(backend, precision, randomNumbers(H * T * T, 4, 0, 2 / T));
      const values = putReal(backend, precision, randomNumbers(T * D, 5));
      const z = putReal(backend, precision, T * D);
      return {
        run: () => backend.kernels.attendFrozen({ pattern, values, z, states: 1, T, H, G: H, K, causal: true }),
        outputs: () => [{ name: 'z', data: numbersOf(z) }],
      };
    },
  };
}

function storeKeysCase(precision: Precision, T: number, first: number, capacity: number): Case {
  const bytes = 2 * T * D * (precision === 'f32' ? 4 : 8);
  return {
    group: 'network',
    name: `storeKeys ${precision} T=${T} capacity=${capacity}`,
    precision,
    work: { amount: bytes, unit: 'GB/s' },
    prepare(backend: Backend) {
      const keys = putReal(backend, precision, randomNumbers(T * D, 6));
      const keysT = putReal(backend, precision, D * capacity);
      return {
        run: () => backend.kernels.storeKeys({ keys, keysT, T, first, G: H, K, capacity }),
        outputs: () => [{ name: 'keysT', data: numbersOf(keysT) }],
      };
    },
  };
}
