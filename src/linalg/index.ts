export * from './matrix.ts';
export * from './products.ts';
export * from './triangular.ts';
