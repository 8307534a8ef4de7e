import type { Backend } from '../backend/backend.ts';
import { checkFinite, checkInteger } from '../core/checks.ts';
import { DomainError, ShapeError } from '../core/errors.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix, multiply, normFrobenius } from '../linalg/index.ts';
import { log } from '../math/log.ts';

/** A generator over one stretch of time: A(τ) = Σ_a τ^a coefficients[a], τ from 0 to `duration`. */
export interface GeneratorPiece<M extends AnyMatrix> {
  /** Length of the stretch of time, in the units of 1/A. */
  readonly duration: number;
  /** Coefficient matrices of τ⁰, τ¹, …, all n×n. */
  readonly coefficients: readonly M[];
}

/**
 * A(t) between equally spaced samples, the first at 0 and the last at `duration`, by straight lines.
 *
 * @throws DomainError unless there are two samples and the duration is positive and finite; ShapeError unless all are square alike.
 * @accuracy error O(h²) in A and in the terms, h the spacing; exact for a linear A(t).
 */
export function sampledGenerator<M extends AnyMatrix>(samples: readonly M[], duration: number): GeneratorPiece<M>[] {
  if (samples.length < 2)
    throw new DomainError(`sampledGenerator: samples must be at least 2, but there are ${samples.length}.`);
  const step = duration / (samples.length - 1);
  checkMatrices('sampledGenerator', samples);
  checkDuration('sampledGenerator', duration);
  return samples.slice(1).map((after, i) => {
    const before = samples[i]!;
    const slope = zeros(after);
    for (let k = 0; k < slope.data.length; k++) slope.data[k] = (after.data[k]! - before.data[k]!) / step;
    return { duration: step, coefficients: [before, slope] };
  });
}

/**
 * The terms D_0 … D_K of the continuous Dyson series of dU/dt = A(t) U, U(0) = 1:
 *
 *     D_k = ∫_0^T dt_k ∫_0^{t_k} dt_{k−1} … ∫_0^{t_2} dt_1  A(t_k) … A(t_1),        U(T) = Σ_k D_k
 *
 * Polynomials are integrated coefficient by coefficient, exactly but for rounding; stretches join as D_k = Σ_j D_j^late D_{k−j}^early.
 *
 * @param pieces A(t), one stretch after another
 * @throws DomainError, ShapeError, NonFiniteError for a generator that is none.
 * @cost for a piece of degree p about K²(p+1)²/2 products of matrices, and K²/2 to join it.
 * @source F. J. Dyson, Phys. Rev. 75 (1949) 486; stretches: K.-T. Chen, Ann. Math. 65 (1957) 163.
 * @example
 * const terms = continuousTerms(backend, [{ duration: 1, coefficients: [a0, a1] }], 4);
 */
export function continuousTerms<M extends AnyMatrix>(
  backend: Backend,
  pieces: readonly GeneratorPiece<M>[],
  orders: number,
): M[] {
  checkInteger('continuousTerms', 'orders', orders, 0);
  checkPieces('continuousTerms', pieces);
  return pieces
    .map((piece) => termsOfPiece(backend, piece, orders))
    .reduce((early, late) =>
      late.map((_, k) => {
        const sum = zeros(late[0]!);
        for (let j = 0; j <= k; j++) addProduct(backend, sum, late[j]!, early[k - j]!);
        return sum;
      }),
    );
}

/**
 * Order terms of the discrete product Π_i (1 + h A(t_i)) with `steps` equal steps in each piece, A at their middles: what a chain of
 * residual sublayers computes. They converge to {@link continuousTerms} as h → 0, with an error O(h).
 *
 * @throws as {@link continuousTerms}. @cost `orders` products of matrices per step.
 * @source Dyson paper, eqs. 6 and 7.
 */
export function discreteTerms<M extends AnyMatrix>(
  backend: Backend,
  pieces: readonly GeneratorPiece<M>[],
  orders: number,
  steps: number,
): M[] {
  checkInteger('discreteTerms', 'orders', orders, 0);
  checkInteger('discreteTerms', 'steps', steps, 1);
  checkPieces('discreteTerms', pieces);
  const terms = startingTerms(pieces[0]!.coefficients[0]!, orders);
  for (const { duration, coefficients } of pieces) {
    const h = duration / steps;
    for (let i = 0; i < steps; i++) {
      const a = zeros(coefficients[0]!);
      for (const coefficient of coefficients.toReversed()) {
        for (let k = 0; k < a.data.length; k++) a.data[k] = a.data[k]! * ((i + 0.5) * h) + coefficient.data[k]!;
      }
      for (let k = 0; k < a.data.length; k++) a.data[k]! *= h;
      for (let k = orders; k >= 1; k--) addProduct(backend, terms[k]!, a, terms[k - 1]!);
    }
  }
  return terms;
}

/**
 * Magnus terms Ω_1 … Ω_K from Dyson terms D_0 … D_K: log Σ_k D_k, order by order, so that U(T) = e^{Ω_1 + Ω_2 + …}.
 *
 *     Ω_k = Σ_{n=1}^k (−1)^{n+1}/n · Σ_{j_1+…+j_n=k} D_{j_1} … D_{j_n}
 *
 * The sum is taken of R = D^{1/2^s}, whose terms are small: for large D its own terms grow beyond all digits before they cancel.
 *
 * @throws DomainError for no terms; ShapeError unless all are square alike.
 * @accuracy a few ulp times the growth (a/π)^k of the terms themselves, a = ∫‖A‖ dt; the series converges for a < π.
 * @cost K³/6 products of matrices, and K²/2 for each of s ≈ log₂ a + 2 square roots.
 * @source W. Magnus, Comm. Pure Appl. Math. 7 (1954) 649; K. F. Milfeld, R. E. Wyatt, Phys. Rev. A 27 (1983) 72; the square roots are ours.
 */
export function magnusTerms<M extends AnyMatrix>(backend: Backend, dysonTerms: readonly M[]): M[] {
  checkMatrices('magnusTerms', dysonTerms);
  const orders = dysonTerms.length - 1;
  const roots = rootsBeforeLogarithm(dysonTerms);
  let series = dysonTerms;
  for (let i = 0; i < roots; i++) series = squareRoot(backend, series);
  const terms = series.slice(1).map((term) => zeros(term));
  // The part of order k of (Σ_{j≥1} R_j)^n.
  let power = series.map((term, k) => (k === 0 ? zeros(term) : term));
  for (let n = 1; n <= orders; n++) {
    const weight = (n % 2 === 1 ? 2 ** roots : -(2 ** roots)) / n;
    for (let k = n; k <= orders; k++) addScaled(terms[k - 1]!, weight, power[k]!);
    const before = power;
    power = series.map((term, k) => {
      const sum = zeros(term);
      for (let j = 1; j < k; j++) addProduct(backend, sum, series[j]!, before[k - j]!);
      return sum;
    });
  }
  return terms;
}

/** 2^roots is a number. */
const MOST_ROOTS = 1000;

/** With ‖D_k‖ ≤ a^k/k!, how often a must be halved to be at most 1/4. */
function rootsBeforeLogarithm(dysonTerms: readonly AnyMatrix[]): number {
  let logFactorial = 0;
  let logA = Number.NEGATIVE_INFINITY;
  for (const [i, term] of dysonTerms.slice(1).entries()) {
    logFactorial += log(i + 1);
    logA = Math.max(logA, (logFactorial + log(normFrobenius(term))) / (i + 1));
  }
  return Math.min(MOST_ROOTS, Math.max(0, Math.ceil(logA / Math.LN2 + 2)));
}

/** R with R² = D, order by order: R_0 = 1, 2R_k = D_k − Σ_{0<j<k} R_j R_{k−j}. */
function squareRoot<M extends AnyMatrix>(backend: Backend, series: readonly M[]): M[] {
  const root: M[] = [];
  for (const [k, term] of series.entries()) {
    const sum = zeros(term);
    for (let j = 1; j < k; j++) addProduct(backend, sum, root[j]!, root[k - j]!);
    for (let i = 0; i < sum.data.length; i++) sum.data[i] = (term.data[i]! - sum.data[i]!) / 2;
    root.push(k === 0 ? term : sum);
  }
  return root;
}

/** D_0 … of one piece: time runs from 0 to 1, D_k(τ) = Σ_j τ^j C_{k,j}, C_{k,j+1} = Σ_{a+b=j} A_a C_{k−1,b}/(j+1). */
function termsOfPiece<M extends AnyMatrix>(
  backend: Backend,
  { duration, coefficients }: GeneratorPiece<M>,
  orders: number,
): M[] {
  let scale = 1;
  const a = coefficients.map((coefficient) => {
    scale *= duration;
    const scaled = zeros(coefficient);
    addScaled(scaled, scale, coefficient);
    return scaled;
  });
  const [first] = startingTerms(a[0]!, 0);
  let term: M[] = [first!];
  const terms = [first!];
  for (let k = 1; k <= orders; k++) {
    const next = Array.from({ length: term.length + a.length }, () => zeros(first!));
    for (const [i, factor] of a.entries())
      for (const [j, coefficient] of term.entries()) addProduct(backend, next[i + j + 1]!, factor, coefficient);
    for (const [j, coefficient] of next.entries()) {
      if (j > 0) for (let i = 0; i < coefficient.data.length; i++) coefficient.data[i]! /= j;
    }
    const sum = zeros(first!);
    for (const coefficient of next) addScaled(sum, 1, coefficient);
    terms.push(sum);
    term = next;
  }
  return terms;
}

/** 1, 0, 0, … of the kind of `like`. */
function startingTerms<M extends AnyMatrix>(like: M, orders: number): M[] {
  const one = identity(like.rows);
  const first = (like.field === 'real' ? one : ComplexMatrix.fromReal(one)) as M;
  return [first, ...Array.from({ length: orders }, () => zeros(like))];
}

function zeros<M extends AnyMatrix>({ field, rows, columns }: M): M {
  return (field === 'real' ? new Matrix(rows, columns) : new ComplexMatrix(rows, columns)) as M;
}

function addScaled({ data }: AnyMatrix, factor: number, term: AnyMatrix): void {
  for (let i = 0; i < data.length; i++) data[i]! += factor * term.data[i]!;
}

function addProduct<M extends AnyMatrix>(backend: Backend, sum: M, a: M, b: M): void {
  addScaled(sum, 1, multiply(backend, a, b));
}

function checkPieces(where: string, pieces: readonly GeneratorPiece<AnyMatrix>[]): void {
  if (pieces.length === 0) throw new DomainError(`${where}: pieces must name at least one, but there is none.`);
  for (const { duration } of pieces) checkDuration(where, duration);
  for (const [i, { coefficients }] of pieces.entries()) {
    if (coefficients.length === 0)
      throw new DomainError(`${where}: coefficients of piece ${i} must name at least one, but there is none.`);
  }
  checkMatrices(
    where,
    pieces.flatMap(({ coefficients }) => coefficients),
  );
}

function checkDuration(where: string, duration: number): void {
  if (duration > 0 && duration < Infinity) return;
  throw new DomainError(`${where}: duration must be positive and finite, but it is ${String(duration)}.`);
}

function checkMatrices(where: string, matrices: readonly AnyMatrix[]): void {
  const [first] = matrices;
  if (first === undefined) throw new DomainError(`${where}: matrices must name at least one, but there is none.`);
  for (const [i, { rows, columns, field, data }] of matrices.entries()) {
    if (rows !== first.rows || columns !== first.rows || field !== first.field)
      throw new ShapeError(
        `${where}: matrix ${i} must be ${first.field} and ${first.rows}×${first.rows}, but it is ${field} and ${rows}×${columns}.`,
      );
    checkFinite(where, `matrix ${i}`, data);
  }
}
