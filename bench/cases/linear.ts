/** Matrix products: GPT-2-small's MLP on a prompt and on one token, and two that fit in a cache. */
import { packedF32, packedLength } from '../../src/backend/contract/weights.ts';
import type { Precision } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const SHAPES = [
  [32, 768, 3072],
  [1, 768, 3072],
  [256, 256, 256],
  [128, 128, 512],
] as const;

/** y = x W + b; every n here is a whole number of panels, so random packed weights are as good as packed random ones. */
export function linearCase(group: string, precision: Precision, rows: number, k: number, n: number): Case {
  return {
    group,
    name: `linear ${precision} ${rows}x${k}x${n}`,
    precision,
    work: { amount: 2 * rows * k * n, unit: 'GFLOP/s' },
    prepare(backend) {
      const x = putReal(backend, precision, randomNumbers(rows * k, 1));
      const weights = packedF32(put(backend, 'f32', randomNumbers(packedLength(k, n), 2)));
      const bias = put(backend, 'f32', randomNumbers(n, 3));
      const y = putReal(backend, precision, rows * n);
      return {
        run: () => backend.kernels.linear({ x, weights, bias, y, rows, k, n }),
        outputs: () => [{ name: 'y', data: numbersOf(y) }],
      };
    },
  };
}

export const linearCases: readonly Case[] = (['f32', 'f64'] as const).flatMap((precision) =>
  SHAPES.map(([rows, k, n]) => linearCase('network', precision, rows, k, n)),
);
