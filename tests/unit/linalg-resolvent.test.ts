import { describe, expect, it } from 'vitest';
import { CapacityError, ConvergenceError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { schur } from '../../src/linalg/eigen/schur.ts';
import { ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { pseudomode } from '../../src/linalg/resolvent/pseudomode.ts';
import { smallestSingularValues } from '../../src/linalg/resolvent/resolvent.ts';
import { resolventGrid, resolventGridAsync } from '../../src/linalg/resolvent/resolvent-grid.ts';
import { eachBackend } from '../support/backends.ts';
import { grcar, jordan, random, randomComplex } from '../support/gallery.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const hollow = (n: number) => ({ field: 'complex', rows: n, columns: n, data: null }) as unknown as ComplexMatrix;

/** Diagonal, so normal: σ_min(z − A) is the distance to the nearest element. */
function diagonal(values: Float64Array): ComplexMatrix {
  const n = values.length / 2;
  const a = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) a.data.set(values.subarray(2 * i, 2 * i + 2), 2 * i * (n + 1));
  return a;
}

/** A triangular form and a grid that take two kernel calls. */
const large = { t: diagonal(testNumbers(300, 1)) };
const twoCalls = { re: [-1, 1], im: [-1, 1], nRe: 20, nIm: 20, tolerance: 0.1 } as const;

eachBackend('smallestSingularValues', (backend) => {
  const at = (...points: number[]) => Float64Array.from(points);

  it('is the distance to the spectrum for normal matrices', () => {
    const eigenvalues = testNumbers(80, 4);
    const points = testNumbers(200, 5).map((x) => 1.5 * x);
    const { values, unconverged } = smallestSingularValues(backend, diagonal(eigenvalues), points);
    expect(unconverged).toBe(0);
    for (let k = 0; k < 100; k++) {
      const distances = Array.from({ length: 40 }, (_, i) =>
        Math.hypot(points[2 * k]! - eigenvalues[2 * i]!, points[2 * k + 1]! - eigenvalues[2 * i + 1]!),
      );
      expectClose(values[k]!, Math.min(...distances), 1e-8 * values[k]! + 1e-14, `point ${k}`);
    }
  });

  it('handles one row and one point', () => {
    const a = ComplexMatrix.fromRows([[[3, 4]]]);
    const { values, steps } = smallestSingularValues(backend, a, at(0, 0, 3, 4, 3, 5));
    expectClose(values[0]!, 5, 1e-14);
    expect(values[1]).toBe(0);
    expectClose(values[2]!, 1, 1e-14);
    expect([...steps]).toEqual([1, 1, 1]);
    expect(smallestSingularValues(backend, a, at()).values).toHaveLength(0);
  });

  it('has the closed form of 2×2 matrices', () => {
    // For [[d, −c], [0, d]]: singular values s, t with s·t = |d|² and s² + t² = 2|d|² + c².
    const [c, z] = [7, 1.5];
    const a = Matrix.fromRows([
      [0, c],
      [0, 0],
    ]);
    const [product, squares] = [z * z, 2 * z * z + c * c];
    const expected = (Math.sqrt(squares + 2 * product) - Math.sqrt(squares - 2 * product)) / 2;
    const { values } = smallestSingularValues(backend, a, at(z, 0, 0, z), { tolerance: 1e-12 });
    for (const value of values) expectClose(value, expected, 1e-14);
  });

  it('gives 0 at the eigenvalues of a triangular matrix, and never NaN', () => {
    const { t, values: eigenvalues } = schur(backend, randomComplex(12, 3));
    const { values, unconverged } = smallestSingularValues(backend, { t }, eigenvalues);
    expect([...values]).toEqual(new Array(12).fill(0));
    expect(unconverged).toBe(0);
  });

  it('at eigenvalues of a general matrix is below the noise', () => {
    const a = random(20, 3);
    const { values: eigenvalues } = schur(backend, a);
    const { values, noise } = smallestSingularValues(backend, a, eigenvalues);
    for (const value of values) expectClose(value, 0, noise);
  });

  it('survives resolvents beyond the range of f64', () => {
    const { values, unconverged } = smallestSingularValues(
      backend,
      jordan(150, 0),
      at(0, 0, 0.01, 0, 0.1, 0.1, 1.5, 0),
    );
    expect([...values.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect(unconverged).toBe(0);
    // A Toeplitz matrix of symbol z − e^{iθ}: σ_min ≥ |z| − 1, and close to it for large n.
    expect(values[3]!).toBeGreaterThan(0.5);
    expect(values[3]!).toBeLessThan(0.501);
  });

  it('finds tiny values of a triangular matrix to relative accuracy', () => {
    // (2⁻²⁰ − J)⁻¹ has elements 2^{20k}, k < 5: σ_min = 2⁻¹⁰⁰ to a relative 2⁻³⁹.
    const { values } = smallestSingularValues(backend, { t: ComplexMatrix.fromReal(jordan(5, 0)) }, at(2 ** -20, 0));
    expectClose(values[0]! * 2 ** 100, 1, 1e-8);
  });

  it.each([1e-310, 1e-200, 1e200, 1e307])('scales with the matrix: %s', (size) => {
    const a = randomComplex(9, 2);
    const points = testNumbers(20, 6).map((x) => 3 * x);
    const [plain, scaled] = [
      a,
      new ComplexMatrix(
        9,
        9,
        a.data.map((x) => x * size),
      ),
    ].map((matrix, k) => smallestSingularValues(backend, matrix, k === 0 ? points : points.map((x) => x * size)));
    const slack = size < 1e-300 ? 1e-11 : 3e-8;
    plain!.values.forEach((value, k) => {
      expectClose(scaled!.values[k]! / size, value, slack * Math.max(value, 1));
    });
  });

  it('is |z| far away, and for the zero matrix', () => {
    const far = smallestSingularValues(backend, random(6, 1), at(3e200, 4e200));
    expectClose(far.values[0]! / 5e200, 1, 1e-15);
    expect(far.steps[0]).toBe(0);
    const zero = smallestSingularValues(backend, new Matrix(3, 3), at(3, 4, 0, 0));
    expect([...zero.values]).toEqual([5, 0]);
  });

  it('gives a point the same bits whatever comes with it', () => {
    const form = schur(backend, randomComplex(17, 9));
    const points = testNumbers(38, 8).map((x) => 4 * x);
    const together = smallestSingularValues(backend, form, points);
    for (let k = 0; k < 19; k++) {
      const alone = smallestSingularValues(backend, form, points.slice(2 * k, 2 * k + 2));
      expect(alone.values[0]).toBe(together.values[k]);
      expect(alone.steps[0]).toBe(together.steps[k]);
    }
  });

  it('reports or throws where steps run out', () => {
    const a = randomComplex(20, 1);
    const points = testNumbers(24, 2).map((x) => 3 * x);
    const exact = smallestSingularValues(backend, a, points).values;
    const short = { maxSteps: 3, tolerance: 1e-10, onFailure: 'report' } as const;
    const { values, steps, unconverged } = smallestSingularValues(backend, a, points, short);
    expect(unconverged).toBeGreaterThan(0);
    expect(steps.filter((step) => step < 0).length).toBe(unconverged);
    values.forEach((value, k) => {
      expect(value).toBeGreaterThanOrEqual(exact[k]! * (1 - 2e-8));
    });
    expect(() => smallestSingularValues(backend, a, points, { maxSteps: 3, tolerance: 1e-10 })).toThrow(
      new ConvergenceError(
        `smallestSingularValues: all points must reach the tolerance 1e-10 within 3 steps, but ${unconverged} of 12 did not. Raise maxSteps or report with onFailure.`,
        { iterations: 3, converged: 12 - unconverged },
      ),
    );
  });

  it('checks its arguments', () => {
    const a = identity(2);
    const one = at(1, 1);
    expect(() => smallestSingularValues(backend, new Matrix(2, 3), one)).toThrow(ShapeError);
    expect(() => smallestSingularValues(backend, new Matrix(0, 0), one)).toThrow(DomainError);
    expect(() => smallestSingularValues(backend, a, at(1))).toThrow(ShapeError);
    expect(() => smallestSingularValues(backend, a, at(1, 2, 3, Number.NaN))).toThrow(
      new NonFiniteError('smallestSingularValues: points must be finite, but points[3] is NaN.'),
    );
    expect(() => smallestSingularValues(backend, a, at(1.7e308, 1.7e308))).toThrow(DomainError);
    expect(() => smallestSingularValues(backend, Matrix.fromRows([[Number.NaN]]), one)).toThrow(NonFiniteError);
    for (const tolerance of [0, 1e-13, 0.2, Number.NaN]) {
      expect(() => smallestSingularValues(backend, a, one, { tolerance })).toThrow(DomainError);
    }
    expect(() => smallestSingularValues(backend, a, one, { maxSteps: 0 })).toThrow(DomainError);
    expect(() => smallestSingularValues(backend, a, one, { onFailure: 'ignore' as never })).toThrow(DomainError);
    expect(() => smallestSingularValues(backend, { t: randomComplex(3, 1) }, one)).toThrow(
      /^smallestSingularValues: t must be upper triangular/,
    );
    const before = backend.memory.bytesInUse;
    expect(() => smallestSingularValues(backend, hollow(30_000), one)).toThrow(CapacityError);
    expect(backend.memory.bytesInUse).toBe(before);
  });
});

eachBackend('resolventGrid', (backend) => {
  it('holds the values at its points, row by row', () => {
    const a = randomComplex(7, 1);
    const grid = resolventGrid(backend, a, { re: [-1, 3], im: [-2, 1], nRe: 5, nIm: 4 });
    expect([...grid.re]).toEqual([-1, 0, 1, 2, 3]);
    expect([...grid.im]).toEqual([-2, -1, 0, 1]);
    const points = [...grid.im].flatMap((im) => [...grid.re].flatMap((re) => [re, im]));
    const direct = smallestSingularValues(backend, a, Float64Array.from(points), { tolerance: 1e-3 });
    expect(grid.sigmaMin).toEqual(direct.values);
    expect(grid.steps).toBe(direct.steps.reduce((sum, step) => sum + step, 0));
    expect(grid.eigenvalues).toEqual(schur(backend, a).values);
    expect([grid.unconverged, grid.tolerance, grid.noise, grid.backend]).toEqual([0, 1e-3, direct.noise, backend.kind]);
  });

  it.each([6, 7])('mirrors real matrices at the real axis: %i rows', (nIm) => {
    const a = grcar(12);
    const totals = new Set<number>();
    const onProgress = (_done: number, total: number) => totals.add(total);
    const window = { re: [-1, 3], im: [-3, 3], nRe: 5, nIm } as const;
    const { sigmaMin } = resolventGrid(backend, a, { ...window, onProgress });
    expect([...totals]).toEqual([5 * Math.ceil(nIm / 2)]);
    const whole = resolventGrid(backend, ComplexMatrix.fromReal(a), window).sigmaMin;
    for (let k = 0; k < 5 * nIm; k++) expectClose(sigmaMin[k]!, whole[k]!, 2e-3 * whole[k]!, `point ${k}`);
    for (let j = 0; j < nIm; j++) {
      const [row, mirror] = [j, nIm - 1 - j].map((r) => sigmaMin.slice(5 * r, 5 * r + 5));
      expect(row).toEqual(mirror);
    }
  });

  it('counts unconverged points on both sides of the axis', () => {
    const options = { im: [-2, 2], re: [-2, 2], nRe: 4, nIm: 5, maxSteps: 1, onFailure: 'report' } as const;
    const { unconverged, sigmaMin } = resolventGrid(backend, grcar(9), { ...options, tolerance: 1e-12 });
    expect(unconverged).toBe(20);
    expect(sigmaMin.every((value) => value > 0)).toBe(true);
  });

  it('chooses a window that holds the numerical range', () => {
    const { re, im } = resolventGrid(backend, jordan(30, 1), { nRe: 3, nIm: 3 });
    // The numerical range is a disc of radius cos(π/31) about 1.
    const radius = Math.cos(Math.PI / 31);
    [re[0]! - 1, 1 - re[2]!, im[0]!, -im[2]!].forEach((side) => {
      expectClose(side, -1.25 * radius, 1e-12);
    });
    const scalar = resolventGrid(backend, ComplexMatrix.fromRows([[[3, -4]]]), { nRe: 2, nIm: 2 });
    expect([...scalar.re, ...scalar.im]).toEqual([-1, 7, -8, 0]);
    expect([...resolventGrid(backend, new Matrix(2, 2), { nRe: 2, nIm: 2 }).re]).toEqual([-1, 1]);
  });

  it('works in calls, and tells after each', () => {
    const done: number[] = [];
    resolventGrid(backend, large, { ...twoCalls, onProgress: (count) => done.push(count) });
    expect(done).toEqual([311, 400]);
  });

  it('checks its arguments', () => {
    const a = identity(2);
    expect(() => resolventGrid(backend, a, { re: [1, 1] })).toThrow(
      new DomainError('resolventGrid: re must be [low, high] with finite low < high, but it is [1, 1].'),
    );
    expect(() => resolventGrid(backend, a, { im: [-1.7e308, 1.7e308] })).toThrow(DomainError);
    expect(() => resolventGrid(backend, a, { im: [0, Number.NaN] })).toThrow(DomainError);
    const corner = { re: [0, 1.7e308], im: [0, 1.7e308], nRe: 2, nIm: 2 } as const;
    expect(() => resolventGrid(backend, a, corner)).toThrow(/^resolventGrid: values must be below 1.8e308/);
    expect(() => resolventGrid(backend, a, { nRe: 1 })).toThrow(DomainError);
    expect(() => resolventGrid(backend, a, { nIm: 2.5 })).toThrow(DomainError);
    expect(() => resolventGrid(backend, a, { nRe: 2 ** 17, nIm: 2 ** 17 })).toThrow(CapacityError);
    expect(() => resolventGrid(backend, new Matrix(2, 3))).toThrow(
      new ShapeError('resolventGrid: a must be square, but it is 2×3. Use svd for rectangular matrices.'),
    );
  });
});

eachBackend('resolventGridAsync', (backend) => {
  it('gives the same numbers and lets other work run', async () => {
    let turns = 0;
    const tick = setInterval(() => turns++);
    const grid = await resolventGridAsync(backend, large, twoCalls);
    clearInterval(tick);
    expect(grid).toEqual(resolventGrid(backend, large, twoCalls));
    expect(turns).toBeGreaterThan(0);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number) => {
      seen.push(done);
      controller.abort(new Error('enough'));
    };
    const before = backend.memory.bytesInUse;
    const options = { ...twoCalls, onProgress, signal: controller.signal };
    await expect(resolventGridAsync(backend, large, options)).rejects.toThrow('enough');
    expect(seen).toEqual([311]);
    expect(backend.memory.bytesInUse).toBe(before);
    await expect(resolventGridAsync(backend, random(3, 1), { signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('pseudomode', () => {
  eachBackend('is an eigenvector of a perturbed matrix', (backend) => {
    it.each([1, 8])('n = %i', (n) => {
      const a = randomComplex(n, 5);
      const { value, u, v } = pseudomode(backend, a, 1.5);
      expectClose(value, smallestSingularValues(backend, a, Float64Array.of(1.5, 0)).values[0]!, 1e-8 * value + 1e-14);
      for (let i = 0; i < n; i++) {
        // ((A + σ u v*) v)_i = 1.5·v_i, and v*v = 1.
        let [re, im] = [value * u.at(i, 0).re, value * u.at(i, 0).im];
        for (let j = 0; j < n; j++) {
          const [x, y] = [a.at(i, j), v.at(j, 0)];
          re += x.re * y.re - x.im * y.im;
          im += x.re * y.im + x.im * y.re;
        }
        expectClose(re, 1.5 * v.at(i, 0).re, 1e-13, `real part ${i}`);
        expectClose(im, 1.5 * v.at(i, 0).im, 1e-13, `imaginary part ${i}`);
      }
    });

    it('takes real matrices', () => {
      const { value } = pseudomode(backend, identity(3), 3);
      expectClose(value, 2, 1e-14);
    });
  });
});
