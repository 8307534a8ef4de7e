import fc from 'fast-check';
import { expect, it } from 'vitest';
import { schur } from '../../src/linalg/eigen/schur.ts';
import { qr } from '../../src/linalg/factorisations/qr.ts';
import type { AnyMatrix } from '../../src/linalg/matrix/matrix.ts';
import { multiply } from '../../src/linalg/products.ts';
import { smallestSingularValues } from '../../src/linalg/resolvent/resolvent.ts';
import { singularValues } from '../../src/linalg/svd/svd.ts';
import { eachBackend } from '../support/backends.ts';
import { randomComplex } from '../support/gallery.ts';
import { expectClose } from '../support/numbers.ts';

const TOLERANCE = 1e-9;
const coordinate = fc.double({ min: -4, max: 4, noNaN: true });
const order = fc.integer({ min: 1, max: 12 });
const seed = fc.integer({ min: 1, max: 1000 });

eachBackend('laws of σ_min(z − A)', (backend) => {
  const valuesAt = (a: AnyMatrix, ...points: number[]) =>
    smallestSingularValues(backend, a, Float64Array.from(points), { tolerance: TOLERANCE });

  it('moves by no more than z does', () => {
    const law = fc.property(order, seed, coordinate, coordinate, coordinate, coordinate, (n, from, a, b, c, d) => {
      const { values, noise } = valuesAt(randomComplex(n, from), a, b, c, d);
      const slack = 2 * TOLERANCE * Math.max(...values) + 2 * noise;
      expect(Math.abs(values[0]! - values[1]!)).toBeLessThanOrEqual(Math.hypot(a - c, b - d) + slack);
    });
    fc.assert(law, { numRuns: 60 });
  });

  it('is the same for U*AU, and at most the distance to an eigenvalue', () => {
    const law = fc.property(order, seed, coordinate, coordinate, (n, from, re, im) => {
      const a = randomComplex(n, from);
      const { q } = qr(backend, randomComplex(n, from + 1));
      const turned = multiply(backend, multiply(backend, q, a, { opA: 'conjugate-transpose' }), q);
      const { values, noise } = valuesAt(a, re, im);
      expectClose(valuesAt(turned, re, im).values[0]!, values[0]!, 2 * TOLERANCE * values[0]! + 4 * noise);
      const eigenvalues = schur(backend, a).values;
      for (let k = 0; k < n; k++) {
        const distance = Math.hypot(eigenvalues[2 * k]! - re, eigenvalues[2 * k + 1]! - im);
        expect(values[0]!).toBeLessThanOrEqual(distance * (1 + TOLERANCE) + noise);
      }
    });
    fc.assert(law, { numRuns: 40 });
  });

  it('is the last singular value of z − A', () => {
    const law = fc.property(order, seed, coordinate, coordinate, (n, from, re, im) => {
      const a = randomComplex(n, from);
      const { values, noise } = valuesAt(a, re, im);
      a.data.forEach((x, k) => {
        const diagonal = (k >> 1) % (n + 1) === 0;
        a.data[k] = (diagonal ? (k % 2 === 0 ? re : im) : 0) - x;
      });
      expectClose(values[0]!, singularValues(backend, a).at(-1)!, TOLERANCE * values[0]! + 4 * noise);
    });
    fc.assert(law, { numRuns: 60 });
  });
});
