import type { Case } from '../case.ts';
import { numbersOf, put } from './blocks.ts';

const N = 65_536;

export const randomCases: readonly Case[] = [
  {
    group: 'random',
    name: `philoxUniform ${N}`,
    precision: 'f64',
    work: { amount: N, unit: 'M elements/s' },
    prepare(backend) {
      const dst = put(backend, 'f64', N);
      return {
        run: () => backend.kernels.philoxUniform({ dst, seed: 42n, stream: 7n, first: 1, n: N }),
        outputs: () => [{ name: 'dst', data: numbersOf(dst) }],
      };
    },
  },
];
