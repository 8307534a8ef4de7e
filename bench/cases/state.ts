/** State vectors over a vocabulary of GPT-2's size. */

import { BORN_SUMMARY, DIVERGENCES, TRANSITION_MEASURES } from '../../src/backend/contract/state.ts';
import type { Backend, Block } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const V = 50_257;
const RANK = 2;

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
  backend.kernels.bornState(logits, law.p, law.logP, law.psi, law.summary, V);
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
        run: () => backend.kernels.bornState(logits, p, logP, psi, summary, V),
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
      run: () => backend.kernels.transition(a, b, basis, measures, V),
      outputs: () => [
        { name: 'measures', data: numbersOf(measures) },
        ...(basis === null ? [] : [{ name: 'basis', data: numbersOf(basis) }]),
      ],
    };
  }),
);

export const stateCases: readonly Case[] = [
  ...bornCases,
  stateCase(`compareLaws ${V}`, (backend) => {
    const [a, b] = [randomLaw(backend, 1), randomLaw(backend, 2)];
    const divergences = put(backend, 'f64', DIVERGENCES.length);
    return {
      run: () => backend.kernels.compareLaws(a.p, a.logP, b.p, b.logP, divergences, V),
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
      run: () => backend.kernels.lowRankApply(x, basis, coefficients, 1, y, work, V, RANK),
      outputs: () => [{ name: 'y', data: numbersOf(y) }],
    };
  }),
];
