/** Transposes and derivatives of sublayers of GPT-2-small's shape, on 32 tokens. */
import { packedF32, packedLength } from '../../src/backend/contract/weights.ts';
import type { Precision } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const [T, D, F, H, K] = [32, 768, 3072, 12, 64];
const SHAPE = { T, H, G: H, K, causal: true };
const PAIRS = (T * (T + 1)) / 2;

function frozenCases(precision: Precision): Case[] {
  return [
    {
      group: 'adjoints',
      name: `linearTransposed ${precision} ${T}x${D}x${F}`,
      precision,
      work: { amount: 2 * T * D * F, unit: 'GFLOP/s' },
      prepare(backend) {
        const x = putReal(backend, precision, randomNumbers(T * F, 1));
        const weights = packedF32(put(backend, 'f32', randomNumbers(packedLength(D, F), 2)));
        const y = putReal(backend, precision, T * D);
        return {
          run: () => backend.kernels.linearTransposed({ x, weights, y, rows: T, k: D, n: F }),
          outputs: () => [{ name: 'y', data: numbersOf(y) }],
        };
      },
    },
    {
      group: 'adjoints',
      name: `attendFrozenAdjoint ${precision} T=${T}`,
      precision,
      work: { amount: 2 * H * K * PAIRS, unit: 'GFLOP/s' },
      prepare(backend) {
        const pattern = putReal(backend, precision, randomNumbers(H * T * T, 3, 0, 2 / T));
        const z = putReal(backend, precision, randomNumbers(T * D, 4));
        const v = putReal(backend, precision, T * D);
        return {
          run: () => backend.kernels.attendFrozenAdjoint({ pattern, z, v, states: 1, ...SHAPE }),
          outputs: () => [{ name: 'v', data: numbersOf(v) }],
        };
      },
    },
    {
      group: 'adjoints',
      name: `frozenNormAdjoint ${precision} ${T}x${D}`,
      precision,
      work: { amount: T * D, unit: 'M elements/s' },
      prepare(backend) {
        const x = putReal(backend, precision, randomNumbers(T * D, 5));
        const gamma = put(backend, 'f64', randomNumbers(D, 6));
        const scale = put(backend, 'f64', randomNumbers(T, 7, 0.5, 2));
        const y = putReal(backend, precision, T * D);
        return {
          run: () => backend.kernels.frozenNormAdjoint({ x, gamma, scale, y, rows: T, T, D, centred: true }),
          outputs: () => [{ name: 'y', data: numbersOf(y) }],
        };
      },
    },
  ];
}

const derivativeCases: readonly Case[] = [
  {
    group: 'adjoints',
    name: `normTangent f64 ${T}x${D}`,
    precision: 'f64',
    work: { amount: T * D, unit: 'M elements/s' },
    prepare(backend) {
      const [x, dx] = [1, 2].map((seed) => put(backend, 'f64', randomNumbers(T * D, seed)));
      const gamma = put(backend, 'f64', randomNumbers(D, 3));
      const scale = put(backend, 'f64', randomNumbers(T, 4, 0.5, 2));
      const dy = put(backend, 'f64', T * D);
      return {
        run: () =>
          backend.kernels.normTangent({
            x: x!,
            gamma,
            scale,
            dx: dx!,
            dy,
            rows: T,
            T,
            D,
            centred: true,
            transposed: false,
          }),
        outputs: () => [{ name: 'dy', data: numbersOf(dy) }],
      };
    },
  },
  ...(['gelu', 'gelu_tanh', 'silu', 'relu', 'gelu_bloom'] as const).map(
    (activation): Case => ({
      group: 'adjoints',
      name: `activationSlope ${activation} ${T * F}`,
      precision: 'f64',
      work: { amount: T * F, unit: 'M elements/s' },
      prepare(backend) {
        const z = put(backend, 'f64', randomNumbers(T * F, 5, -4, 4));
        const r = put(backend, 'f64', T * F);
        return {
          run: () => backend.kernels.activationSlope({ z, r, n: T * F, activation }),
          outputs: () => [{ name: 'r', data: numbersOf(r) }],
        };
      },
    }),
  ),
  ...(['attendTangent', 'attendCotangent'] as const).flatMap((kernel) =>
    [0, 50].map(
      (cap): Case => ({
        group: 'adjoints',
        name: `${kernel} T=${T}${cap > 0 ? ' cap' : ''}`,
        precision: 'f64',
        work: { amount: 8 * H * K * PAIRS, unit: 'GFLOP/s' },
        prepare(backend) {
          const real = (seed: number) => put(backend, 'f64', randomNumbers(T * D, seed));
          const pattern = put(backend, 'f64', randomNumbers(H * T * T, 9, 0, 2 / T));
          const at = { q: real(1), k: real(2), v: real(3), pattern, scale: 0.125, cap };
          const [dq, dk, dv, dz, scratch] = [real(4), real(5), real(6), real(7), put(backend, 'f64', T)];
          return kernel === 'attendTangent'
            ? {
                run: () => backend.kernels.attendTangent({ ...at, dq, dk, dv, dz, scratch, states: 1, ...SHAPE }),
                outputs: () => [{ name: 'dz', data: numbersOf(dz) }],
              }
            : {
                run: () => backend.kernels.attendCotangent({ ...at, dz, dq, dk, dv, scratch, states: 1, ...SHAPE }),
                outputs: () =>
                  [dq, dk, dv].map((block, i) => ({ name: ['dq', 'dk', 'dv'][i]!, data: numbersOf(block) })),
              };
        },
      }),
    ),
  ),
];

export const adjointCases: readonly Case[] = [...frozenCases('f32'), ...frozenCases('f64'), ...derivativeCases];
