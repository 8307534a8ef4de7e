import type { Kernels } from '../../src/backend/kernels.ts';
import { type Case, titleOf } from '../case.ts';
import type { Llama } from '../peers/llama.ts';
import type { Packages } from '../peers/packages.ts';
import { adjointCases } from './adjoints.ts';
import { analysisCases } from './analyses.ts';
import { decodeCases } from './decode.ts';
import { denseCases } from './dense.ts';
import { dysonCases } from './dyson.ts';
import { eigCases } from './eig.ts';
import { elementaryCases } from './elementary.ts';
import { factorisationCases } from './factorisations.ts';
import { fileCases } from './files.ts';
import { forwardCases, type PeersOf } from './forward.ts';
import { hermitianCases } from './hermitian.ts';
import { historyCases } from './histories.ts';
import { iterativeCases } from './iterative.ts';
import { lensCases } from './lens.ts';
import { lensRowsCases } from './lens-rows.ts';
import { lensTrainingCases } from './lens-training.ts';
import { lumpingCases } from './lumping.ts';
import { matrixFunctionCases } from './matrix-functions.ts';
import type { BenchModel } from './models.ts';
import { networkCases } from './network.ts';
import { operatorCases } from './operators.ts';
import { packageCases } from './packages.ts';
import { randomCases } from './random.ts';
import { resolventCases } from './resolvent.ts';
import { stateCases } from './state.ts';
import { statisticsCases } from './statistics.ts';
import { svdCases } from './svd.ts';

/** Operators in each of the two groups of a data set: the published number, and fewer where a run is to be short. */
const OPERATORS = { full: 1000, quick: 100 };

/** Every case, in the order of the tables. */
export function allCases(
  embedded: BenchModel | null,
  peersOf: PeersOf,
  packages: Packages,
  llama: Llama,
  quick = false,
): Case[] {
  const kernels = [
    ...elementaryCases,
    ...denseCases,
    ...eigCases,
    ...factorisationCases,
    ...hermitianCases,
    ...svdCases,
    ...resolventCases,
    ...matrixFunctionCases,
    ...iterativeCases,
    ...networkCases,
    ...decodeCases,
    ...adjointCases,
    ...stateCases,
    ...lensCases,
    ...lensRowsCases(peersOf),
    ...lensTrainingCases,
    ...statisticsCases,
    ...operatorCases(quick ? OPERATORS.quick : OPERATORS.full),
    ...randomCases,
    ...historyCases,
    ...lumpingCases,
  ];
  return [
    ...kernels,
    ...packageCases(packages),
    ...forwardCases(embedded, peersOf),
    ...fileCases(llama),
    ...dysonCases,
    ...analysisCases,
  ];
}

/** Kernels that no case is named after. */
export function kernelsWithoutCase(kernels: Kernels, cases: readonly Case[]): string[] {
  const covered = new Set(cases.map(({ name }) => name.split(' ')[0]));
  return Object.keys(kernels).filter((kernel) => !covered.has(kernel));
}

/** The cases in their groups, in order; `filter` looks at “group / name”. */
export function groupsOf(cases: readonly Case[], filter: RegExp): Case[][] {
  const groups = new Map<string, Case[]>();
  for (const test of cases) {
    if (!filter.test(titleOf(test))) continue;
    const group = groups.get(test.group) ?? [];
    group.push(test);
    groups.set(test.group, group);
  }
  return [...groups.values()];
}
