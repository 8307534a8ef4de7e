import { describe, expect, it } from 'vitest';
import { spectralAbscissa, spectralRadius } from '../../src/linalg/eigen/spectrum.ts';
import { inverse } from '../../src/linalg/factorisations/lu.ts';
import { qr } from '../../src/linalg/factorisations/qr.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { multiply } from '../../src/linalg/products.ts';
import {
  kreissConstant,
  numericalRange,
  transientExponentials,
  transientPowers,
} from '../../src/linalg/spectra/index.ts';
import { singularValues } from '../../src/linalg/svd/svd.ts';
import { wasmBackend } from '../support/backends.ts';
import { adjoint, largestEntry, product, scaled, timesDiagonal } from '../support/dense-algebra.ts';
import { random, randomComplex } from '../support/gallery.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

/** Of non-negative numbers, some of them 0, each row divided by its sum. */
function stochastic(n: number, seed: number, zero: (i: number, j: number, x: number) => boolean): Matrix {
  const a = new Matrix(n, n, testNumbers(n * n, seed).map(Math.abs));
  for (let i = 0; i < n; i++) {
    const row = a.data.subarray(i * n, (i + 1) * n);
    row.forEach((x, j) => {
      if (i !== j && zero(i, j, x)) row[j] = 0;
    });
    const sum = row.reduce((x, y) => x + y);
    row.forEach((x, j) => {
      row[j] = x / sum;
    });
  }
  return a;
}

function permutation(n: number, seed: number): Matrix {
  const keys = testNumbers(n, seed);
  const order = Array.from(keys.keys()).sort((x, y) => keys[x]! - keys[y]!);
  return new Matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, k) => Number(order[Math.floor(k / n)] === k % n)),
  );
}

function skew(n: number, seed: number): Matrix {
  const a = random(n, seed);
  return new Matrix(
    n,
    n,
    a.data.map((x, k) => x - a.data[(k % n) * n + Math.floor(k / n)]!),
  );
}

/** VAV⁻¹ with V near the identity. */
function similar(a: Matrix, seed: number): Matrix {
  const v = random(a.rows, seed);
  for (let i = 0; i < a.rows; i++) v.data[i * (a.rows + 1)]! += 2;
  return multiply(wasmBackend, multiply(wasmBackend, v, a), inverse(wasmBackend, v));
}

/** z − A. */
function shifted(a: Matrix, [re, im]: readonly [number, number]): ComplexMatrix {
  const b = ComplexMatrix.fromReal(scaled(a, -1));
  for (let i = 0; i < a.rows; i++) {
    b.data[2 * i * (a.rows + 1)]! += re;
    b.data[2 * i * (a.rows + 1) + 1]! += im;
  }
  return b;
}

const marginal: readonly (readonly [string, 'disc' | 'half-plane', (seed: number) => Matrix])[] = [
  ['stochastic', 'disc', (seed) => stochastic(2 + (seed % 6), seed, () => false)],
  ['sparse stochastic', 'disc', (seed) => stochastic(3 + (seed % 5), seed, (_i, _j, x) => x < 0.5)],
  ['causal attention', 'disc', (seed) => stochastic(2 + (seed % 7), seed, (i, j) => j > i)],
  ['permutation', 'disc', (seed) => permutation(2 + (seed % 8), seed)],
  ['orthogonal', 'disc', (seed) => qr(wasmBackend, random(2 + (seed % 6), seed)).q],
  ['turned permutation', 'disc', (seed) => similar(permutation(3 + (seed % 4), seed), seed + 90)],
  ['skew-symmetric', 'half-plane', (seed) => scaled(skew(2 + (seed % 5), seed), 10 ** ((seed % 4) * 5 - 9))],
  ['turned skew-symmetric', 'half-plane', (seed) => scaled(similar(skew(3, seed), seed), 10 ** ((seed % 4) * 5 - 9))],
];

describe('Kreiss matrix theorem', () => {
  it('K ≤ max ‖Aᵏ‖ ≤ e·n·K for 200 random matrices of spectral radius 0.2 to 0.95, far from normal', () => {
    let largest = 1;
    for (let seed = 1; seed <= 200; seed++) {
      const n = 2 + (seed % 4);
      const data = testNumbers(2 * n * n, seed);
      // The triangle above the diagonal is made heavy.
      for (let i = 0; i < n; i++)
        for (let at = 2 * (i * n + i + 1); at < 2 * (i + 1) * n; at++) data[at]! *= 1 + (seed % 7);
      const plain = new ComplexMatrix(n, n, data);
      const target = 0.2 + (0.75 * (seed % 11)) / 10;
      const factor = target / spectralRadius(wasmBackend, plain);
      const a = new ComplexMatrix(
        n,
        n,
        data.map((x) => factor * x),
      );
      const { lower, upper, converged } = kreissConstant(wasmBackend, a, 'disc', { tolerance: 1e-2 });
      expect(converged, `seed ${seed}`).toBe(true);
      const peak = Math.max(...transientPowers(wasmBackend, a, 60).norms);
      expect(lower, `seed ${seed}`).toBeLessThanOrEqual(peak * (1 + 1e-10));
      expect(peak, `seed ${seed}`).toBeLessThanOrEqual(Math.E * n * upper);
      largest = Math.max(largest, lower);
    }
    expect(largest).toBeGreaterThan(1.5);
  });

  it('K ≤ sup ‖e^{tA}‖ ≤ e·n·K for 200 random matrices of spectral abscissa −0.3 to −1, far from normal', () => {
    let largest = 1;
    for (let seed = 1; seed <= 200; seed++) {
      const n = 2 + (seed % 4);
      const data = testNumbers(2 * n * n, 500 + seed);
      for (let i = 0; i < n; i++)
        for (let at = 2 * (i * n + i + 1); at < 2 * (i + 1) * n; at++) data[at]! *= 1 + (seed % 9);
      const plain = new ComplexMatrix(n, n, data);
      const target = 0.3 + (0.7 * (seed % 11)) / 10;
      const shift = spectralAbscissa(wasmBackend, plain) + target;
      for (let i = 0; i < n; i++) data[2 * i * (n + 1)]! -= shift;
      const { lower, upper, converged } = kreissConstant(wasmBackend, plain, 'half-plane', { tolerance: 1e-2 });
      expect(converged, `seed ${seed}`).toBe(true);
      const [end, steps] = [6 / target, 400];
      const peak = Math.max(...transientExponentials(wasmBackend, plain, end, steps).norms);
      // Between two times the norm grows by e^{ωh} at most, ω the numerical abscissa.
      const between = Math.exp((Math.max(0, numericalRange(wasmBackend, plain, 4).abscissa) * end) / steps);
      expect(lower, `seed ${seed}`).toBeLessThanOrEqual(peak * between);
      expect(peak, `seed ${seed}`).toBeLessThanOrEqual(Math.E * n * upper);
      largest = Math.max(largest, lower);
    }
    expect(largest).toBeGreaterThan(1.5);
  });

  it('holds for 160 random matrices with eigenvalues on the boundary, by both methods, attained where they say', () => {
    for (const [name, region, make] of marginal) {
      for (let seed = 1; seed <= 20; seed++) {
        const a = make(seed);
        const size = largestEntry(a, () => true);
        const growth =
          region === 'disc'
            ? transientPowers(wasmBackend, a, 400)
            : transientExponentials(wasmBackend, a, 100 / size, 1000);
        const peak = Math.max(...growth.norms);
        const both = (['curves', 'pseudospectra'] as const).map((method) =>
          kreissConstant(wasmBackend, a, region, { method, tolerance: 1e-2 }),
        );
        const what = `${name}, seed ${seed}`;
        for (const { value, lower, upper, point, limitAt, converged, noise } of both) {
          expect(converged, what).toBe(true);
          expect(lower, what).toBe(value);
          expect(lower, what).toBeLessThanOrEqual(both[0]!.upper * (1 + 1e-6));
          expect(lower, what).toBeLessThanOrEqual(both[1]!.upper * (1 + 1e-6));
          // Norms approach a limit slowly where other eigenvalues are near the boundary.
          expect(lower, what).toBeLessThanOrEqual(peak * 1.02);
          expect(peak, what).toBeLessThanOrEqual(Math.E * a.rows * upper);
          if (point === null) {
            expect(limitAt !== null || value === 1, what).toBe(true);
            continue;
          }
          const distance = region === 'disc' ? Math.hypot(...point) - 1 : point[0];
          const sigma = singularValues(wasmBackend, shifted(a, point)).at(-1)!;
          expectClose(distance / sigma / value, 1, (10 * (noise + 2 ** -52)) / distance, what);
        }
      }
    }
  });

  it('K = 1 for 60 random normal stable matrices, in both regions, by both methods', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const n = 1 + (seed % 7);
      const { q } = qr(wasmBackend, randomComplex(n, seed));
      for (const [region, method] of [
        ['disc', 'curves'],
        ['disc', 'pseudospectra'],
        ['half-plane', 'curves'],
        ['half-plane', 'pseudospectra'],
      ] as const) {
        const turned = timesDiagonal(q, new Float64Array(n).fill(1));
        const values = testNumbers(2 * n, 900 + seed);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            // Moduli below 1; real parts below 0.
            const [re, im] = [values[2 * j]!, values[2 * j + 1]!];
            const [x, y] = region === 'disc' ? [re * 0.7, im * 0.7] : [-Math.abs(re) - 1e-3, im];
            const at = 2 * (i * n + j);
            const [a, b] = [q.data[at]!, q.data[at + 1]!];
            turned.data[at] = a * x - b * y;
            turned.data[at + 1] = a * y + b * x;
          }
        }
        const normal = product(turned, adjoint(q));
        const { value, lower, upper } = kreissConstant(wasmBackend, normal, region, { method });
        expect([value, lower, upper], `seed ${seed}, ${region}`).toEqual([1, 1, 1]);
      }
    }
  });
});
