/** Elementary functions over arrays, beside the plain loop one would write with Math. */
import type { Kernels } from '../../src/backend/kernels.ts';
import type { Case, Prepared } from '../case.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const N = 65_536;

type Loop = (src: Float64Array, dst: Float64Array) => void;

interface Map {
  readonly kernel: 'mapExp' | 'mapLog' | 'mapSin' | 'mapCos' | 'mapErf' | 'mapTanh';
  readonly low: number;
  readonly high: number;
  /** Written out for each function, so that the engine compiles each for itself; Math has no erf. */
  readonly loop: Loop | null;
}

const MAPS: readonly Map[] = [
  {
    kernel: 'mapExp',
    low: -20,
    high: 20,
    loop: (src, dst) => {
      for (let i = 0; i < src.length; i++) dst[i] = Math.exp(src[i]!);
    },
  },
  {
    kernel: 'mapLog',
    low: 1e-3,
    high: 1e3,
    loop: (src, dst) => {
      for (let i = 0; i < src.length; i++) dst[i] = Math.log(src[i]!);
    },
  },
  {
    kernel: 'mapSin',
    low: -1000,
    high: 1000,
    loop: (src, dst) => {
      for (let i = 0; i < src.length; i++) dst[i] = Math.sin(src[i]!);
    },
  },
  {
    kernel: 'mapCos',
    low: -1000,
    high: 1000,
    loop: (src, dst) => {
      for (let i = 0; i < src.length; i++) dst[i] = Math.cos(src[i]!);
    },
  },
  { kernel: 'mapErf', low: -4, high: 4, loop: null },
  {
    kernel: 'mapTanh',
    low: -4,
    high: 4,
    loop: (src, dst) => {
      for (let i = 0; i < src.length; i++) dst[i] = Math.tanh(src[i]!);
    },
  },
];

const mapCases = MAPS.map(({ kernel, low, high, loop }, seed): Case => {
  const data = randomNumbers(N, seed + 1, low, high);
  return {
    group: 'elementary',
    name: `${kernel} ${N}`,
    precision: 'f64',
    work: { amount: N, unit: 'M elements/s' },
    prepare(backend): Prepared {
      const [src, dst] = [put(backend, 'f64', data), put(backend, 'f64', N)];
      const kernels: Kernels = backend.kernels;
      return {
        run: () => kernels[kernel](src, dst, N),
        outputs: () => [{ name: 'dst', data: numbersOf(dst) }],
      };
    },
    rivals: loop === null ? [] : [{ name: 'Math', prepare: () => plain(loop, data) }],
  };
});

const sumCases = (['compensatedSum', 'compensatedDot'] as const).map(
  (kernel): Case => ({
    group: 'elementary',
    name: `${kernel} ${N}`,
    precision: 'f64',
    work: { amount: N, unit: 'M elements/s' },
    prepare(backend): Prepared {
      const [x, y] = [put(backend, 'f64', randomNumbers(N, 7)), put(backend, 'f64', randomNumbers(N, 8))];
      const result = put(backend, 'f64', 1);
      const { compensatedDot, compensatedSum } = backend.kernels;
      const run =
        kernel === 'compensatedSum' ? () => compensatedSum(x, N, result) : () => compensatedDot(x, y, N, result);
      return { run, outputs: () => [{ name: 'result', data: numbersOf(result) }] };
    },
  }),
);

export const elementaryCases: readonly Case[] = [...mapCases, ...sumCases];

function plain(loop: Loop, src: Float64Array): Prepared {
  const dst = new Float64Array(src.length);
  return { run: () => loop(src, dst), outputs: () => [{ name: 'dst', data: dst }] };
}
