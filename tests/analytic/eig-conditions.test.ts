import { expect, it } from 'vitest';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { companion, tridiagonal, twisted } from '../support/gallery.ts';
import { expectClose } from '../support/numbers.ts';

/** Real distinct eigenvalues with their vectors, right and left, of any length. */
interface Spectrum {
  readonly name: string;
  readonly matrix: Matrix;
  readonly spectrum: readonly { readonly value: number; readonly right: number[]; readonly left: number[] }[];
}

const range = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, xi, i) => sum + xi * y[i]!, 0);

/** d on the diagonal, ones above: x_i = Π_{i≤j<k} 1/(d_k − d_j) for i ≤ k, y_i = Π_{k<j≤i} 1/(d_k − d_j) for i ≥ k. */
function bidiagonal(d: readonly number[]): Spectrum {
  const n = d.length;
  const product = (k: number, from: number, to: number): number =>
    d.slice(from, to).reduce((all, dj) => all / (d[k]! - dj), 1);
  return {
    name: `bidiagonal, ${d.join(', ')}`,
    matrix: Matrix.fromRows(d.map((value, i) => range(n).map((j) => (j === i ? value : j === i + 1 ? 1 : 0)))),
    spectrum: d.map((value, k) => ({
      value,
      right: range(n).map((i) => (i <= k ? product(k, i, k) : 0)),
      left: range(n).map((i) => (i >= k ? product(k, k + 1, i + 1) : 0)),
    })),
  };
}

/** The companion matrix of p: right vectors are powers of the root, left ones the partial sums of Horner's scheme. */
function polynomial(roots: readonly number[]): Spectrum {
  const matrix = companion(roots);
  const n = roots.length;
  return {
    name: `companion of ${roots.join(', ')}`,
    matrix,
    spectrum: roots.map((value) => {
      const left = [1];
      for (let k = 1; k < n; k++) left.push(left[k - 1]! * value - matrix.data[k - 1]!);
      return { value, right: range(n).map((i) => value ** (n - 1 - i)), left };
    }),
  };
}

/** b below, a on, c above the diagonal: λ_k = a + 2√(bc) cos kπ/(n+1), x_j = (b/c)^{j/2} sin jkπ/(n+1), y_j with c/b. */
function toeplitz(n: number, b: number, a: number, c: number): Spectrum {
  return {
    name: `Toeplitz ${b}, ${a}, ${c}`,
    matrix: tridiagonal(n, b, a, c),
    spectrum: range(n).map((k) => {
      const wave = range(n).map((j) => Math.sin(((j + 1) * (k + 1) * Math.PI) / (n + 1)));
      return {
        value: a + 2 * Math.sqrt(b * c) * Math.cos(((k + 1) * Math.PI) / (n + 1)),
        right: wave.map((w, j) => w * Math.sqrt(b / c) ** j),
        left: wave.map((w, j) => w * Math.sqrt(c / b) ** j),
      };
    }),
  };
}

/**
 * Kac's matrix: k below, n − k above the diagonal; eigenvalues N, N − 2, …, −N for N = n − 1. Right vectors hold the coefficients of
 * (1 − t)^k (1 + t)^{N−k}; the scaling by binomials that makes the matrix symmetric gives the left ones.
 */
function kac(n: number): Spectrum {
  const last = n - 1;
  const times = (p: readonly number[], sign: number): number[] =>
    range(p.length + 1).map((i) => (p[i] ?? 0) + sign * (p[i - 1] ?? 0));
  const binomials = range(last).reduce<number[]>((p) => times(p, 1), [1]);
  return {
    name: `Kac ${n}`,
    matrix: Matrix.fromRows(
      range(n).map((i) => range(n).map((j) => (j === i + 1 ? i + 1 : j === i - 1 ? last - j : 0))),
    ),
    spectrum: range(n).map((k) => {
      const right = range(last).reduce<number[]>((p, step) => times(p, step < k ? -1 : 1), [1]);
      return { value: last - 2 * k, right, left: right.map((x, i) => x / binomials[i]!) };
    }),
  };
}

const spectra: Spectrum[] = [
  bidiagonal([0.02, 0.01, -0.01, -0.02, 0]),
  bidiagonal([1e-4, -1e-4, 1e-2, -5e-3]),
  polynomial([1, 2, 3, 4, 5, 6, 7]),
  polynomial([-2, -1, 1, 2, 4]),
  toeplitz(12, 0.25, 1, 4),
  kac(9),
  kac(14),
];

eachBackend('eigenvalues and condition numbers from formulas', (backend) => {
  const cases = spectra.flatMap((entry) => [
    [`${entry.name}, real`, entry, entry.matrix] as const,
    [`${entry.name}, complex`, entry, ComplexMatrix.fromReal(entry.matrix)] as const,
    [`${entry.name}, by a diagonal similarity`, entry, twisted(entry.matrix, 0)] as const,
  ]);
  it.each(cases)('%s', (_title, { spectrum }, matrix) => {
    const { values, conditionNumbers } = eig(backend, matrix, { conditionNumbers: true, balance: false });
    const n = spectrum.length;
    const backward = 4 * n * 2 ** -53 * Math.hypot(...matrix.data);
    for (const { value, right, left } of spectrum) {
      const distances = range(n).map((j) => Math.hypot(values[2 * j]! - value, values[2 * j + 1]!));
      const nearest = distances.indexOf(Math.min(...distances));
      const condition = Math.sqrt(dot(right, right) * dot(left, left)) / Math.abs(dot(left, right));
      expectClose(distances[nearest]!, 0, condition * backward, `λ = ${value}`);
      // The condition number of a condition number is that of the vectors: κ/gap.
      const gap = Math.min(...spectrum.filter((other) => other.value !== value).map((o) => Math.abs(o.value - value)));
      const tolerance = (8 * condition * backward) / gap;
      expect(tolerance, 'the test says something').toBeLessThan(0.1);
      expectClose(conditionNumbers![nearest]! / condition, 1, tolerance, `κ of ${value}`);
    }
  });
});
