/** Laws of growth, y = Σ_k coefficient_k · term_k with coefficients ≥ 0, fitted to measured points. */

/** A point of the grid. */
export interface Point {
  readonly L: number;
  readonly T: number;
}

/** What a law is made of: a name in formulas, and its value at a point. */
export interface Term {
  readonly name: string;
  readonly of: (point: Point) => number;
}

export interface Law {
  /** One for each term; 0 where the fit does without it. */
  readonly coefficients: readonly number[];
  /** Root of the mean square of y(point)/measured − 1. */
  readonly rms: number;
  /** The largest of them, by modulus. */
  readonly worst: number;
}

/** Least squares of the relative errors. Of all subsets of the terms those without a negative coefficient count, and the best of them is taken. */
export function fitLaw(terms: readonly Term[], measured: readonly (Point & { readonly y: number })[]): Law {
  let best: Law | null = null;
  for (let subset = 1; subset < 1 << terms.length; subset++) {
    const chosen = terms.map((_, k) => k).filter((k) => (subset >> k) & 1);
    if (chosen.length > measured.length) continue;
    const rows = measured.map((point) => chosen.map((k) => terms[k]!.of(point) / point.y));
    const solution = leastSquaresOfOnes(rows);
    if (solution === null || solution.some((x) => !(x >= 0))) continue;
    const errors = rows.map((row) => row.reduce((sum, x, k) => sum + x * solution[k]!, -1));
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    const worst = Math.max(...errors.map(Math.abs));
    const coefficients = terms.map((_, k) => (chosen.includes(k) ? solution[chosen.indexOf(k)]! : 0));
    if (best === null || rms < best.rms) best = { coefficients, rms, worst };
  }
  if (best === null) throw new Error('no law with coefficients of at least 0 fits');
  return best;
}

/** x of the least ‖A x − 1‖ by the Gram–Schmidt process, columns first brought to norm 1; null where they depend on one another. */
function leastSquaresOfOnes(rows: readonly (readonly number[])[]): number[] | null {
  const n = rows[0]!.length;
  const columns = Array.from({ length: n }, (_, k) => rows.map((row) => row[k]!));
  const basis: number[][] = [];
  const upper: number[][] = [];
  for (const column of columns) {
    let rest = column;
    const above = basis.map((q) => {
      const part = dot(q, rest);
      rest = rest.map((x, i) => x - part * q[i]!);
      return part;
    });
    const norm = Math.sqrt(dot(rest, rest));
    if (!(norm > 1e-8 * Math.sqrt(dot(column, column)))) return null;
    basis.push(rest.map((x) => x / norm));
    upper.push([...above, norm]);
  }
  const x = basis.map((q) => q.reduce((sum, value) => sum + value, 0));
  for (let k = n - 1; k >= 0; k--) {
    x[k]! /= upper[k]![k]!;
    for (let i = 0; i < k; i++) x[i]! -= upper[k]![i]! * x[k]!;
  }
  return x;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
