import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';

/** A matrix of LAPACK's TESTING folder with what is known of its eigenvalues, to five digits. */
export interface ConditionedMatrix {
  readonly matrix: AnyMatrix;
  readonly values: readonly (readonly [re: number, im: number])[];
  /** Reciprocal condition numbers s = |y*x| of the eigenvalues. */
  readonly s: readonly number[];
  /** Separations of the eigenvalues from the others: reciprocal condition numbers of the vectors. */
  readonly sep: readonly number[];
}

/**
 * The matrices in a section of ded.in (`DVX`, real) or zed.in (`ZVX`, complex): per matrix its order (complex: and a number saying how
 * the eigenvalues are sorted), its elements row by row, then Re λ, Im λ, s and sep of each eigenvalue; an order of 0 ends the section.
 */
export function conditionedMatrices(text: string, section: 'DVX' | 'ZVX'): ConditionedMatrix[] {
  const start = new RegExp(`^${section} +\\d+ +Use all matrix types\\s*$`, 'm').exec(text);
  if (start === null) throw new Error(`no section ${section}`);
  const numbers = text
    .slice(start.index + start[0].length)
    .split(/[\s(),]+/)
    .filter((token) => token !== '')
    .map((token) => Number(token.replace('D', 'e')));
  const width = section === 'ZVX' ? 2 : 1;
  const matrices: ConditionedMatrix[] = [];
  let at = 0;
  for (;;) {
    const n = numbers[at];
    if (n === undefined || Number.isNaN(n) || n === 0) return matrices;
    at += width;
    const data = Float64Array.from(numbers.slice(at, at + width * n * n));
    at += width * n * n;
    const rows = Array.from({ length: n }, (_, k) => numbers.slice(at + 4 * k, at + 4 * k + 4));
    at += 4 * n;
    matrices.push({
      matrix: width === 1 ? new Matrix(n, n, data) : new ComplexMatrix(n, n, data),
      values: rows.map(([re, im]) => [re!, im!]),
      s: rows.map((row) => row[2]!),
      sep: rows.map((row) => row[3]!),
    });
  }
}
