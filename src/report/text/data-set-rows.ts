/** Rows of numbers on a data set, the same on a page and in a terminal. */
import type { DataSetResult, StepRow } from '../../qlens/data-set/result.ts';
import { numeral } from './numerals.ts';
import { stageLabel } from './stage-names.ts';

type Baseline = NonNullable<StepRow['statistics']>['baselines'][number];

/** A baseline, and how the operators of a step compare with it. */
export function baselineCells({
  baseline,
  similarityH,
  effectSize,
  similarityTest,
  energyTest,
  meanChangeTest,
}: Baseline): string[] {
  return [
    baseline,
    numeral(similarityH),
    numeral(effectSize, 3),
    numeral(similarityTest.p, 3),
    numeral(energyTest.p, 3),
    numeral(meanChangeTest.p, 3),
  ];
}

/** Rotations and the one unitary for all texts, for each step that has them. */
export function otherOperatorRows({ steps }: DataSetResult): string[][] {
  return steps.flatMap(({ to, statistics }) => {
    const others = statistics?.otherOperators ?? null;
    if (others === null) return [];
    const { rotation, procrustes } = others;
    return [
      [
        stageLabel(to),
        numeral(rotation.meanAngle),
        numeral(rotation.similarityH),
        numeral(rotation.baseline.similarityH),
        numeral(rotation.similarityTest.p, 3),
        numeral(procrustes.residual),
        numeral(procrustes.explained, 3),
        numeral(procrustes.baselineExplained, 3),
      ],
    ];
  });
}
