/** Kernels of the twin on plain arrays, for those who have no backend at hand: the same bits as from either. */
export { lumpedBest } from './ts/fock/lumped-best.ts';
export { lumpedCounts } from './ts/fock/lumped-counts.ts';
export { lumpedExpectations } from './ts/fock/lumped-expectations.ts';
export { lumpedSpread } from './ts/fock/lumped-spread.ts';
export { dequantise } from './ts/nn/dequantise.ts';
export { largestEntries } from './ts/qlens/ranking.ts';
export { samplingMoments, samplingOverlaps } from './ts/qlens/sampling.ts';
