/** Functions of square matrices, and the polar decomposition. */
export { type Exponential, expm } from './expm.ts';
export { type Logarithm, logm } from './logm.ts';
export { type MatrixPower, matrixPower } from './matrix-power.ts';
export { type Polar, type PolarOptions, polar } from './polar.ts';
export type { PrincipalOptions } from './schur-factors.ts';
export { type SquareRoot, sqrtm } from './sqrtm.ts';
