import { expect, it } from 'vitest';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { spectralAbscissa, spectralRadius } from '../../src/linalg/eigen/spectrum.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { frank, gallery, godunov, twisted } from '../support/gallery.ts';
import { expectClose } from '../support/numbers.ts';
import { spectralDistance } from '../support/residuals.ts';

const known = gallery.filter(({ values }) => values !== undefined);
const THETA = 0.7;

eachBackend('eigenvalues with closed forms', (backend) => {
  it.each(known.map((entry) => [entry.name, entry] as const))('%s', (_name, { matrix, values, tolerance }) => {
    expectClose(spectralDistance(eig(backend, matrix).values, values!), 0, tolerance!, 'real');
    expectClose(
      spectralDistance(eig(backend, matrix, { vectors: 'right' }).values, values!),
      0,
      tolerance!,
      'with vectors',
    );
    expectClose(
      spectralDistance(eig(backend, ComplexMatrix.fromReal(matrix)).values, values!),
      0,
      tolerance!,
      'complex',
    );
  });

  it.each(known.map((entry) => [entry.name, entry] as const))(
    '%s, turned by a phase',
    (_name, { matrix, values, tolerance }) => {
      const [c, s] = [Math.cos(THETA), Math.sin(THETA)];
      const turned = values!.map(([re, im]) => [re * c - im * s, re * s + im * c] as const);
      const size = Math.max(1, ...values!.map(([re, im]) => Math.hypot(re, im)));
      const actual = eig(backend, twisted(matrix, THETA)).values;
      expectClose(spectralDistance(actual, turned), 0, tolerance! + 1e-15 * size);
    },
  );

  it("Frank's eigenvalues come in pairs λ, 1/λ", () => {
    const { values, conditionNumbers } = eig(backend, frank(10), { conditionNumbers: true });
    const order = [...conditionNumbers!.keys()].sort((i, j) => values[2 * i]! - values[2 * j]!);
    for (let k = 0; k < 5; k++) {
      const [small, large] = [order[k]!, order[9 - k]!];
      const tolerance = 100 * 2 ** -53 * 30 * conditionNumbers![small]! * values[2 * large]!;
      expectClose(values[2 * small]! * values[2 * large]!, 1, tolerance, `pair ${k}`);
      expectClose(values[2 * small + 1]!, 0, tolerance, 'imaginary part');
    }
    expect(Math.max(...conditionNumbers!)).toBeGreaterThan(1e4);
  });

  it("Godunov's eigenvalues are known to be unknowable: condition numbers say so", () => {
    const { conditionNumbers } = eig(backend, godunov(), { conditionNumbers: true });
    for (const condition of conditionNumbers!) expect(condition).toBeGreaterThan(1e9);
  });

  it('condition numbers of a 2×2 triangular matrix: √(1 + (b/(a−d))²)', () => {
    const [a, b, d] = [1, 1e6, 3];
    const { conditionNumbers } = eig(
      backend,
      Matrix.fromRows([
        [a, b],
        [0, d],
      ]),
      { conditionNumbers: true, balance: false },
    );
    const expected = Math.sqrt(1 + (b / (a - d)) ** 2);
    for (const condition of conditionNumbers!) expectClose(condition, expected, 1e-9 * expected);
  });

  it('a normal matrix has condition numbers 1', () => {
    const circulant = gallery.find(({ name }) => name === 'circulant')!.matrix;
    const { conditionNumbers } = eig(backend, circulant, { conditionNumbers: true });
    for (const condition of conditionNumbers!) expectClose(condition, 1, 1e-13);
  });

  it('spectral radius and abscissa', () => {
    expectClose(
      spectralRadius(
        backend,
        Matrix.fromRows([
          [0, 2],
          [-2, 0],
        ]),
      ),
      2,
      1e-15,
    );
    expectClose(
      spectralAbscissa(
        backend,
        Matrix.fromRows([
          [-1, 5],
          [0, -2],
        ]),
      ),
      -1,
      0,
    );
    expect(spectralRadius(backend, new Matrix(0, 0))).toBe(0);
    expect(spectralAbscissa(backend, new Matrix(0, 0))).toBe(Number.NEGATIVE_INFINITY);
  });
});
