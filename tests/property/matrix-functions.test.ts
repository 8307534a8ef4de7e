import fc from 'fast-check';
import { it } from 'vitest';
import { expm } from '../../src/linalg/functions/expm.ts';
import { logm } from '../../src/linalg/functions/logm.ts';
import { matrixPower } from '../../src/linalg/functions/matrix-power.ts';
import { polar } from '../../src/linalg/functions/polar.ts';
import { sqrtm } from '../../src/linalg/functions/sqrtm.ts';
import type { AnyMatrix } from '../../src/linalg/matrix/matrix.ts';
import { wasmBackend as backend } from '../support/backends.ts';
import { adjoint, difference, frobenius, product, randomMatrix, scaled, U } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';

/** Square matrices over either field, of order 1 to 7, of norm up to about `size`. */
const matrices = (size: number) =>
  fc
    .record({
      field: fc.constantFrom('real' as const, 'complex' as const),
      n: fc.integer({ min: 1, max: 7 }),
      seed: fc.nat(1e6),
      factor: fc.double({ min: 1e-6, max: 1, noNaN: true }),
    })
    .map(({ field, n, seed, factor }) => scaled(randomMatrix(field, n, n, seed), (size * factor) / n));

function expectNear(x: AnyMatrix, y: AnyMatrix, tolerance: number): void {
  expectClose(frobenius(difference(x, y)), 0, tolerance);
}

const shift = (a: AnyMatrix): AnyMatrix => {
  const b = scaled(a, 1);
  const width = a.field === 'real' ? 1 : 2;
  for (let i = 0; i < a.rows; i++) b.data[(i * a.rows + i) * width]! += 2;
  return b;
};

it('e^(a†) = (e^a)† and (e^(a/2))² = e^a', () => {
  fc.assert(
    fc.property(matrices(4), (a) => {
      const { value } = expm(backend, a);
      const bound = 1e-13 * Math.exp(frobenius(a));
      const other = a.field === 'real' ? transposed(a) : adjoint(a);
      expectNear(adjoint(expm(backend, other).value), value, bound);
      const half = expm(backend, scaled(a, 0.5)).value;
      expectNear(product(half, half), value, bound);
    }),
    { numRuns: 60 },
  );
});

it('√a, log a and powers near 2·1: x² = a, e^x = a, a^p a^q = a^(p+q)', () => {
  fc.assert(
    fc.property(matrices(1), fc.double({ min: -2, max: 2, noNaN: true }), (x, p) => {
      const a = shift(x);
      const root = sqrtm(backend, a).value;
      expectNear(product(root, root), a, 100 * a.rows * U);
      expectNear(expm(backend, logm(backend, a).value).value, a, 100 * a.rows * U);
      const powers = product(matrixPower(backend, a, p).value, matrixPower(backend, a, 1 - p).value);
      expectNear(powers, a, 1e-13 * 3 ** (Math.abs(p) + 1));
    }),
    { numRuns: 60 },
  );
});

it('the unitary polar factor is the nearest unitary matrix: no nearer one among its neighbours', () => {
  fc.assert(
    fc.property(matrices(1), matrices(0.3), (a, x) => {
      fc.pre(a.rows === x.rows && a.field === x.field);
      const { u } = polar(backend, a);
      const skew = scaled(difference(x, adjoint(x)), 0.5);
      const neighbour = product(u, expm(backend, skew).value);
      expectClose(Math.min(frobenius(difference(a, neighbour)) - frobenius(difference(a, u)), 0), 0, 1e-14);
    }),
    { numRuns: 60 },
  );
});

function transposed(a: AnyMatrix): AnyMatrix {
  const data = a.data.map((_, at) => a.data[(at % a.rows) * a.rows + Math.floor(at / a.rows)]!);
  return { ...a, data } as AnyMatrix;
}
