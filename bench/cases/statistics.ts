/** Sums over pairs of observations, and a step of a data set: state, operator and geometry. */
import { BORN_SUMMARY, DIVERGENCES, TRANSITION_MEASURES } from '../../src/backend/contract/state.ts';
import type { Backend } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const V = 50_257;

function permutedCase(n: number): Case {
  return {
    group: 'statistics',
    name: `permutedProduct ${n}`,
    precision: 'f64',
    work: { amount: n * (n - 1), unit: 'GFLOP/s' },
    prepare: (backend) => {
      const [a, b] = [put(backend, 'f64', randomNumbers(n * n, 1)), put(backend, 'f64', randomNumbers(n * n, 2))];
      const keys = randomNumbers(n, 3);
      const order = put(
        backend,
        'i32',
        Array.from({ length: n }, (_, i) => i).sort((i, j) => keys[i]! - keys[j]!),
      );
      const result = put(backend, 'f64', 1);
      return {
        run: () => backend.kernels.permutedProduct({ a, b, order, n, count: 1, result }),
        outputs: () => [{ name: 'result', data: numbersOf(result) }],
      };
    },
  };
}

/** Everything between the logits of a stage and its row: law, state, divergences from the final law, operator from the stage before. */
function prepareStage(backend: Backend): Prepared {
  const { kernels } = backend;
  const law = (seed: number) => {
    const logits = putReal(backend, 'f32', randomNumbers(V, seed, -8, 8));
    const [p, logP, psi] = [put(backend, 'f64', V), put(backend, 'f64', V), put(backend, 'f64', V)];
    const summary = put(backend, 'f64', BORN_SUMMARY.length);
    const run = () => kernels.bornState({ logits, p, logP, psi, summary, V });
    run();
    return { p, logP, psi, run };
  };
  const [before, stage, final] = [law(1), law(2), law(3)];
  const basis = put(backend, 'f64', 2 * V);
  const measures = put(backend, 'f64', TRANSITION_MEASURES.length);
  const divergences = put(backend, 'f64', DIVERGENCES.length);
  return {
    run: () => {
      stage.run();
      kernels.compareLaws({ p: final.p, logP: final.logP, q: stage.p, logQ: stage.logP, divergences, V });
      kernels.transition({ psiIn: before.psi, psiOut: stage.psi, basis, measures, V });
    },
    outputs: () => [
      { name: 'divergences', data: numbersOf(divergences) },
      { name: 'measures', data: numbersOf(measures) },
      { name: 'basis', data: numbersOf(basis) },
    ],
  };
}

export const statisticsCases: readonly Case[] = [
  ...[128, 1000].map(permutedCase),
  {
    group: 'statistics',
    name: `stage: state, operator, geometry ${V}`,
    precision: 'f32',
    work: { amount: V, unit: 'M elements/s' },
    prepare: prepareStage,
  },
];
