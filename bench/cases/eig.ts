/** General eigenproblems: every stage by itself, and whole decompositions beside NumPy. */
import { complexSchurWork, leadingDimension, realSchurWork } from '../../src/backend/contract/eigen.ts';
import { type Backend, type Block, linalg } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numpyDecomposition } from '../peers/numpy-decompositions.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const GROUP = 'eig';
/** Order of the stages. */
const N = 96;
const LIMIT = 30 * N;
const SIZES = [4, 8, 16, 32, 64, 128, 256, 512] as const;

type Width = 1 | 2;

/** A random matrix and the blocks of every stage, brought as far as the stage needs. */
class Stages {
  readonly backend: Backend;
  readonly width: Width;
  readonly ld: number;
  readonly source: Float64Array;
  readonly h: Block<'f64'>;
  readonly q: Block<'f64'>;
  readonly v: Block<'f64'>;
  readonly scale: Block<'f64'>;
  readonly tau: Block<'f64'>;
  readonly info: Block<'f64'>;
  readonly work: Block<'f64'>;

  constructor(backend: Backend, width: Width) {
    this.backend = backend;
    this.width = width;
    this.ld = leadingDimension(N, width);
    const length = width * N * this.ld;
    this.source = randomNumbers(length, 1);
    this.h = put(backend, 'f64', this.source);
    [this.q, this.v] = [put(backend, 'f64', length), put(backend, 'f64', length)];
    [this.scale, this.tau, this.info] = [put(backend, 'f64', N), put(backend, 'f64', N), put(backend, 'f64', 2)];
    this.scale.view().fill(1);
    this.work = put(backend, 'f64', Math.max(6 * N + 8, complexSchurWork(N), realSchurWork(N)));
  }

  restart(): void {
    this.h.view().set(this.source);
  }

  balance(): void {
    this.backend.kernels.balance({
      a: this.h,
      ld: this.ld,
      n: N,
      width: this.width,
      scale: this.scale,
      info: this.info,
    });
  }

  hessenberg(): void {
    const { realHessenberg, complexHessenberg } = this.backend.kernels;
    const reduce = this.width === 1 ? realHessenberg : complexHessenberg;
    const { h, ld, q, v, tau, work } = this;
    reduce({ a: h, ld, n: N, lo: 0, hi: N - 1, q, v, tau, work });
  }

  schur(): void {
    const { realSchur, complexSchur } = this.backend.kernels;
    const iterate = this.width === 1 ? realSchur : complexSchur;
    const { h, ld, q, work, info } = this;
    iterate({ h, ld, n: N, lo: 0, hi: N - 1, q, limit: LIMIT, work, info });
  }

  shown(): Prepared['outputs'] {
    return () => [
      { name: 'h', data: numbersOf(this.h) },
      { name: 'q', data: numbersOf(this.q) },
    ];
  }
}

/** A case whose work is counted as `multiplyAdds` · n³ real or complex multiply-adds. */
function stageCase(name: string, width: Width, multiplyAdds: number, prepare: (backend: Backend) => Prepared): Case {
  const amount = (width === 2 ? 8 : 2) * multiplyAdds * N ** 3;
  return { group: GROUP, name: `${name} ${N}`, precision: 'f64', work: { amount, unit: 'GFLOP/s' }, prepare };
}

const balanceCase: Case = {
  group: GROUP,
  name: `balance ${N}`,
  precision: 'f64',
  work: { amount: 2 * N * N, unit: 'M elements/s' },
  prepare(backend) {
    const stages = new Stages(backend, 2);
    const run = () => {
      stages.restart();
      stages.balance();
    };
    return { run, outputs: () => [{ name: 'h', data: numbersOf(stages.h) }] };
  },
};

const stageCases = ([1, 2] as const).flatMap((width): Case[] => {
  const field = width === 1 ? 'real' : 'complex';
  return [
    stageCase(`${field}Hessenberg`, width, 14 / 3, (backend) => {
      const stages = new Stages(backend, width);
      const run = () => {
        stages.restart();
        stages.hessenberg();
      };
      return { run, outputs: stages.shown() };
    }),
    stageCase(`${field}Schur`, width, 20, (backend) => {
      const stages = new Stages(backend, width);
      stages.hessenberg();
      const [h, q] = [numbersOf(stages.h), numbersOf(stages.q)];
      const run = () => {
        stages.h.view().set(h as Float64Array);
        stages.q.view().set(q as Float64Array);
        stages.schur();
      };
      return { run, outputs: stages.shown() };
    }),
  ];
});

const vectorsCase = stageCase('complexEigenvectors', 2, 2 / 3, (backend) => {
  const stages = new Stages(backend, 2);
  stages.hessenberg();
  stages.schur();
  const { h, q, v, ld, scale, work } = stages;
  const [vectors, pivots] = [put(backend, 'f64', 2 * N * ld), put(backend, 'f64', N)];
  const rows = put(backend, 'f64', 2 * ld * (N + 3));
  return {
    run: () =>
      backend.kernels.complexEigenvectors({
        t: h,
        q,
        ld,
        n: N,
        left: false,
        lo: 0,
        hi: N - 1,
        scale,
        vectors,
        pivots,
        rows,
        square: v,
        work,
      }),
    outputs: () => [
      { name: 'vectors', data: numbersOf(vectors) },
      { name: 'pivots', data: numbersOf(pivots) },
    ],
  };
});

const moveCase = stageCase('complexMove', 2, 8 / N, (backend) => {
  const stages = new Stages(backend, 2);
  stages.hessenberg();
  stages.schur();
  const rot = put(backend, 'f64', 8);
  const run = () => {
    backend.kernels.complexMove({ t: stages.h, ld: stages.ld, n: N, q: stages.q, from: N - 1, to: 0, rot });
    backend.kernels.complexMove({ t: stages.h, ld: stages.ld, n: N, q: stages.q, from: 0, to: N - 1, rot });
  };
  return { run, outputs: stages.shown() };
});

const formCase = stageCase('complexFromRealSchur', 1, 2 / N, (backend) => {
  const stages = new Stages(backend, 1);
  stages.hessenberg();
  stages.schur();
  const lc = leadingDimension(N, 2);
  const [t, q, rot] = [put(backend, 'f64', 2 * N * lc), put(backend, 'f64', 2 * N * lc), put(backend, 'f64', 8)];
  return {
    run: () =>
      backend.kernels.complexFromRealSchur({ t: stages.h, q: stages.q, ld: stages.ld, n: N, tc: t, qc: q, lc, rot }),
    outputs: () => [
      { name: 't', data: numbersOf(t) },
      { name: 'q', data: numbersOf(q) },
    ],
  };
});

/** Values and right vectors through the public function: checks, copies in and out, balancing. 25·n³ multiply-adds are counted. */
function wholeCase(field: 'real' | 'complex', n: number): Case {
  const a =
    field === 'real'
      ? new linalg.Matrix(n, n, randomNumbers(n * n, 3))
      : new linalg.ComplexMatrix(n, n, randomNumbers(2 * n * n, 3));
  return {
    group: GROUP,
    name: `eig ${field} ${n}`,
    precision: 'f64',
    work: { amount: (field === 'real' ? 2 : 8) * 25 * n ** 3, unit: 'GFLOP/s' },
    long: n >= 512,
    peers: numpyDecomposition('eig', n, field),
    prepare(backend) {
      let result = linalg.eig(backend, a, { vectors: 'right' });
      return {
        run: () => {
          result = linalg.eig(backend, a, { vectors: 'right' });
        },
        outputs: () => [
          { name: 'values', data: result.values },
          { name: 'right', data: result.right!.data },
        ],
      };
    },
  };
}

export const eigCases: readonly Case[] = [
  balanceCase,
  ...stageCases,
  vectorsCase,
  moveCase,
  formCase,
  ...(['complex', 'real'] as const).flatMap((field) => SIZES.map((n) => wholeCase(field, n))),
];
