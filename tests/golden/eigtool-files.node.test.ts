/**
 * The matrices that EigTool's demonstrations read from files, against SciPy (make-eigtool.py). The files belong to EigTool: set
 * TMECH_EIGTOOL to the folder `private` of its source.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type AnyMatrix,
  conditionedEigenvalues,
  distanceToInstability,
  eigs,
  matrixOperator,
  norm2,
  numericalRange,
  readMatrix,
  smallestSingularValues,
} from '../../src/linalg/index.ts';
import { wasmBackend as backend } from '../support/backends.ts';
import { matricesOf } from '../support/mat-file.ts';
import { matpde } from '../support/nonnormal-gallery.ts';
import { expectClose } from '../support/numbers.ts';
import golden from './eigtool.json' with { type: 'json' };

const folder = process.env.TMECH_EIGTOOL ?? '';
const present = existsSync(join(folder, 'boeing767.mat'));
if (!present) {
  process.stderr.write(
    "\n  NOTICE: EigTool's matrices are SKIPPED: set TMECH_EIGTOOL to the folder private of its source.\n\n",
  );
}

function matrixNamed(name: string): AnyMatrix {
  if (name.endsWith('.mtx')) return readMatrix(readFileSync(join(folder, name)), name);
  const matrices = matricesOf(readFileSync(join(folder, 'boeing767.mat')));
  return matrices.get(name === 'boeing original' ? 'orig_mtx' : 'opt_mtx')!;
}

describe.skipIf(!present)('matrices of EigTool’s files', () => {
  it.each(golden.dense.map((entry) => [entry.name, entry] as const))(
    '%s',
    (name, entry) => {
      const a = matrixNamed(name);
      const { norm } = entry;
      expect([a.rows, a.columns]).toEqual([entry.order, entry.order]);
      expectClose(norm2(backend, a) / norm, 1, 1e-12, 'norm');
      expectClose(numericalRange(backend, a, 4).abscissa, entry.numericalAbscissa, 1e-12 * norm, 'numerical abscissa');
      const { values, uncertainty } = conditionedEigenvalues(backend, a);
      for (const [what, expected, key] of [
        ['abscissa', entry.abscissa, (re: number, _im: number) => re],
        ['radius', entry.radius, (re: number, im: number) => Math.hypot(re, im)],
      ] as const) {
        const keys = Array.from(uncertainty, (_, k) => key(values[2 * k]!, values[2 * k + 1]!));
        const at = keys.reduce((best, x, k) => (x > keys[best]! ? k : best), 0);
        expectClose(keys[at]!, expected, 1e-14 * norm + uncertainty[at]!, what);
      }
      const { values: sigma } = smallestSingularValues(backend, a, Float64Array.from(entry.points));
      for (const [k, expected] of entry.sigma.entries()) {
        expectClose(sigma[k]! / expected, 1, 1e-8 + (1e-14 * norm) / expected, `σ_min at point ${k}`);
      }
      if (entry.distance === undefined) return;
      const { value } = distanceToInstability(backend, a, 'half-plane');
      expectClose(value / entry.distance, 1, (1e-14 * norm) / entry.distance, 'distance to instability');
    },
    600_000,
  );

  it.each(golden.iterative.map((entry) => [entry.name, entry] as const))(
    '%s by Arnoldi',
    (name, { order, moduli }) => {
      const a = matrixNamed(name);
      expect(a.rows).toBe(order);
      const operator = matrixOperator(backend, a);
      const { values } = eigs(backend, operator, { count: moduli.length, subspace: 80 });
      operator.release();
      const found = moduli.map((_, k) => Math.hypot(values[2 * k]!, values[2 * k + 1]!)).sort((x, y) => y - x);
      for (const [k, expected] of moduli.entries()) expectClose(found[k]! / expected, 1, 1e-9, `|λ_${k}|`);
    },
    600_000,
  );

  it('pde900.mtx is the difference scheme of the gallery', () => {
    const [{ data: file }, { data: ours }] = [matrixNamed('pde900.mtx'), matpde(30, -20)];
    const worst = file.reduce((largest, value, at) => Math.max(largest, Math.abs(ours[at]! - value)), 0);
    // The file has fourteen digits.
    expectClose(worst, 0, 1e-11);
  });
});
