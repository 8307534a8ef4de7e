import { Complex } from 'complex.js';
import type { Backend } from '../backend/backend.ts';
import { checkLength } from '../core/checks.ts';
import { ShapeError } from '../core/errors.ts';
import { determinant, Matrix, multiply, qr, schur, svd } from '../linalg/index.ts';
import { buresAngle } from './angle.ts';
import type { FactoredUnitary } from './operator.ts';
import { checkOperatorOptions, type Level, type OperatorOptions } from './operator-form.ts';
import { checkState } from './state.ts';

/** One unitary for many steps. */
export interface ProcrustesOperator extends FactoredUnitary {
  readonly kind: 'procrustes';
  /** Steps m it was made from. */
  readonly count: number;
  /** ‖M‖_*, the sum of the singular values of M = Σ ψ_out ψ_inᵀ; at most m. */
  readonly nuclearNorm: number;
  /** Σ‖Uψ_in − ψ_out‖² = 2m − 2‖M‖_*, the least that any unitary leaves. */
  readonly residual: number;
}

/**
 * The one unitary that takes m states closest to m others: it minimises Σ‖Uψ_in − ψ_out‖², which is then 2m − 2‖M‖_* with
 * M = Σ ψ_out ψ_inᵀ. On the row space R_in of M it is the orthogonal polar factor of M, outside R_in + R_out (R_out the column space) it is
 * the identity, and between the complements of R_in and R_out in R_in + R_out the polar factor of their overlap: of all minimisers the
 * one closest to 1. For m = 1 that is `rotation`. Where the overlap is singular the choice with det U = 1 is taken.
 *
 * H = −(i/α) log U, principal branch, −1 ↦ +π/α.
 *
 * @param psiIn m states, V components each, m ≥ 1.
 * @param psiOut m states.
 * @returns rank at most 2m.
 * @throws ShapeError, NonFiniteError, DomainError, CapacityError.
 * @accuracy ‖U†U − 1‖ of order m·1e-15. Directions in which M has less than 1e-15 of its norm belong to no state.
 * @cost 16m²V + O(m³) floating-point operations; 6·m·V numbers.
 * @source own; orthogonal Procrustes problem: P. H. Schönemann, Psychometrika 31 (1966) 1.
 * @example
 * const operator = procrustes(backend, [before], [after]);
 * applyUnitary(backend, operator, before); // after
 */
export function procrustes(
  backend: Backend,
  psiIn: readonly Float64Array[],
  psiOut: readonly Float64Array[],
  options: OperatorOptions = {},
): ProcrustesOperator {
  const { alpha, identityTolerance } = checkOperatorOptions('procrustes', options);
  const V = checkPairs(psiIn, psiOut);
  const m = psiIn.length;
  const common = { kind: 'procrustes', V, alpha, count: m } as const;
  const moved = psiIn.some((psi, i) => !(distance(psi, psiOut[i]!) < identityTolerance));
  if (!moved) {
    const nothing = { rank: 0, coefficients: new Float64Array(0), basis: new Float64Array(0), levels: [] };
    return { ...common, ...nothing, identity: true, nuclearNorm: m, residual: squares(psiIn, psiOut) };
  }
  const states = new Matrix(V, 2 * m);
  [...psiIn, ...psiOut].forEach((psi, column) => {
    for (let u = 0; u < V; u++) states.data[u * 2 * m + column] = psi[u]!;
  });
  const { q, r } = qr(backend, states);
  const [x, y] = [columnsOf(r, 0, m), columnsOf(r, m, 2 * m)];
  const m1 = multiply(backend, y, x, { opB: 'transpose' });
  const { u, values, v } = svd(backend, m1);
  const rank = countAbove(values, 8 * m1.rows * 2 ** -53 * values[0]!);
  const [image, source] = [columnsOf(u, 0, rank), columnsOf(v, 0, rank)];
  const plane = spanOf(backend, image, source);
  const U = unitaryBetween(backend, inPlane(backend, plane, source), inPlane(backend, plane, image));
  const coefficients = U.data.slice();
  for (let a = 0; a < U.rows; a++) coefficients[a * U.rows + a]! -= 1;
  const basis = multiply(backend, plane, q, { opA: 'transpose', opB: 'transpose' });
  const change = multiply(backend, new Matrix(U.rows, U.rows, coefficients), inPlane(backend, plane, x));
  const mapped = multiply(backend, plane, change);
  let residual = 0;
  for (let i = 0; i < x.data.length; i++) residual += (x.data[i]! + mapped.data[i]! - y.data[i]!) ** 2;
  return {
    ...common,
    identity: false,
    rank: U.rows,
    coefficients,
    basis: basis.data,
    levels: levelsOf(backend, U, alpha),
    nuclearNorm: values.reduce((sum, value) => sum + value, 0),
    residual,
  };
}

function checkPairs(psiIn: readonly Float64Array[], psiOut: readonly Float64Array[]): number {
  const where = 'procrustes';
  if (psiIn.length === 0) throw new ShapeError(`${where}: psiIn must hold at least one state, but it is empty.`);
  checkLength(where, 'psiOut', psiOut, psiIn.length);
  const V = psiIn[0]!.length;
  for (const [name, states] of Object.entries({ psiIn, psiOut })) {
    states.forEach((psi, i) => {
      checkLength(where, `${name}[${i}]`, psi, V);
      checkState(where, `${name}[${i}]`, psi);
    });
  }
  return V;
}

/** U that takes the orthonormal columns of `source` to those of `image` (e×ρ each), and the rest closest to where it was. */
function unitaryBetween(backend: Backend, source: Matrix, image: Matrix): Matrix {
  const [e, rank] = [source.rows, source.columns];
  const U = multiply(backend, image, source, { opB: 'transpose' });
  if (rank === e) return U;
  const [from, to] = [source, image].map((columns) =>
    columnsOf(qr(backend, columns, { vectors: 'full' }).q, rank, e),
  ) as [Matrix, Matrix];
  const { u, values, v } = svd(backend, multiply(backend, to, from, { opA: 'transpose' }));
  const [left, right] = [multiply(backend, to, u), multiply(backend, from, v)];
  const completed = (): Matrix => {
    const rest = multiply(backend, left, right, { opB: 'transpose' });
    return new Matrix(
      e,
      e,
      U.data.map((entry, i) => entry + rest.data[i]!),
    );
  };
  const first = completed();
  if (values.at(-1)! > 1e-12 || determinant(backend, first).re > 0) return first;
  for (let i = 0; i < e; i++) left.data[i * left.columns + left.columns - 1]! *= -1;
  return completed();
}

/** Eigenpairs of H with eigenvalue other than 0. A normal matrix has a diagonal Schur form. */
function levelsOf(backend: Backend, U: Matrix, alpha: number): Level[] {
  const n = U.rows;
  const rounding = 16 * n * 2 ** -53;
  const { q, values } = schur(backend, U);
  return Array.from({ length: n }, (_, k): Level | null => {
    const size = modulus(values[2 * k]!, values[2 * k + 1]!);
    const [c, s] = [values[2 * k]! / size, values[2 * k + 1]! / size];
    const [toOne, toMinusOne] = [modulus(c - 1, s), modulus(c + 1, s)];
    if (toOne <= rounding) return null;
    const reflected = toMinusOne <= rounding;
    const phase = reflected ? Math.PI : Math.sign(s) * buresAngle({ distance: toOne, sumNorm: toMinusOne });
    return {
      energy: phase / alpha,
      updateFactor: reflected ? new Complex(-2, 0) : new Complex(c - 1, s),
      coordinates: Array.from(
        { length: n },
        (_, a) => new Complex(q.data[2 * (a * n + k)]!, q.data[2 * (a * n + k) + 1]!),
      ),
    };
  }).filter((level) => level !== null);
}

function modulus(re: number, im: number): number {
  return Math.sqrt(re * re + im * im);
}

/** Orthonormal columns that span those of both: the cosines between the two are the singular values √(1 ± cos θ), squared less 1. */
function spanOf(backend: Backend, a: Matrix, b: Matrix): Matrix {
  const both = new Matrix(a.rows, a.columns + b.columns);
  for (let i = 0; i < a.rows; i++) {
    both.data.set(a.data.subarray(i * a.columns, (i + 1) * a.columns), i * both.columns);
    both.data.set(b.data.subarray(i * b.columns, (i + 1) * b.columns), i * both.columns + a.columns);
  }
  const { u, values } = svd(backend, both);
  return columnsOf(u, 0, countAbove(values, 16 * a.rows * 2 ** -53));
}

/** Coordinates in an orthonormal basis. */
function inPlane(backend: Backend, plane: Matrix, x: Matrix): Matrix {
  return multiply(backend, plane, x, { opA: 'transpose' });
}

function countAbove(descending: Float64Array, least: number): number {
  const at = descending.findIndex((value) => !(value > least));
  return at < 0 ? descending.length : at;
}

function columnsOf({ data, rows, columns }: Matrix, from: number, to: number): Matrix {
  const part = new Matrix(rows, to - from);
  for (let i = 0; i < rows; i++) part.data.set(data.subarray(i * columns + from, i * columns + to), i * (to - from));
  return part;
}

function distance(a: Float64Array, b: Float64Array): number {
  let square = 0;
  for (let u = 0; u < a.length; u++) square += (b[u]! - a[u]!) ** 2;
  return Math.sqrt(square);
}

function squares(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  return a.reduce((sum, psi, i) => sum + distance(psi, b[i]!) ** 2, 0);
}
