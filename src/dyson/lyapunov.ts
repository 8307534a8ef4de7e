import { compensatedSum } from '../core/sums.ts';
import {
  determinant,
  identity,
  type Matrix,
  multiply,
  qr,
  shiftOperator,
  singularValues,
  type ToMatrixOptions,
  toMatrix,
} from '../linalg/index.ts';
import { log } from '../math/log.ts';
import type { LinearSteps } from './steps.ts';
import { sublayerOperator } from './sublayer-operator.ts';

/** Exponents of the product P = Π_s (1 + V^(s)), in nats per step, largest first. */
export interface LyapunovSpectrum {
  /** Number of steps S. */
  readonly steps: number;
  /** (1/S) Σ_s log |R_ii^(s)| of the QR factors that are carried along. */
  readonly qr: Float64Array;
  /** (1/S) log σ_i(P). At finite depth they differ from the QR exponents. */
  readonly singular: Float64Array;
  /** (1/S) log |det P|, from the determinants of the steps: what either list sums to. */
  readonly logDeterminant: number;
  /** |Σ exponents − log|det P|/S|. That of `singular` grows when P's condition exceeds 1/u and its least values are lost. */
  readonly residual: { readonly qr: number; readonly singular: number };
}

/** Options of `lyapunovExponents`. */
export interface LyapunovOptions extends ToMatrixOptions {
  /** Called after every step, and at the end for the singular values: S + 1 parts. What it throws ends the work. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Asked before every part. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lyapunov exponents of a pass: how fast a change of the residual stream grows per step. With `TangentOperators` they are the stability
 * of the real pass on this trace, with frozen operators those of the frozen product.
 *
 * A LayerNorm that follows a sublayer centres, so one direction of each token is lost: T exponents of frozen operators are then −∞, which
 * rounding makes large negative numbers.
 *
 * @throws CapacityError with the bytes of one T·D×T·D matrix if they exceed `maxBytes` (2²⁷ by default); the signal's reason when it is
 *   aborted.
 * @accuracy QR exponents to about S·n·u; exponents of singular values below u·‖P‖ are meaningless (`residual` tells).
 * @cost per step a dense step, a QR, an LU and a product of order n = T·D, and one set of singular values.
 * @source G. Benettin et al., Meccanica 15 (1980) 9.
 * @example
 * const { qr, singular } = lyapunovExponents(new TangentOperators(model, trace));
 */
export function lyapunovExponents(operators: LinearSteps, options: LyapunovOptions = {}): LyapunovSpectrum {
  const { backend } = operators.model;
  const { S, T } = operators;
  const n = T * operators.model.config.D;
  const sums = new Float64Array(n);
  let [q, p] = [identity(n), identity(n)];
  const determinants: number[] = [];
  for (let step = 0; step < S; step++) {
    options.signal?.throwIfAborted();
    const matrix = toMatrix(shiftOperator(sublayerOperator(operators, step), 1), options) as Matrix;
    const { re, exponent } = determinant(backend, matrix);
    determinants.push(log(Math.abs(re)) + exponent * Math.LN2);
    const factors = qr(backend, multiply(backend, matrix, q));
    for (let i = 0; i < n; i++) sums[i]! += log(Math.abs(factors.r.data[i * n + i]!));
    q = factors.q;
    p = multiply(backend, matrix, p);
    options.onProgress?.(step + 1, S + 1);
  }
  options.signal?.throwIfAborted();
  const perStep = (value: number) => value / S;
  const exponents = sums.map(perStep).sort((a, b) => b - a);
  const singular = singularValues(backend, p).map((value) => log(value) / S);
  options.onProgress?.(S + 1, S + 1);
  const logDeterminant = compensatedSum(determinants) / S;
  return {
    steps: S,
    qr: exponents,
    singular,
    logDeterminant,
    residual: {
      qr: Math.abs(compensatedSum(exponents) - logDeterminant),
      singular: Math.abs(compensatedSum(singular) - logDeterminant),
    },
  };
}
