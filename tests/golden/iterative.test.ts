import { describe, it } from 'vitest';
import {
  addOperators,
  adjointOperator,
  declareStructure,
  type EigsWhich,
  eigs,
  eigsHermitian,
  matrixOperator,
  operatorFromCallbacks,
  svds,
} from '../../src/linalg/index.ts';
import { eachBackend } from '../support/backends.ts';
import { grcar } from '../support/gallery.ts';
import { expectClose } from '../support/numbers.ts';
import { formulaMatrix } from '../support/operators.ts';
import { spectralDistance } from '../support/residuals.ts';
import dense from './eig.json' with { type: 'json' };
import golden from './iterative.json' with { type: 'json' };

/** Diffusion and convection on a k×k grid, as make-iterative.py has it. */
function convectionDiffusion(k: number, east: number, north: number) {
  const line = (c: number, before: number, at: number, after: number): number =>
    (-1 - c) * before + 2 * at + (-1 + c) * after;
  return operatorFromCallbacks({
    rows: k * k,
    columns: k * k,
    field: 'real',
    apply(x, y) {
      for (let p = 0; p < k * k; p++) {
        const j = p % k;
        const along = line(east, j > 0 ? x[p - 1]! : 0, x[p]!, j < k - 1 ? x[p + 1]! : 0);
        y[p] = along + line(north, x[p - k] ?? 0, x[p]!, x[p + k] ?? 0);
      }
    },
  });
}

const pairsOf = (values: readonly number[]): [number, number][] =>
  Array.from({ length: values.length / 2 }, (_, k) => [values[2 * k]!, values[2 * k + 1]!]);

eachBackend('values of ARPACK and LAPACK', (backend) => {
  it.each(golden.convectionDiffusion)('convection and diffusion, $which', ({ east, north, which, values }) => {
    const operator = convectionDiffusion(12, east, north);
    const found = eigs(backend, operator, { which: which as EigsWhich, count: 6, tolerance: 1e-12 });
    expectClose(spectralDistance(found.values, pairsOf(values)), 0, 1e-9);
  });

  it('Grcar, whole', () => {
    const { n, values, conditionNumbers } = dense.entries[0]!;
    const operator = matrixOperator(backend, grcar(n));
    const found = eigs(backend, operator, { count: n });
    expectClose(spectralDistance(found.values, pairsOf(values)), 0, 1e-13 * Math.max(...conditionNumbers));
    operator.release();
  });

  describe.each(['real', 'complex'] as const)('%s', (field) => {
    const { singular, smallest, largest } = golden[field];

    it('singular values', () => {
      const operator = matrixOperator(backend, formulaMatrix(70, 40, field));
      const { values } = svds(backend, operator, { count: singular.length });
      for (const [i, value] of singular.entries()) expectClose(values[i]!, value, 1e-9 * singular[0]!);
      operator.release();
    });

    it('both ends of A + A†', () => {
      const a = matrixOperator(backend, formulaMatrix(60, 60, field));
      const hermitian = declareStructure(addOperators(a, adjointOperator(a)), 'hermitian');
      const { values } = eigsHermitian(backend, hermitian, { count: 6, which: 'both ends' });
      for (const [i, value] of largest.entries()) expectClose(values[2 * i]!, value, 1e-9 * largest[0]!);
      for (const [i, value] of smallest.entries()) expectClose(values[2 * i + 1]!, value, 1e-9 * largest[0]!);
      a.release();
    });
  });
});
