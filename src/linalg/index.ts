export { type Eigen, type EigOptions, eig } from './eig.ts';
export { reorderSchur, type Schur, type SchurResult, schur } from './schur.ts';
export { spectralAbscissa, spectralRadius } from './spectrum.ts';
