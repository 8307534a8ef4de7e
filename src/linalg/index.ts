export { type Eigen, type EigOptions, eig } from './eig.ts';
export {
  type RealSchurResult,
  realSchur,
  reorderSchur,
  type Schur,
  type SchurOptions,
  type SchurResult,
  schur,
} from './schur.ts';
export { spectralAbscissa, spectralRadius } from './spectrum.ts';
