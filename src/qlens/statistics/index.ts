/** Statistics of operators over a data set. */
export { type BaselineKind, baselinesFor, baselineVectors, randomSteps, type Steps } from './baselines.ts';
export { type Between, distanceMatrix, pairDistance } from './distance.ts';
export { type DistanceCorrelation, distanceCorrelation } from './distance-correlation.ts';
export { cosineMatrix } from './gram.ts';
export { type KMeans, type KMeansOptions, kMeans } from './k-means.ts';
export { innerProducts, type Pca, pcaOf } from './pca.ts';
export {
  energyTest,
  meanChangeTest,
  type PermutationOptions,
  type PermutationTest,
  pairMeanTest,
  similarityTest,
} from './permutation.ts';
export { type ProcrustesFit, procrustesFit } from './procrustes-fit.ts';
export { type RotationSimilarities, rotationSimilarities } from './rotations.ts';
export {
  type GroupSimilarity,
  groupMeans,
  groupSimilarity,
  type Histogram,
  meanSimilarity,
  type PairMean,
  similarityH,
  similarityHistogram,
  similarityU,
} from './similarity.ts';
export { type StepProducts, stepProducts } from './step-products.ts';
export { studentUpperTail } from './student-t.ts';
export { type UmapOptions, umapOf } from './umap.ts';
export { combination, UnitVectors } from './unit-vectors.ts';
