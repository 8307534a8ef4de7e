/** Elementary functions over arrays, beside the plain loop one would write with Math. */
import type { Kernels } from '../../src/backend/kernels.ts';
import type { Precision } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const N = 65_536;

type Loop = (src: Float32Array | Float64Array, dst: Float32Array | Float64Array) => void;

interface Map {
  readonly kernel: 'mapExp' | 'mapLog' | 'mapSin' | 'mapCos' | 'mapErf' | 'mapTanh';
  readonly low: number;
  readonly high: number;
  /** Default f64. */
  readonly precision?: 'f32';
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
    kernel: 'mapExp',
    low: -20,
    high: 20,
    precision: 'f32',
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

const mapCases = MAPS.map(({ kernel, low, high, loop, precision = 'f64' as Precision }, i): Case => {
  const data = randomNumbers(N, i + 1, low, high);
  return {
    group: 'elementary',
    name: precision === 'f64' ? `${kernel} ${N}` : `${kernel} ${precision} ${N}`,
    precision,
    work: { amount: N, unit: 'M elements/s' },
    prepare(backend): Prepared {
      const [src, dst] = [putReal(backend, precision, data), putReal(backend, precision, N)];
      const map = backend.kernels[kernel] as Kernels['mapExp'];
      return {
        run: () => map({ src, dst, n: N }),
        outputs: () => [{ name: 'dst', data: numbersOf(dst) }],
      };
    },
    rivals: loop === null ? [] : [{ name: 'Math', prepare: () => plain(loop, precision, data) }],
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
        kernel === 'compensatedSum'
          ? () => compensatedSum({ x, n: N, result })
          : () => compensatedDot({ x, y, n: N, result });
      return { run, outputs: () => [{ name: 'result', data: numbersOf(result) }] };
    },
  }),
);

export const elementaryCases: readonly Case[] = [...mapCases, ...sumCases];

function plain(loop: Loop, precision: Precision, numbers: Float64Array): Prepared {
  const array = precision === 'f32' ? Float32Array : Float64Array;
  const [src, dst] = [new array(numbers), new array(numbers.length)];
  return { run: () => loop(src, dst), outputs: () => [{ name: 'dst', data: dst }] };
}
