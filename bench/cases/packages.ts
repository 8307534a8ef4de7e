/** Whole calls of linalg beside packages of npm that compute the same. */
import { type Backend, linalg } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { outputsOf, type Packages, type Problem, type Task } from '../peers/packages.ts';
import { randomNumbers } from './blocks.ts';

const { ComplexArray, ComplexMatrix, Matrix } = linalg;
const SIZES: readonly (readonly [Task, readonly number[]])[] = [
  ['multiply', [16, 64, 256, 512, 1024]],
  ['solve', [16, 64, 256]],
  ['eig', [16, 64, 128]],
  ['complex eig', [16, 64, 128]],
  ['svd', [16, 64, 128]],
];
/** Floating-point operations over n³, as the tables of the pages count them. */
const OPERATIONS: Readonly<Record<Task, number>> = {
  multiply: 2,
  solve: 8 / 3,
  eig: 50,
  'complex eig': 200,
  svd: 22,
};

export function packageCases({ rivalsOf }: Packages): Case[] {
  return SIZES.flatMap(([task, sizes]) =>
    sizes.map((n): Case => {
      const problem = problemOf(task, n);
      return {
        group: 'packages',
        name: `${task} ${n}`,
        precision: 'f64',
        work: { amount: OPERATIONS[task] * n ** 3, unit: 'GFLOP/s' },
        long: n >= 512,
        prepare: (backend) => prepare(backend, task, problem),
        rivals: rivalsOf(task, problem),
      };
    }),
  );
}

/** Random numbers, with a heavier diagonal, so that a solution has all its digits. */
function problemOf(task: Task, n: number): Problem {
  const width = task === 'complex eig' ? 2 : 1;
  const [a, b] = [randomNumbers(width * n * n, 1), randomNumbers(width * n * n, 2)];
  if (task === 'solve') for (let i = 0; i < n; i++) a[i * (n + 1)]! += Math.sqrt(n) * 2;
  return { n, a, b };
}

function prepare(backend: Backend, task: Task, { n, a, b }: Problem): Prepared {
  const show = <R>(compute: () => R, read: (result: R) => Iterable<number>): Prepared => {
    let result: R;
    return {
      run: () => {
        result = compute();
      },
      outputs: () => outputsOf(task, read(result)),
    };
  };
  const moduli = ({ values }: linalg.Eigen) => Array.from(new ComplexArray(values), (value) => value.abs());
  const [x, y] = task === 'complex eig' ? [] : [new Matrix(n, n, a), new Matrix(n, n, b)];
  if (x === undefined || y === undefined) {
    const z = new ComplexMatrix(n, n, a);
    return show(() => linalg.eig(backend, z, { vectors: 'right' }), moduli);
  }
  if (task === 'multiply')
    return show(
      () => linalg.multiply(backend, x, y),
      ({ data }) => data,
    );
  if (task === 'solve')
    return show(
      () => linalg.solve(backend, x, y),
      ({ data }) => data,
    );
  if (task === 'eig') return show(() => linalg.eig(backend, x, { vectors: 'right' }), moduli);
  return show(
    () => linalg.svd(backend, x),
    ({ values }) => values,
  );
}
