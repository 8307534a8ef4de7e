import { expect, it } from 'vitest';
import { CapacityError, ConvergenceError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { reorderSchur, schur } from '../../src/linalg/eigen/schur.ts';
import { ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { randomComplex } from '../support/gallery.ts';

/** A matrix of any order that holds no numbers: reading it would fail, so only its shape can have been looked at. */
const hollow = (n: number) => ({ field: 'complex', rows: n, columns: n, data: null }) as unknown as ComplexMatrix;

eachBackend('eig, schur, reorderSchur: arguments and failures', (backend) => {
  it('refuses rectangular matrices', () => {
    expect(() => eig(backend, new Matrix(2, 3))).toThrow(
      new ShapeError('eig: a must be square, but it is 2×3. Use svd for rectangular matrices.'),
    );
    expect(() => schur(backend, new Matrix(2, 3))).toThrow(ShapeError);
  });

  it('refuses NaN and infinity, naming the element', () => {
    const a = new ComplexMatrix(3, 3);
    a.data[7] = Number.NaN;
    expect(() => eig(backend, a)).toThrow(
      new NonFiniteError('eig: a must be finite, but the imaginary part of a[1, 0] is NaN.'),
    );
    a.data[7] = Number.NEGATIVE_INFINITY;
    expect(() => schur(backend, a)).toThrow(NonFiniteError);
  });

  it('refuses what does not fit before anything is allocated', () => {
    const before = backend.memory.bytesInUse;
    expect(() => eig(backend, hollow(30_000), { vectors: 'both' })).toThrow(CapacityError);
    expect(() => eig(backend, hollow(40_000))).toThrow(CapacityError);
    expect(() => schur(backend, hollow(30_000))).toThrow(CapacityError);
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it('gives all memory back', () => {
    const before = backend.memory.bytesInUse;
    eig(backend, randomComplex(9, 1), { vectors: 'both' });
    schur(backend, randomComplex(9, 1));
    expect(() => eig(backend, randomComplex(9, 1), { maxSweeps: 2 })).toThrow(ConvergenceError);
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it('throws with counts when the sweeps run out', () => {
    const a = randomComplex(12, 1);
    let caught: unknown;
    try {
      eig(backend, a, { maxSweeps: 9, vectors: 'right' });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ConvergenceError);
    const { progress, message } = caught as ConvergenceError;
    expect(progress!.iterations).toBe(9);
    expect(progress!.converged).toBeGreaterThan(0);
    expect(progress!.converged).toBeLessThan(12);
    expect(message).toBe(
      `eig: QR iteration must find 12 eigenvalues, but after 9 sweeps only ${progress!.converged} had converged. Raise maxSweeps.`,
    );
    expect(() => schur(backend, a, { maxSweeps: 9 })).toThrow(ConvergenceError);
  });

  it('reports a partial result on request, whose last values are right', () => {
    const a = randomComplex(12, 1);
    const partial = eig(backend, a, { maxSweeps: 9, onFailure: 'report', vectors: 'right' });
    expect(partial.right).toBeUndefined();
    expect(partial.converged).toBeGreaterThan(0);
    expect(partial.converged).toBeLessThan(12);
    const all = eig(backend, a).values;
    for (let k = 2 * (12 - partial.converged); k < 24; k += 2) {
      const distances = Array.from({ length: 12 }, (_, j) =>
        Math.hypot(all[2 * j]! - partial.values[k]!, all[2 * j + 1]! - partial.values[k + 1]!),
      );
      expect(Math.min(...distances)).toBeLessThan(1e-13);
    }
  });

  it('computes what is asked for and nothing else', () => {
    const a = randomComplex(6, 2);
    expect(Object.keys(eig(backend, a)).sort()).toEqual(['backend', 'converged', 'sweeps', 'values']);
    expect(eig(backend, a, { vectors: 'left' }).right).toBeUndefined();
    expect(eig(backend, a, { vectors: 'right' }).left).toBeUndefined();
    const { right, left, conditionNumbers, converged, backend: kind } = eig(backend, a, { conditionNumbers: true });
    expect([right, left]).toEqual([undefined, undefined]);
    expect(conditionNumbers!.length).toBe(6);
    expect([converged, kind]).toEqual([6, backend.kind]);
  });

  it('leaves its argument alone', () => {
    const a = randomComplex(5, 3);
    const copy = a.data.slice();
    eig(backend, a, { vectors: 'both' });
    schur(backend, a);
    expect(a.data).toEqual(copy);
  });

  it('the empty matrix has no eigenvalues', () => {
    const { values, right } = eig(backend, new ComplexMatrix(0, 0), { vectors: 'right' });
    expect([values.length, right!.data.length]).toEqual([0, 0]);
  });

  it('reorderSchur checks its arguments', () => {
    const form = schur(backend, randomComplex(4, 1));
    expect(() => reorderSchur(backend, form, [4])).toThrow(DomainError);
    expect(() => reorderSchur(backend, form, [1, 1])).toThrow(
      new DomainError('reorderSchur: leading must hold distinct indices, but one occurs twice.'),
    );
    expect(() => reorderSchur(backend, { ...form, q: new ComplexMatrix(3, 3) }, [])).toThrow(ShapeError);
    const full = ComplexMatrix.fromReal(identity(4));
    full.data[8] = 2;
    expect(() => reorderSchur(backend, { q: form.q, t: full }, [])).toThrow(
      new DomainError(
        'reorderSchur: t must be upper triangular, but an element of row 1 below the diagonal is 2. Take t from schur.',
      ),
    );
  });
});
