import { expect, it } from 'vitest';
import { schur } from '../../src/linalg/eigen/schur.ts';
import type { AnyMatrix } from '../../src/linalg/matrix/matrix.ts';
import { Matrix } from '../../src/linalg/matrix/matrix.ts';
import { smallestSingularValues } from '../../src/linalg/resolvent/resolvent.ts';
import { eachBackend } from '../support/backends.ts';
import { grcar, jordan, kahan, random, randomComplex } from '../support/gallery.ts';
import { expectClose } from '../support/numbers.ts';
import golden from './resolvent.json' with { type: 'json' };

const nilpotent = Matrix.fromRows(
  Array.from({ length: 12 }, (_, i) => Array.from({ length: 12 }, (_, j) => (j > i ? (1 + ((i + j) % 5)) / 4 : 0))),
);

/** The matrices of make-resolvent.py. */
const matrices: Record<string, AnyMatrix> = {
  'grcar 32': grcar(32),
  'grcar 100': grcar(100),
  'random real 32': random(32, 5),
  'random real 100': random(100, 6),
  'random complex 32': randomComplex(32, 7),
  'random complex 100': randomComplex(100, 8),
  'jordan 24': jordan(24, 2),
  'kahan 16': kahan(16, 1.2),
  'nilpotent 12': nilpotent,
};

eachBackend('σ_min(z − A) of LAPACK', (backend) => {
  it.each(golden.entries.map((entry) => [entry.name, entry] as const))('%s', (name, { points, values: expected }) => {
    const form = schur(backend, matrices[name]!);
    for (const tolerance of [1e-3, 1e-8, 1e-12]) {
      const { values, unconverged, noise } = smallestSingularValues(backend, form, Float64Array.from(points), {
        tolerance,
      });
      expect(unconverged).toBe(0);
      expect(values.length).toBe(expected.length);
      expected.forEach((value, k) => {
        expectClose(values[k]!, value, tolerance * value + noise, `point ${k} at ${tolerance}`);
      });
    }
  });
});
