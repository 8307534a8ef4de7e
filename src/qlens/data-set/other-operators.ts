import type { Backend } from '../../backend/backend.ts';
import { buresAngle } from '../angle.ts';
import { randomSteps } from '../statistics/baselines.ts';
import { pairMeanTest } from '../statistics/permutation.ts';
import { procrustesFit } from '../statistics/procrustes-fit.ts';
import { rotationSimilarities } from '../statistics/rotations.ts';
import { groupMeans } from '../statistics/similarity.ts';
import { productsOf, stepProducts } from '../statistics/step-products.ts';
import type { UnitVectors } from '../statistics/unit-vectors.ts';
import type { OtherOperators } from './result.ts';

/** `rotation` and `procrustes` of a step, beside as many steps between random states. At least two operators. */
export function otherOperators(
  backend: Backend,
  vectors: UnitVectors,
  inputs: UnitVectors,
  options: { readonly permutations: number; readonly seed: bigint },
): OtherOperators {
  const { V, count: n, lengths } = vectors;
  const products = stepProducts(backend, [{ vectors, inputs }, randomSteps(backend, V, n, options.seed)]);
  const { hamiltonians, unitaries } = rotationSimilarities(products, V);
  const { within, effectSize } = groupMeans(hamiltonians, n);
  const [own, chance] = groupMeans(unitaries, n).within;
  const total = products.lengths.length;
  const angleOf = (d: number) => buresAngle({ distance: d, sumNorm: Math.sqrt((2 - d) * (2 + d)) });
  return {
    rotation: {
      meanAngle: lengths.reduce((sum, d) => sum + angleOf(d), 0) / n,
      similarityH: within[0].mean!,
      deviationH: within[0].deviation,
      similarityU: own.mean!,
      baseline: { similarityH: within[1].mean!, similarityU: chance.mean! },
      effectSize,
      similarityTest: pairMeanTest(backend, hamiltonians, n, options),
    },
    procrustes: {
      ...procrustesFit(backend, productsOf(products, 0, n)),
      baselineExplained: procrustesFit(backend, productsOf(products, n, total)).explained,
    },
  };
}
