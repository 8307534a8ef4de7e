import { expect, it } from 'vitest';
import { allCases, kernelsWithoutCase } from '../../bench/cases/all.ts';
import { tsKernels } from '../../src/backend/ts/ts-kernels.ts';

it('every kernel has a benchmark', () => {
  expect(
    kernelsWithoutCase(
      tsKernels,
      allCases(null, () => [], { rivalsOf: () => [], skipped: [] }, { peersOf: () => [], skipped: [] }),
    ),
  ).toEqual([]);
});
