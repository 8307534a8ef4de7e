/** State vectors over a vocabulary of GPT-2's size. */

import {
  BORN_SUMMARY,
  DIVERGENCES,
  SAMPLING_MOMENTS,
  STEP_RESIDUALS,
  TRANSITION_MEASURES,
} from '../../src/backend/contract/state.ts';
import { type Backend, type Block, qlens } from '../../src/index.ts';
import type { Case, Output, Prepared } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const V = 50_257;
const RANK = 2;
const STAGES = 13;

interface Law {
  readonly p: Block<'f64'>;
  readonly logP: Block<'f64'>;
  readonly psi: Block<'f64'>;
  readonly summary: Block<'f64'>;
}

function lawBlocks(backend: Backend): Law {
  const vector = () => put(backend, 'f64', V);
  return { p: vector(), logP: vector(), psi: vector(), summary: put(backend, 'f64', BORN_SUMMARY.length) };
}

function randomLaw(backend: Backend, seed: number): Law {
  const law = lawBlocks(backend);
  const logits = put(backend, 'f64', randomNumbers(V, seed, -8, 8));
  backend.kernels.bornState({ logits, p: law.p, logP: law.logP, psi: law.psi, summary: law.summary, V });
  return law;
}

function stateCase(name: string, prepare: (backend: Backend) => Prepared, precision: 'f32' | 'f64' = 'f64'): Case {
  return { group: 'state', name, precision, work: { amount: V, unit: 'M elements/s' }, prepare };
}

const bornCases = (['f32', 'f64'] as const).map((precision) =>
  stateCase(
    `bornState ${precision} ${V}`,
    (backend) => {
      const logits = putReal(backend, precision, randomNumbers(V, 1, -8, 8));
      const { p, logP, psi, summary } = lawBlocks(backend);
      return {
        run: () => backend.kernels.bornState({ logits, p, logP, psi, summary, V }),
        outputs: () => [
          { name: 'p', data: numbersOf(p) },
          { name: 'logP', data: numbersOf(logP) },
          { name: 'psi', data: numbersOf(psi) },
          { name: 'summary', data: numbersOf(summary) },
        ],
      };
    },
    precision,
  ),
);

const transitionCases = [true, false].map((withBasis) =>
  stateCase(`transition${withBasis ? ' with basis' : ''} ${V}`, (backend) => {
    const [a, b] = [randomLaw(backend, 3).psi, randomLaw(backend, 4).psi];
    const basis = withBasis ? put(backend, 'f64', 2 * V) : null;
    const measures = put(backend, 'f64', TRANSITION_MEASURES.length);
    return {
      run: () => backend.kernels.transition({ psiIn: a, psiOut: b, basis, measures, V }),
      outputs: () => [
        { name: 'measures', data: numbersOf(measures) },
        ...(basis === null ? [] : [{ name: 'basis', data: numbersOf(basis) }]),
      ],
    };
  }),
);

/** Whole analyses, logits on the host; the work is that of all stages. */
const analysisCases = (['householder', 'rotation'] as const).map((operator): Case => {
  const prepare = (backend: Backend): Prepared => {
    const logits = Array.from({ length: STAGES }, (_, stage) => Float32Array.from(randomNumbers(V, stage + 1, -8, 8)));
    const names = logits.map((_, stage) => `stage ${stage}`);
    let result: qlens.QLensResult | null = null;
    return {
      run: () => {
        result = qlens.analyseStages(backend, { names, logitsOf: (stage) => logits[stage]! }, { operator });
      },
      outputs: () => outputsOf(result!),
    };
  };
  const work = { amount: STAGES * V, unit: 'M elements/s' } as const;
  return { group: 'state', name: `analyseStages ${operator} ${STAGES}×${V}`, precision: 'f64', work, prepare };
});

function outputsOf({ stages, transitions, summary }: qlens.QLensResult): Output[] {
  const numbers = (rows: readonly object[]) => Float64Array.from(rows.flatMap(leaves));
  return [
    { name: 'stages', data: numbers(stages) },
    { name: 'residuals', data: numbers(transitions.map((row) => row.residuals)), residual: true },
    { name: 'transitions', data: numbers(transitions.map(({ residuals: _, uncertainty: __, ...row }) => row)) },
    // Of its two terms one is 0 but for rounding.
    { name: 'uncertainty', data: numbers(transitions.map((row) => row.uncertainty)), residual: true },
    { name: 'summary', data: numbers([summary]) },
  ];
}

/** All numbers of plain data, in order. */
function leaves(data: unknown): number[] {
  if (typeof data === 'number') return [data];
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(leaves) : [];
}

export const stateCases: readonly Case[] = [
  ...bornCases,
  stateCase(`compareLaws ${V}`, (backend) => {
    const [a, b] = [randomLaw(backend, 1), randomLaw(backend, 2)];
    const divergences = put(backend, 'f64', DIVERGENCES.length);
    return {
      run: () => backend.kernels.compareLaws({ p: a.p, logP: a.logP, q: b.p, logQ: b.logP, divergences, V }),
      outputs: () => [{ name: 'divergences', data: numbersOf(divergences) }],
    };
  }),
  ...transitionCases,
  stateCase(`lowRankApply rank ${RANK} ${V}`, (backend) => {
    const x = put(backend, 'f64', randomNumbers(V, 5));
    const basis = put(backend, 'f64', randomNumbers(RANK * V, 6));
    const coefficients = put(backend, 'f64', randomNumbers(RANK * RANK, 7));
    const [y, work] = [put(backend, 'f64', V), put(backend, 'f64', 2 * RANK)];
    return {
      run: () => backend.kernels.lowRankApply({ x, basis, coefficients, identity: 1, y, work, V, rank: RANK }),
      outputs: () => [{ name: 'y', data: numbersOf(y) }],
    };
  }),
  stateCase(`stepResiduals ${V}`, (backend) => {
    const [a, b] = [randomLaw(backend, 8).psi, randomLaw(backend, 9).psi];
    const [basis, probe] = [put(backend, 'f64', randomNumbers(2 * V, 10)), put(backend, 'f64', randomNumbers(V, 11))];
    const [C, D] = [put(backend, 'f64', randomNumbers(4, 12)), put(backend, 'f64', randomNumbers(4, 13))];
    const [change, residuals] = [put(backend, 'f64', V), put(backend, 'f64', STEP_RESIDUALS.length)];
    return {
      run: () =>
        backend.kernels.stepResiduals({
          psiIn: a,
          psiOut: b,
          probe,
          basis,
          coefficients: C,
          update: D,
          change,
          residuals,
          V,
        }),
      outputs: () => [
        { name: 'change', data: numbersOf(change) },
        { name: 'residuals', data: numbersOf(residuals) },
      ],
    };
  }),
  stateCase(`samplingMoments ${V}`, (backend) => {
    const [psi, ids] = [randomLaw(backend, 14).psi, put(backend, 'f64', randomNumbers(V, 15))];
    const moments = put(backend, 'f64', SAMPLING_MOMENTS.length);
    return {
      run: () => backend.kernels.samplingMoments({ psi, ids, moments, V }),
      outputs: () => [{ name: 'moments', data: numbersOf(moments) }],
    };
  }),
  stateCase(`samplingOverlaps rank ${RANK} ${V}`, (backend) => {
    const [psi, ids] = [randomLaw(backend, 16).psi, put(backend, 'f64', randomNumbers(V, 17))];
    const basis = put(backend, 'f64', randomNumbers(RANK * V, 18));
    const overlaps = put(backend, 'f64', 2 * RANK);
    return {
      run: () => backend.kernels.samplingOverlaps({ psi, ids, mean: 0.25, basis, overlaps, V, rank: RANK }),
      outputs: () => [{ name: 'overlaps', data: numbersOf(overlaps) }],
    };
  }),
  stateCase(`largestEntries 10 ${V}`, (backend) => {
    const x = put(backend, 'f64', randomNumbers(V, 19));
    const [scores, places] = [put(backend, 'f64', 10), put(backend, 'i32', 10)];
    return {
      run: () => backend.kernels.largestEntries({ x, n: V, count: 10, byModulus: true, scores, places }),
      outputs: () => [
        { name: 'scores', data: numbersOf(scores) },
        { name: 'places', data: places.view().slice() },
      ],
    };
  }),
  stateCase(`rankOf ${V}`, (backend) => {
    const x = put(backend, 'f64', randomNumbers(V, 20));
    let rank = 0;
    return {
      run: () => {
        rank = backend.kernels.rankOf({ x, n: V, index: V >> 1 });
      },
      outputs: () => [{ name: 'rank', data: Int32Array.of(rank) }],
    };
  }),
  ...analysisCases,
];
