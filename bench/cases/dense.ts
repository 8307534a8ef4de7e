/** Products and triangular solves of dense matrices, the square product beside two loops in plain TypeScript. */
import {
  complexGemmWork,
  complexTriangularWork,
  gemmWork,
  type ProductShape,
  type TriangularShape,
  triangularWork,
} from '../../src/backend/contract/dense.ts';
import type { Precision, RealBlock } from '../../src/index.ts';
import type { Case, Prepared, Rival } from '../case.ts';
import { registerLoop } from '../peak.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const GROUP = 'dense';
/** A power of two, its neighbours, and sizes in and beyond every cache. */
const SIZES = [32, 64, 65, 127, 128, 256, 512, 513, 1024] as const;
/** The loops take seconds beyond this. */
const LARGEST_RIVAL = 256;
const RIGHT_HAND_SIDES = 256;

const square = (n: number): ProductShape => ({ opA: 'none', opB: 'none', m: n, n, k: n, lda: n, ldb: n, ldc: n });

const shown = (name: string, block: RealBlock) => () => [{ name, data: numbersOf(block) }];

function gemmCase(precision: Precision, n: number): Case {
  const shape = square(n);
  const [a, b] = [randomNumbers(n * n, 1), randomNumbers(n * n, 2)];
  return {
    group: GROUP,
    name: `gemm ${precision} ${n}`,
    precision,
    work: { amount: 2 * n ** 3, unit: 'GFLOP/s' },
    long: n >= 512,
    threaded: n >= 256,
    prepare(backend): Prepared {
      const [x, y] = [putReal(backend, precision, a), putReal(backend, precision, b)];
      const [c, work] = [putReal(backend, precision, n * n), putReal(backend, precision, gemmWork(precision, n, n, n))];
      return {
        run: () => backend.kernels.gemm({ shape, alpha: 1, a: x, b: y, beta: 0, c, work }),
        outputs: shown('c', c),
      };
    },
    rivals: precision === 'f64' ? rivalsOf(a, b, n) : [],
  };
}

function rivalsOf(a: Float64Array, b: Float64Array, n: number): Rival[] {
  const loops = n <= LARGEST_RIVAL ? [loop('loop', naive, a, b, n), loop('blocked', blocked, a, b, n)] : [];
  return [registerLoop(2 * n ** 3), ...loops];
}

type Loop = (n: number, a: Float64Array, b: Float64Array, c: Float64Array) => void;

function loop(name: string, multiply: Loop, a: Float64Array, b: Float64Array, n: number): Rival {
  const c = new Float64Array(n * n);
  return { name, prepare: () => ({ run: () => multiply(n, a, b, c), outputs: () => [{ name: 'c', data: c }] }) };
}

/** Rows times columns, as in a textbook. */
const naive: Loop = (n, a, b, c) => {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < n; p++) sum += a[i * n + p]! * b[p * n + j]!;
      c[i * n + j] = sum;
    }
  }
};

/** What a careful TypeScript programmer writes: blocks that fit a cache, four rows at a time. */
const blocked: Loop = (n, a, b, c) => {
  const size = 64;
  c.fill(0);
  for (let pc = 0; pc < n; pc += size) {
    const end = Math.min(n, pc + size);
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      for (let j = 0; j < n; j++) {
        let [s0, s1, s2, s3] = [c[i * n + j]!, c[(i + 1) * n + j]!, c[(i + 2) * n + j]!, c[(i + 3) * n + j]!];
        for (let p = pc; p < end; p++) {
          const y = b[p * n + j]!;
          s0 += a[i * n + p]! * y;
          s1 += a[(i + 1) * n + p]! * y;
          s2 += a[(i + 2) * n + p]! * y;
          s3 += a[(i + 3) * n + p]! * y;
        }
        c[i * n + j] = s0;
        c[(i + 1) * n + j] = s1;
        c[(i + 2) * n + j] = s2;
        c[(i + 3) * n + j] = s3;
      }
    }
    for (; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = c[i * n + j]!;
        for (let p = pc; p < end; p++) sum += a[i * n + p]! * b[p * n + j]!;
        c[i * n + j] = sum;
      }
    }
  }
};

function complexGemmCase(n: number): Case {
  const shape = square(n);
  return {
    group: GROUP,
    name: `complexGemm ${n}`,
    precision: 'f64',
    work: { amount: 8 * n ** 3, unit: 'GFLOP/s' },
    long: n >= 512,
    prepare(backend): Prepared {
      const [a, b] = [
        put(backend, 'f64', randomNumbers(2 * n * n, 1)),
        put(backend, 'f64', randomNumbers(2 * n * n, 2)),
      ];
      const [c, work] = [put(backend, 'f64', 2 * n * n), put(backend, 'f64', complexGemmWork(n, n, n))];
      return {
        run: () => backend.kernels.complexGemm({ shape, alpha: [1, 0], a, b, beta: [0, 0], c, work }),
        outputs: shown('c', c),
      };
    },
  };
}

function vectorCase(n: number, op: 'none' | 'transpose', complex: boolean): Case {
  const width = complex ? 2 : 1;
  return {
    group: GROUP,
    name: `${complex ? 'complexGemv' : 'gemv'} ${op} ${n}`,
    precision: 'f64',
    work: { amount: 2 * (width * n) ** 2, unit: 'GFLOP/s' },
    prepare(backend): Prepared {
      const { kernels } = backend;
      const a = put(backend, 'f64', randomNumbers(width * n * n, 1));
      const [x, y] = [put(backend, 'f64', randomNumbers(width * n, 2)), put(backend, 'f64', width * n)];
      const run = complex
        ? () => kernels.complexGemv({ op, m: n, n, alpha: [1, 0], a, lda: n, x, beta: [0, 0], y })
        : () => kernels.gemv({ op, m: n, n, alpha: 1, a, lda: n, x, beta: 0, y });
      return { run, outputs: shown('y', y) };
    },
  };
}

function rankUpdateCase(n: number, complex: boolean): Case {
  const width = complex ? 2 : 1;
  const shape = { op: 'none', n, k: n, lda: n, ldc: n, part: 'full' } as const;
  return {
    group: GROUP,
    name: `${complex ? 'complexRankUpdate' : 'rankUpdate'} ${n}`,
    precision: 'f64',
    work: { amount: width * width * n ** 3, unit: 'GFLOP/s' },
    prepare(backend): Prepared {
      const [a, c] = [put(backend, 'f64', randomNumbers(width * n * n, 1)), put(backend, 'f64', width * n * n)];
      const work = put(backend, 'f64', complex ? complexGemmWork(n, n, n) : gemmWork('f64', n, n, n));
      const update = complex ? backend.kernels.complexRankUpdate : backend.kernels.rankUpdate;
      return { run: () => update({ shape, alpha: 1, a, beta: 0, c, work }), outputs: shown('c', c) };
    },
  };
}

/** The right-hand sides are put back before every solve, or they would grow or vanish; that costs one part in n/8. */
function solveCase(n: number, complex: boolean): Case {
  const width = complex ? 2 : 1;
  const count = Math.max(n, RIGHT_HAND_SIDES);
  const shape: TriangularShape = {
    side: 'left',
    triangle: 'lower',
    op: 'none',
    unit: false,
    n,
    count,
    lda: n,
    ldb: count,
  };
  return {
    group: GROUP,
    name: `${complex ? 'complexSolveTriangular' : 'solveTriangular'} ${n}x${count}`,
    precision: 'f64',
    work: { amount: width * width * n * n * count, unit: 'GFLOP/s' },
    long: n >= 512,
    prepare(backend): Prepared {
      const numbers = randomNumbers(width * n * n, 1, -1 / n, 1 / n);
      for (let i = 0; i < n; i++) numbers[width * i * (n + 1)]! += 1;
      const a = put(backend, 'f64', numbers);
      const start = put(backend, 'f64', randomNumbers(width * n * count, 2));
      const b = put(backend, 'f64', width * n * count);
      const work = put(backend, 'f64', complex ? complexTriangularWork(n) : triangularWork(n));
      const { complexSolveTriangular, solveTriangular } = backend.kernels;
      const solve = complex ? complexSolveTriangular : solveTriangular;
      const run = () => {
        b.view().set(start.view());
        solve({ shape, a, b, work });
      };
      return { run, outputs: shown('x', b) };
    },
  };
}

function batchCase(n: number, complex: boolean): Case {
  const width = complex ? 2 : 1;
  const count = Math.ceil(65_536 / n ** 3);
  return {
    group: GROUP,
    name: `${complex ? 'complexBatchMultiply' : 'batchMultiply'} ${count} of ${n}`,
    precision: 'f64',
    work: { amount: 2 * width * width * count * n ** 3, unit: 'GFLOP/s' },
    prepare(backend): Prepared {
      const length = width * count * n * n;
      const [a, b] = [put(backend, 'f64', randomNumbers(length, 1)), put(backend, 'f64', randomNumbers(length, 2))];
      const c = put(backend, 'f64', length);
      const multiply = complex ? backend.kernels.complexBatchMultiply : backend.kernels.batchMultiply;
      return { run: () => multiply({ count, m: n, n, k: n, a, b, c }), outputs: shown('c', c) };
    },
  };
}

const FEWER = [32, 64, 128, 256, 512] as const;

export const denseCases: readonly Case[] = [
  ...SIZES.map((n) => gemmCase('f64', n)),
  ...FEWER.map((n) => gemmCase('f32', n)),
  ...FEWER.map((n) => complexGemmCase(n)),
  ...[64, 256, 1024].flatMap((n) => [vectorCase(n, 'none', false), vectorCase(n, 'transpose', false)]),
  ...[64, 512].flatMap((n) => [vectorCase(n, 'none', true), vectorCase(n, 'transpose', true)]),
  ...[64, 256].flatMap((n) => [rankUpdateCase(n, false), rankUpdateCase(n, true)]),
  ...[16, 32, 64, 128, 256, 512].map((n) => solveCase(n, false)),
  ...[32, 128].map((n) => solveCase(n, true)),
  ...[2, 3, 4, 8, 16].map((n) => batchCase(n, false)),
  ...[2, 3, 4, 8, 16].map((n) => batchCase(n, true)),
];
