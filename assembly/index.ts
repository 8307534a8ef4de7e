/** The module's exports: whole algorithms over memory that the host owns. Those that can fail return a status (0 = done). */
export const ABI_VERSION: i32 = 9;

/** First address the host may use. */
export function heapBase(): usize {
  return __heap_base;
}

export { batchMultiply } from './dense/batch';
export { complexBatchMultiply } from './dense/complex-batch';
export { complexGemm } from './dense/complex-gemm';
export { complexGemv } from './dense/complex-gemv';
export { complexSolveTriangular } from './dense/complex-triangular';
export { gemmF32, gemmF64 } from './dense/gemm';
export { gemv } from './dense/gemv';
export { complexRankUpdate, rankUpdateF32, rankUpdateF64 } from './dense/rank-update';
export { solveTriangular } from './dense/triangular';
export { balance } from './eig/balance';
export { complexEigenvectors } from './eig/complex/eigenvectors';
export { complexHessenberg } from './eig/complex/hessenberg';
export { complexSchur } from './eig/complex/schur';
export { complexMove } from './eig/complex/swap';
export { realHessenberg } from './eig/real/hessenberg';
export { complexFromRealSchur, realSchur } from './eig/real/schur';
export { cholesky } from './factorisations/cholesky';
export { lu, luSolve } from './factorisations/lu';
export { qr, qrMultiply } from './factorisations/qr';
export { enumerateBlocks } from './fock/enumerate-blocks';
export { numberStrings, placeStrings } from './fock/number-strings';
export { sumByKey } from './fock/sum-by-key';
export { exponential } from './functions/exponential';
export { solveSylvester } from './functions/sylvester';
export { triangularRoot } from './functions/triangular-root';
export { weightedSum } from './functions/weighted-sum';
export { sampleBlocks } from './fock/sample-blocks';
export { lumpedBest } from './fock/lumped-best';
export { lumpedCounts } from './fock/lumped-counts';
export { lumpedExpectations } from './fock/lumped-expectations';
export { lumpedLaws } from './fock/lumped-laws';
export { lumpedSpread } from './fock/lumped-spread';
export { eigh } from './hermitian/eigh';
export { orthogonalise } from './iterative/orthogonalise';
export { rowProducts } from './iterative/thin-products';
export { adamStepF32, adamStepF64 } from './lens/adam-step';
export { klBackwardF32, klBackwardF64 } from './lens/kl-backward';
export { lensScoresF32, lensScoresF64 } from './lens/lens-scores';
export { normBackwardF32, normBackwardF64 } from './lens/norm-backward';
export { mapErf } from './math/erf';
export { mapExpF64 } from './math/exp';
export { mapExpF32 } from './math/exp-f32';
export { mapLog } from './math/log';
export { mapTanh } from './math/tanh';
export { mapCos, mapSin } from './math/trig';
export {
  attendFrozenAdjointF32,
  attendFrozenAdjointF64,
  frozenNormAdjointF32,
  frozenNormAdjointF64,
  linearTransposedF32,
  linearTransposedF64,
} from './nn/adjoint';
export {
  addF32,
  addF64,
  gateF32,
  gateF64,
  multiplyF32,
  multiplyF64,
  softCapF32,
  softCapF64,
} from './nn/activation';
export { attendF32, attendF64, attendFrozenF32, attendFrozenF64, storeKeysF32, storeKeysF64 } from './nn/attention';
export { dequantise } from './nn/dequantise';
export { embedF32, embedF64 } from './nn/embedding';
export { linearF32, linearF64 } from './nn/linear';
export { frozenNormF32, frozenNormF64, layerNormF32, layerNormF64, rmsNormF32, rmsNormF64 } from './nn/norm';
export {
  convertBf16,
  convertF16,
  firstNonFinite,
  packInOutF32,
  packInOutU16,
  packOutInF32,
  packOutInU16,
  packQ8,
} from './nn/pack';
export { ropeRotateF32, ropeRotateF64, ropeTable } from './nn/rope';
export { logSoftmaxF32, logSoftmaxF64 } from './nn/softmax';
export { activationSlope, attendCotangent, attendTangent, normTangent } from './nn/tangent';
export { bornStateF32, bornStateF64 } from './qlens/born-state';
export { compareLaws } from './qlens/compare-laws';
export { lowRankApply } from './qlens/low-rank-apply';
export { permutedProduct } from './qlens/permuted-product';
export { largestEntries, rankOf } from './qlens/ranking';
export { samplingMoments, samplingOverlaps } from './qlens/sampling';
export { stepResiduals } from './qlens/step-residuals';
export { transition } from './qlens/transition';
export { smallestSingularValues } from './resolvent/smallest-singular-values';
export { philoxUniform } from './rng/philox';
export { compensatedDot, compensatedSum } from './sums/compensated';
export { jacobiRows } from './svd/jacobi-rows';
export { svd } from './svd/svd';
