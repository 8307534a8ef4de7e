/** Norms of resolvents: the kernel by itself, and whole grids beside a loop of NumPy's singular values. Elements are points. */
import { resolventWork } from '../../src/backend/contract/resolvent.ts';
import { linalg } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { numpySvdLoop } from '../peers/numpy-svd.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const GROUP = 'resolvent';
const COUNT = 512;
const LIMIT = 400;

/** A window that holds the disc of the eigenvalues of a random matrix with real and imaginary parts in [−1, 1). */
const halfWindow = (n: number): number => Math.sqrt(1.5 * n);

/** Random points and a random triangle, its diagonal spread over the same disc as they are. */
function kernelCase(n: number, tolerance: number): Case {
  return {
    group: GROUP,
    name: `smallestSingularValues ${n} ${tolerance}`,
    precision: 'f64',
    work: { amount: COUNT, unit: 'M elements/s' },
    prepare(backend) {
      const [t, adjoint] = [new Float64Array(2 * n * n), new Float64Array(2 * n * n)];
      const numbers = randomNumbers(2 * n * n, 1);
      for (let i = 0; i < n; i++) {
        for (let j = i; j < n; j++) {
          const scale = i === j ? 1 : 1 / Math.sqrt(n);
          const [re, im] = [numbers[2 * (i * n + j)]! * scale, numbers[2 * (i * n + j) + 1]! * scale];
          t.set([re, im], 2 * (i * n + j));
          adjoint.set([re, -im], 2 * (j * n + i));
        }
      }
      const size = 1 / Math.sqrt(2 * n);
      const start = put(backend, 'f64', new Float64Array(2 * n).fill(size));
      const [upper, lower] = [put(backend, 'f64', t), put(backend, 'f64', adjoint)];
      const points = put(backend, 'f64', randomNumbers(2 * COUNT, 2, -1.5, 1.5));
      const [values, steps] = [put(backend, 'f64', COUNT), put(backend, 'f64', COUNT)];
      const work = put(backend, 'f64', resolventWork(n, LIMIT));
      const call = { upper, lower, n, start, points, count: COUNT, tolerance, limit: LIMIT, values, steps, work };
      return {
        run: () => backend.kernels.smallestSingularValues(call),
        outputs: () => [
          { name: 'values', data: numbersOf(values), residual: true },
          { name: 'steps', data: numbersOf(steps), residual: true },
        ],
      };
    },
  };
}

/** The public function: checks, the Schur form, every point. */
function gridCase(n: number, side: number, tolerance: number, extra: Pick<Case, 'withoutTwin' | 'timed'> = {}): Case {
  const a = new linalg.ComplexMatrix(n, n, randomNumbers(2 * n * n, 3));
  const half = halfWindow(n);
  const options = { re: [-half, half], im: [-half, half], nRe: side, nIm: side, tolerance } as const;
  return {
    group: GROUP,
    name: `resolventGrid ${n} ${side}x${side} ${tolerance}`,
    precision: 'f64',
    work: { amount: side * side, unit: 'M elements/s' },
    long: true,
    threaded: true,
    // At 65,536 points a loop over NumPy takes minutes.
    peers: side <= 100 ? numpySvdLoop(n, side, half) : [],
    ...extra,
    prepare(backend) {
      let grid: linalg.ResolventGrid | undefined;
      return {
        run: () => {
          grid = linalg.resolventGrid(backend, a, options);
        },
        outputs: () => [{ name: 'sigmaMin', data: grid!.sigmaMin, residual: true }],
      };
    },
  };
}

export const resolventCases: readonly Case[] = [
  ...[16, 64, 256].flatMap((n) => [1e-3, 1e-8].map((tolerance) => kernelCase(n, tolerance))),
  ...[50, 100].flatMap((side) => [1e-3, 1e-8].map((tolerance) => gridCase(64, side, tolerance))),
  gridCase(64, 256, 1e-3, { withoutTwin: true, timed: ['wasm', 'wasm-relaxed'] }),
];
