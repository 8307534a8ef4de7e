/** Packages from npm as rivals of whole calls. They are installed by `npm ci --ignore-scripts --prefix bench/peers/npm` and are no dependency. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Output, Rival } from '../case.ts';
import { type Emlapack, lapackOf } from './emlapack.ts';

/** A square real matrix and right-hand sides, both n×n and row-major; complex data are interleaved. */
export interface Problem {
  readonly n: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

export type Task = 'multiply' | 'solve' | 'eig' | 'complex eig' | 'svd';

/** Runs a task on its own copy of the data, and shows what it found last. */
type Make = (problem: Problem) => { readonly run: () => void; readonly result: () => readonly number[] };

interface Package {
  readonly name: string;
  /** The tasks it has, with the largest order that is tried: beyond it a call takes seconds. */
  readonly tasks: Partial<Record<Task, readonly [largest: number, make: Make]>>;
}

export interface Packages {
  readonly rivalsOf: (task: Task, problem: Problem) => readonly Rival[];
  /** A line if they are not installed. */
  readonly skipped: readonly string[];
}

/** Singular values or moduli of eigenvalues may come in any order: largest first. */
export function descending(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort().reverse();
}

/** What a task's lanes are compared by. */
export function outputsOf(task: Task, result: Iterable<number>): readonly Output[] {
  const ordered = task === 'multiply' || task === 'solve';
  return [{ name: task, data: ordered ? Float64Array.from(result) : descending(result) }];
}

export async function openPackages(): Promise<Packages> {
  const require = createRequire(new URL('./npm/package.json', import.meta.url));
  let packages: readonly Package[];
  try {
    packages = [
      mlMatrix(require('ml-matrix')),
      numpyTs(await import(pathToFileURL(require.resolve('numpy-ts')).href)),
      numericOf(require('numeric')),
      mathjsOf(require('mathjs')),
      emlapackOf(require('emlapack')),
    ];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return { rivalsOf: () => [], skipped: ['packages: SKIPPED, run npm ci --ignore-scripts --prefix bench/peers/npm'] };
  }
  return {
    skipped: [],
    rivalsOf: (task, problem) =>
      packages.flatMap(({ name, tasks }) => {
        const [largest, make] = tasks[task] ?? [0, null];
        if (make === null || problem.n > largest) return [];
        const prepare = () => {
          const { run, result } = make(problem);
          return { run, outputs: () => outputsOf(task, result()) };
        };
        return [{ name, prepare }];
      }),
  };
}

/** A task from the data in the package's own form, and how to read its result. */
function task<P, R>(
  put: (problem: Problem) => P,
  compute: (data: P) => R,
  read: (result: R) => Iterable<number>,
): Make {
  return (problem) => {
    const data = put(problem);
    let result: R;
    return {
      run: () => {
        result = compute(data);
      },
      result: () => [...read(result)],
    };
  };
}

const rowsOf = (n: number, x: Float64Array): number[][] =>
  Array.from({ length: n }, (_, i) => [...x.subarray(i * n, (i + 1) * n)]);
const moduli = (re: ArrayLike<number>, im: ArrayLike<number>): number[] =>
  Array.from(re, (x, k) => Math.sqrt(x * x + (im[k] ?? 0) ** 2));

interface MlMatrixModule {
  Matrix: new (rows: number[][]) => MlMatrix;
  solve(a: MlMatrix, b: MlMatrix): MlMatrix;
  EVD: new (a: MlMatrix) => { realEigenvalues: number[]; imaginaryEigenvalues: number[] };
  SVD: new (a: MlMatrix) => { diagonal: number[] };
}
interface MlMatrix {
  mmul(other: MlMatrix): MlMatrix;
  to1DArray(): number[];
}

function mlMatrix({ Matrix, solve, EVD, SVD }: MlMatrixModule): Package {
  const put = ({ n, a, b }: Problem) => [new Matrix(rowsOf(n, a)), new Matrix(rowsOf(n, b))] as const;
  const read = (x: MlMatrix) => x.to1DArray();
  return {
    name: 'ml-matrix',
    tasks: {
      multiply: [512, task(put, ([a, b]) => a.mmul(b), read)],
      solve: [256, task(put, ([a, b]) => solve(a, b), read)],
      eig: [
        128,
        task(
          put,
          ([a]) => new EVD(a),
          (r) => moduli(r.realEigenvalues, r.imaginaryEigenvalues),
        ),
      ],
      svd: [
        128,
        task(
          put,
          ([a]) => new SVD(a),
          (r) => r.diagonal,
        ),
      ],
    },
  };
}

interface NdArray {
  readonly data: Float64Array;
}
interface NumpyTs {
  array(rows: number[][]): NdArray;
  matmul(a: NdArray, b: NdArray): NdArray;
  linalg: {
    solve(a: NdArray, b: NdArray): NdArray;
    svd(a: NdArray): { s: NdArray } | readonly [NdArray, NdArray, NdArray];
  };
}

/** Its eig finds no complex eigenvalues, so it does not take part there. */
function numpyTs(np: NumpyTs): Package {
  const put = ({ n, a, b }: Problem) => [np.array(rowsOf(n, a)), np.array(rowsOf(n, b))] as const;
  const read = (x: NdArray) => x.data;
  return {
    name: 'numpy-ts',
    tasks: {
      multiply: [1024, task(put, ([a, b]) => np.matmul(a, b), read)],
      solve: [256, task(put, ([a, b]) => np.linalg.solve(a, b), read)],
      svd: [
        128,
        task(
          put,
          ([a]) => np.linalg.svd(a),
          (r) => ('s' in r ? r.s : r[1]).data,
        ),
      ],
    },
  };
}

interface Numeric {
  dotMMbig(a: number[][], b: number[][]): number[][];
  inv(a: number[][]): number[][];
  eig(a: number[][]): { lambda: { x: number[]; y?: number[] } };
  svd(a: number[][]): { S: number[] };
}

/** Its solve takes one right-hand side, so it does not take part there. */
function numericOf(numeric: Numeric): Package {
  const put = ({ n, a, b }: Problem) => [rowsOf(n, a), rowsOf(n, b)] as const;
  return {
    name: 'numeric',
    tasks: {
      multiply: [
        512,
        task(
          put,
          ([a, b]) => numeric.dotMMbig(a, b),
          (x) => x.flat(),
        ),
      ],
      eig: [
        64,
        task(
          put,
          ([a]) => numeric.eig(a),
          ({ lambda: { x, y } }) => moduli(x, y ?? []),
        ),
      ],
      svd: [
        128,
        task(
          put,
          ([a]) => numeric.svd(a),
          (r) => r.S,
        ),
      ],
    },
  };
}

interface Mathjs {
  multiply(a: number[][], b: number[][]): number[][];
  lusolve(a: number[][], b: number[][]): number[][];
}

/** Its eigs fails on matrices of this size and it has no svd; lusolve takes one right-hand side. */
function mathjsOf(math: Mathjs): Package {
  const put = ({ n, a, b }: Problem) => [rowsOf(n, a), rowsOf(n, b)] as const;
  return {
    name: 'mathjs',
    tasks: {
      multiply: [
        256,
        task(
          put,
          ([a, b]) => math.multiply(a, b),
          (x) => x.flat(),
        ),
      ],
    },
  };
}

/** CLAPACK compiled to asm.js; it exports no product of matrices. */
function emlapackOf(module: Emlapack): Package {
  const lapack = lapackOf(module);
  const same = (problem: Problem) => problem;
  return {
    name: 'emlapack',
    tasks: {
      solve: [256, task(same, lapack.solve, (x) => x)],
      eig: [128, task(same, lapack.eig, ({ re, im }) => moduli(re, im))],
      'complex eig': [128, task(same, lapack.complexEig, ({ re, im }) => moduli(re, im))],
      svd: [128, task(same, lapack.svd, (x) => x)],
    },
  };
}
