import { describe, expect, it } from 'vitest';
import { DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { schur } from '../../src/linalg/eigen/schur.ts';
import { spectralRadius } from '../../src/linalg/eigen/spectrum.ts';
import { qr } from '../../src/linalg/factorisations/qr.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { multiply } from '../../src/linalg/products.ts';
import { smallestSingularValues } from '../../src/linalg/resolvent/resolvent.ts';
import {
  compressProduct,
  conditionedEigenvalues,
  contourLines,
  decayTime,
  distanceToInstability,
  kreissConstant,
  numericalRange,
  projectOnEigenvalues,
  pseudospectralAbscissa,
  pseudospectralRadius,
  rectangularSigmaMin,
  spectralSummary,
  transientExponentials,
  transientLowerBounds,
  transientPowers,
} from '../../src/linalg/spectra/index.ts';
import { singularValues } from '../../src/linalg/svd/svd.ts';
import { eachBackend, wasmBackend } from '../support/backends.ts';
import { godunov, grcar, jordan, random, randomComplex } from '../support/gallery.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const diagonal = (...values: number[]): Matrix =>
  Matrix.fromRows(values.map((value, i) => values.map((_, j) => (i === j ? value : 0))));
const nilpotent = (c: number): Matrix =>
  Matrix.fromRows([
    [0, c],
    [0, 0],
  ]);

eachBackend('pseudospectral abscissa and radius', (backend) => {
  it('add ε for normal matrices', () => {
    const a = diagonal(-3, 1, 0.5);
    for (const epsilon of [1e-6, 0.1, 10]) {
      expectClose(pseudospectralAbscissa(backend, a, epsilon).value, 1 + epsilon, 1e-12 * (1 + epsilon));
      expectClose(pseudospectralRadius(backend, a, epsilon).value, 3 + epsilon, 1e-12 * (3 + epsilon));
    }
  });

  it('are √(ε² + cε) for a nilpotent matrix of order 2', () => {
    for (const [c, epsilon] of [
      [1, 1],
      [5, 1e-3],
      [0.1, 2],
    ] as const) {
      const expected = Math.sqrt(epsilon * epsilon + c * epsilon);
      expectClose(pseudospectralAbscissa(backend, nilpotent(c), epsilon).value, expected, 1e-9 * expected);
      expectClose(pseudospectralRadius(backend, nilpotent(c), epsilon).value, expected, 1e-9 * expected);
    }
  });

  it('are attained: σ_min = ε at the point', () => {
    const a = randomComplex(7, 4);
    for (const search of [pseudospectralAbscissa, pseudospectralRadius]) {
      const { point } = search(backend, a, 0.02);
      expectClose(smallestSingularValues(backend, a, Float64Array.from(point)).values[0]!, 0.02, 1e-9);
    }
  });

  it('are those of the eigenvalues for ε = 0, and check ε', () => {
    expect(pseudospectralAbscissa(backend, diagonal(-3, 1), 0).value).toBe(1);
    expect(pseudospectralRadius(backend, diagonal(-3, 1), 0).value).toBe(3);
    for (const epsilon of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => pseudospectralAbscissa(backend, identity(2), epsilon)).toThrow(DomainError);
    }
    expect(() => pseudospectralRadius(backend, new Matrix(2, 3), 1)).toThrow(ShapeError);
  });
});

eachBackend('pseudospectra of a small ε', (backend) => {
  it.each([1e-4, 1e-8, 1e-12])('ε = %d moves the outermost eigenvalue by √(ε² + ε), or by ε', (epsilon) => {
    const block = Matrix.fromRows([
      [0.5, 1],
      [0, 0.5],
    ]);
    const far = Math.sqrt(epsilon * (1 + epsilon));
    for (const search of [pseudospectralAbscissa, pseudospectralRadius]) {
      expectClose((search(backend, block, epsilon).value - 0.5) / far, 1, 1e-15 / epsilon + 1e-9);
      expectClose((search(backend, diagonal(0.5, 0.1), epsilon).value - 0.5) / epsilon, 1, 1e-15 / epsilon + 1e-9);
    }
  });
});

describe('Grcar(100), ε = 1e-4', () => {
  it('has the published abscissa and radius', () => {
    const a = grcar(100);
    expectClose(pseudospectralAbscissa(wasmBackend, a, 1e-4).value, 2.41276, 5e-6);
    expectClose(pseudospectralRadius(wasmBackend, a, 1e-4).value, 2.85216, 5e-6);
  });
});

eachBackend('distance to instability', (backend) => {
  it('is the gap for normal matrices, 0 for unstable ones', () => {
    expectClose(distanceToInstability(backend, diagonal(-3, -0.5), 'half-plane').value, 0.5, 1e-10);
    expectClose(distanceToInstability(backend, diagonal(-0.75, 0.5), 'disc').value, 0.25, 1e-10);
    expect(distanceToInstability(backend, diagonal(1, 2), 'half-plane')).toMatchObject({ value: 0, point: [2, 0] });
    expect(() => distanceToInstability(backend, identity(2), 'plane' as never)).toThrow(DomainError);
  });

  it('is where the pseudospectral abscissa is 0', () => {
    const a = jordan(5, -1);
    const { value, lower } = distanceToInstability(backend, a, 'half-plane');
    expect(lower).toBeLessThanOrEqual(value);
    expectClose(pseudospectralAbscissa(backend, a, value).value, 0, 1e-8);
  });
});

eachBackend('kreissConstant', (backend) => {
  it('is 1 for normal stable matrices, attained at infinity', () => {
    for (const [a, region] of [
      [diagonal(-1, -2), 'half-plane'],
      [diagonal(0.5, -0.25, 1), 'disc'],
      [ComplexMatrix.fromRows([[[-1, 5]]]), 'half-plane'],
      [new Matrix(3, 3), 'disc'],
    ] as const) {
      expect(kreissConstant(backend, a, region)).toMatchObject({ value: 1, lower: 1, upper: 1, point: null });
    }
  });

  it.each(['curves', 'pseudospectra'] as const)(
    'has a closed form for [[0, 4], [0, 0]]: 5/4 at |z| = 8/3 (%s)',
    (method) => {
      const { value, upper, point, converged } = kreissConstant(backend, nilpotent(4), 'disc', { method });
      expect(converged).toBe(true);
      expectClose(value, 1.25, 2e-7);
      expect(upper).toBeGreaterThanOrEqual(1.25);
      expectClose(Math.hypot(...point!), 8 / 3, 1e-2);
    },
  );

  it('does not depend on the direction of time: e^{iφ}a has the same constant', () => {
    const plain = randomComplex(5, 2);
    const factor = 0.95 / spectralRadius(backend, plain);
    const a = new ComplexMatrix(
      5,
      5,
      plain.data.map((x) => factor * x),
    );
    const turned = new ComplexMatrix(5, 5, a.data.slice());
    for (let k = 0; k < 50; k += 2) [turned.data[k], turned.data[k + 1]] = [-a.data[k + 1]!, a.data[k]!];
    const [one, other] = [a, turned].map((matrix) => kreissConstant(backend, matrix, 'disc').value);
    expect(one!).toBeGreaterThan(1.01);
    expectClose(other! / one!, 1, 2e-7);
  });

  it('is the norm of a projector where an eigenvalue lies on the boundary', () => {
    // Rows sum to 1: the projector of the eigenvalue 1 is the column of ones times the first row of the identity.
    const a = Matrix.fromRows([
      [1, 0, 0],
      [0.9, 0.1, 0],
      [0.3, 0.3, 0.4],
    ]);
    const { value, upper, point, limitAt, onBoundary } = kreissConstant(backend, a, 'disc');
    expectClose(value, Math.sqrt(3), 1e-12);
    expect(upper).toBeLessThan(Math.sqrt(3) * 1.0011);
    expect(point).toBeNull();
    expect([...onBoundary]).toEqual(limitAt);
    expectClose(limitAt![0], 1, 1e-14);
  });

  it('tells eigenvalues outside from those on the boundary', () => {
    const census = (...values: number[]) => {
      const a = new Matrix(values.length, values.length);
      for (const [k, value] of values.entries()) a.data[k * (values.length + 1)] = value;
      const { value, onBoundary, outside } = kreissConstant(backend, a, 'disc', { unstable: 'infinite' });
      return { value, onBoundary: [...onBoundary], outside };
    };
    expect(census(0.5, -3, 1, 2)).toEqual({ value: Number.POSITIVE_INFINITY, onBoundary: [1, 0], outside: [-3, 0] });
    expect(census(2, 0.5)).toEqual({ value: Number.POSITIVE_INFINITY, onBoundary: [], outside: [2, 0] });
    expect(census(1, 0.5)).toEqual({ value: 1, onBoundary: [1, 0], outside: null });
  });

  it.each([1e-3, 1e-5, 1e-7])('tells the eigenvalues 1 and 1 − %d apart: the limit is √(1 + 1/δ²)', (delta) => {
    for (const method of ['curves', 'pseudospectra'] as const) {
      const a = Matrix.fromRows([
        [1, 1],
        [0, 1 - delta],
      ]);
      const { lower, upper, limitAt, converged } = kreissConstant(backend, a, 'disc', { method });
      expectClose((lower * delta) / Math.hypot(delta, 1), 1, 1e-15 / delta + 1e-12);
      expect(upper).toBeGreaterThan(lower);
      expect(limitAt).toEqual([1, 0]);
      // Nearer than that rounding spoils the bound, and the result says so.
      expect(converged).toBe(delta > 1e-6);
    }
  });

  it('does not take stable defective eigenvalues near the boundary for a part of one on it', () => {
    const a = Matrix.fromRows([
      [1, 1, 1],
      [0, 0.99, 1],
      [0, 0, 0.99],
    ]);
    // The projector of 1 is the column (1, 0, 0) times the left eigenvector (1, x, y), (1, x, y)(A − 1) = 0.
    const [x, y] = [100, 10100];
    expectClose(kreissConstant(backend, a, 'disc').lower / Math.hypot(1, x, y), 1, 1e-10);
  });

  it('is ∞ for a defective eigenvalue on the boundary', () => {
    expect(kreissConstant(backend, jordan(3, 1), 'disc').value).toBe(Number.POSITIVE_INFINITY);
    expect(kreissConstant(backend, jordan(2, 0), 'half-plane').value).toBe(Number.POSITIVE_INFINITY);
    // Turned, so that rounding takes the block apart.
    for (const [size, seed] of [
      [2, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ] as const) {
      const block = new Matrix(size + 2, size + 2);
      for (let i = 0; i < size + 2; i++) {
        block.data[i * (size + 3)] = i < size ? 1 : 0.3 * (i - size);
        if (i < size) block.data[i * (size + 3) + 1] = 0.7;
      }
      const { q } = qr(backend, random(size + 2, seed));
      const a = multiply(backend, multiply(backend, q, block), q, { opB: 'transpose' });
      for (const method of ['curves', 'pseudospectra'] as const) {
        expect(kreissConstant(backend, a, 'disc', { method }).value).toBe(Number.POSITIVE_INFINITY);
      }
    }
  });

  it('has no upper bound where rounding could make the matrix unstable', () => {
    for (const method of ['curves', 'pseudospectra'] as const) {
      const { lower, upper, converged, searches } = kreissConstant(backend, jordan(5, 0.999), 'disc', { method });
      expect([upper, converged]).toEqual([Number.POSITIVE_INFINITY, false]);
      expect(searches).toBeLessThan(100);
      // The constant of [[x, 1], …] of order 5 near x = 1 is max d/(d + 10⁻³)⁵ to leading order: at d = 10⁻³/4.
      expectClose(lower / (2.5e-4 / 1.25e-3 ** 5), 1, 0.01);
    }
  });

  it('names the eigenvalue of an unstable matrix, or gives ∞', () => {
    expect(() => kreissConstant(backend, diagonal(-1, 0.5), 'half-plane')).toThrow(
      new DomainError(
        'kreissConstant: the eigenvalues of a must have real parts of at most 0, but 0.5 + 0i has real part 0.5. Shift a, or ask for infinite.',
      ),
    );
    expect(() => kreissConstant(backend, diagonal(0.1, -2), 'disc')).toThrow(/has modulus 2\. Scale/);
    const infinite = kreissConstant(backend, diagonal(0.1, -2), 'disc', { unstable: 'infinite' });
    expect(infinite).toMatchObject({ value: Number.POSITIVE_INFINITY, point: null });
    expect(kreissConstant(backend, diagonal(0.1, -2), 'disc', { scale: 'spectral-radius' }).value).toBe(1);
  });

  it('stops at its budget with an honest bracket', () => {
    const { converged, lower, upper, searches } = kreissConstant(backend, jordan(6, 0.5), 'disc', { maxSearches: 4 });
    expect([converged, searches]).toEqual([false, 4]);
    const { value } = kreissConstant(backend, jordan(6, 0.5), 'disc');
    expect(lower).toBeLessThanOrEqual(value);
    expect(upper).toBeGreaterThanOrEqual(value);
  });

  it('checks its arguments', () => {
    expect(() => kreissConstant(backend, new Matrix(2, 3), 'disc')).toThrow(ShapeError);
    expect(() => kreissConstant(backend, new Matrix(0, 0), 'disc')).toThrow(DomainError);
    expect(() => kreissConstant(backend, Matrix.fromRows([[Number.NaN]]), 'disc')).toThrow(NonFiniteError);
    expect(() => kreissConstant(backend, nilpotent(2), 'disc', { tolerance: 0 })).toThrow(DomainError);
    expect(() => kreissConstant(backend, nilpotent(2), 'disc', { scale: 'spectral-radius' })).toThrow(
      /it is 0\. Do not scale/,
    );
    expect(() => kreissConstant(backend, nilpotent(2), 'half-plane', { scale: 'spectral-radius' })).toThrow(
      DomainError,
    );
  });
});

eachBackend('numericalRange', (backend) => {
  it.each([2, 5, 10])('of a Jordan block of order %i is a disc of radius cos(π/(n + 1))', (n) => {
    const { boundary, outer, abscissa, radius } = numericalRange(backend, jordan(n, 0), 16);
    const expected = Math.cos(Math.PI / (n + 1));
    expectClose(abscissa, expected, 1e-13);
    expectClose(radius.value, expected, 1e-13);
    expectClose(radius.upper, expected / Math.cos(Math.PI / 16), 1e-12);
    for (let k = 0; k < 32; k += 2) {
      expectClose(Math.hypot(boundary[k]!, boundary[k + 1]!), expected, 1e-12);
      expectClose(Math.hypot(outer[k]!, outer[k + 1]!), expected / Math.cos(Math.PI / 16), 1e-12);
    }
  });

  it('of a normal matrix is the hull of its eigenvalues', () => {
    const { boundary } = numericalRange(
      backend,
      ComplexMatrix.fromRows([
        [1, 0, 0],
        [0, [0, 2], 0],
        [0, 0, -1],
      ]),
      8,
    );
    expectClose(boundary[0]!, 1, 1e-14);
    expectClose(boundary[5]!, 2, 1e-14);
  });

  it('scales with the matrix, to where its radius overflows', () => {
    const blockOf = (size: number) => new Matrix(2, 2, Float64Array.of(size, size, 0, size));
    const plain = numericalRange(backend, blockOf(1), 8);
    for (const exponent of [-1000, 1022]) {
      const scaled = numericalRange(backend, blockOf(2 ** exponent), 8);
      expect(scaled.abscissa).toBe(plain.abscissa * 2 ** exponent);
      expect(scaled.radius.value).toBe(plain.radius.value * 2 ** exponent);
      expect(scaled.boundary).toEqual(plain.boundary.map((x) => x * 2 ** exponent));
    }
    expect(() => numericalRange(backend, blockOf(1.7e308), 8)).toThrow(
      /^numericalRange: the numerical radius .* Scale a/,
    );
  });
});

eachBackend('spectralSummary', (backend) => {
  it('finds nothing wrong with a normal matrix', () => {
    const { departure, eigenvectorCondition, warnings, radius, abscissa } = spectralSummary(
      backend,
      diagonal(1, -3, 2),
    );
    expect([departure.henrici, departure.commutator, departure.relative]).toEqual([0, 0, 0]);
    expectClose(eigenvectorCondition, 1, 1e-14);
    expect([radius, abscissa, warnings]).toEqual([3, 2, []]);
  });

  it('has the closed forms of [[1, c], [0, 2]]', () => {
    const c = 3;
    const { departure, conditionNumbers } = spectralSummary(
      backend,
      Matrix.fromRows([
        [1, c],
        [0, 2],
      ]),
    );
    expectClose(departure.henrici, c, 1e-14);
    expectClose(departure.commutator, Math.sqrt(2 * c ** 4 + 2 * c * c), 1e-12);
    for (const kappa of conditionNumbers) expectClose(kappa, Math.sqrt(1 + c * c), 1e-13);
  });

  it('warns of Godunov’s matrix and of nilpotent ones, and names the eigenvalues that cannot be told apart', () => {
    const summary = spectralSummary(backend, godunov());
    expect(summary.clusters.some((set) => set.length >= 5)).toBe(true);
    expect(summary.warnings[0]).toMatch(/eigenvalues are uncertain by up to about .*e\+1[2-9]/);
    expect(summary.warnings.at(-1)).toMatch(/^Rounding cannot tell \d eigenvalues apart/);
    const { clusters, warnings, eigenvectorCondition } = spectralSummary(backend, jordan(8, 0));
    expect(clusters).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
    expect(warnings).toHaveLength(2);
    expect(eigenvectorCondition).toBeGreaterThan(1e15);
  });

  it('keeps separate eigenvalues apart', () => {
    expect(conditionedEigenvalues(backend, random(12, 3)).clusters).toEqual([]);
    expect(conditionedEigenvalues(backend, diagonal(1, 1, 2)).clusters).toEqual([[0, 1]]);
  });
});

describe('contourLines', () => {
  const axis = Float64Array.from({ length: 81 }, (_, k) => (k - 40) / 20);
  const grid = (sigma: (x: number, y: number) => number) => ({
    re: axis,
    im: axis,
    sigmaMin: Float64Array.from({ length: 81 * 81 }, (_, k) => sigma(axis[k % 81]!, axis[Math.floor(k / 81)]!)),
  });

  it('draws a circle about one eigenvalue, closed', () => {
    const [{ level, lines }] = contourLines(grid(Math.hypot), [1]) as [ReturnType<typeof contourLines>[number]];
    expect(level).toBe(1);
    expect(lines).toHaveLength(1);
    const line = lines[0]!;
    expect([line[0], line[1]]).toEqual([line.at(-2), line.at(-1)]);
    for (let k = 0; k < line.length; k += 2) expectClose(Math.hypot(line[k]!, line[k + 1]!), 1, 2e-3);
    // All the way round: the angles between neighbours add up to 2π.
    let turn = 0;
    for (let k = 2; k < line.length; k += 2) {
      turn += Math.asin((line[k - 2]! * line[k + 1]! - line[k - 1]! * line[k]!) / 1);
    }
    expectClose(Math.abs(turn), 2 * Math.PI, 0.02);
  });

  it('decides saddles by the centre: two lines apart below the saddle, one above', () => {
    const two = grid((x, y) => Math.min(Math.hypot(x - 1.013, y), Math.hypot(x + 1.013, y)));
    expect(contourLines(two, [0.9])[0]!.lines).toHaveLength(2);
    expect(
      contourLines(
        grid((x, y) => 1.5 + x * y),
        [1.5004],
      )[0]!.lines,
    ).toHaveLength(2);
    // One cell, low at (0, 0) and (1, 1); the mean of the logarithms is log 2.
    const cell = { re: Float64Array.of(0, 1), im: Float64Array.of(0, 1), sigmaMin: Float64Array.of(1, 4, 4, 1) };
    const cutsOrigin = (level: number): boolean => {
      const { lines } = contourLines(cell, [level])[0]!;
      expect(lines).toHaveLength(2);
      return lines.some(
        (line) => [line[0]! * line[1]!, line[2]! * line[3]!].every((x) => x === 0) && line[0]! + line[2]! < 1,
      );
    };
    expect([cutsOrigin(1.9), cutsOrigin(2.1)]).toEqual([true, false]);
  });

  it('is open where the window cuts it, and checks its levels', () => {
    const { lines } = contourLines(
      grid((x) => 3 + x),
      [2.5],
    )[0]!;
    expect(lines).toHaveLength(1);
    expectClose(lines[0]![0]!, -0.5, 1e-3);
    expect(contourLines(grid(Math.hypot), [100])[0]!.lines).toEqual([]);
    expect(() => contourLines(grid(Math.hypot), [0])).toThrow(DomainError);
  });
});

eachBackend('projection and products', (backend) => {
  it('keeps chosen eigenvalues and bounds σ_min from above', () => {
    const a = randomComplex(9, 5);
    const form = schur(backend, a);
    const { t, basis } = projectOnEigenvalues(backend, form, [4, 0, 7]);
    expect([t.rows, basis.rows, basis.columns]).toEqual([3, 9, 3]);
    [4, 0, 7].forEach((index, k) => {
      expectClose(t.at(k, k).re, form.values[2 * index]!, 1e-12);
      expectClose(t.at(k, k).im, form.values[2 * index + 1]!, 1e-12);
    });
    const points = testNumbers(20, 3).map((x) => 3 * x);
    const [whole, part] = [smallestSingularValues(backend, a, points), smallestSingularValues(backend, { t }, points)];
    for (let k = 0; k < 10; k++) expect(part.values[k]!).toBeGreaterThanOrEqual(whole.values[k]! * (1 - 1e-7));
    expect(() => projectOnEigenvalues(backend, form, [])).toThrow(DomainError);
  });

  it('compresses a product of low rank without changing resolvent or singular values', () => {
    const [left, right] = [new Matrix(9, 3, testNumbers(27, 1)), new Matrix(3, 9, testNumbers(27, 2))];
    const { core, compressed, zeros } = compressProduct(backend, left, right);
    expect([core.rows, compressed.rows, zeros]).toEqual([3, 6, 3]);
    const dense = new Matrix(9, 9);
    for (let i = 0; i < 9; i++)
      for (let j = 0; j < 9; j++) for (let k = 0; k < 3; k++) dense.data[9 * i + j]! += left.at(i, k) * right.at(k, j);
    const points = testNumbers(16, 9).map((x) => 2 * x);
    const [a, b] = [dense, compressed].map(
      (matrix: AnyMatrix) => smallestSingularValues(backend, matrix, points).values,
    );
    for (let k = 0; k < 8; k++) expectClose(b![k]!, a![k]!, 1e-7 * a![k]!);
    const [s, t] = [singularValues(backend, dense), singularValues(backend, compressed)];
    for (let k = 0; k < 6; k++) expectClose(t[k]!, s[k]!, 1e-13);
    expect(() => compressProduct(backend, right, left)).toThrow(ShapeError);
  });

  it('takes rectangular matrices', () => {
    const a = random(4, 8);
    const padded = new Matrix(11, 4, Float64Array.from([...a.data, ...new Float64Array(28)]));
    const points = testNumbers(8, 2);
    const [plain, rectangular] = [
      smallestSingularValues(backend, a, points).values,
      rectangularSigmaMin(backend, padded, points),
    ];
    for (let k = 0; k < 4; k++) expectClose(rectangular[k]!, plain[k]!, 1e-8);
    expect(() => rectangularSigmaMin(backend, new Matrix(2, 3), points)).toThrow(ShapeError);
    expect(() => rectangularSigmaMin(backend, new Matrix(2, 0), points)).toThrow(DomainError);
    expect(() => rectangularSigmaMin(backend, a, Float64Array.of(1))).toThrow(ShapeError);
    expect(() => rectangularSigmaMin(backend, a, Float64Array.of(1, Number.NaN))).toThrow(NonFiniteError);
  });
});

eachBackend('transients', (backend) => {
  it('follow powers and exponentials', () => {
    expect([...transientPowers(backend, nilpotent(3), 3).norms]).toEqual([1, 3, 0, 0]);
    const { times, norms } = transientExponentials(backend, diagonal(-1, -2), 2, 4);
    times.forEach((t, k) => {
      expectClose(norms[k]!, Math.exp(-t), 1e-14);
    });
    const last = transientPowers(backend, diagonal(1e200), 2).norms[2];
    expect(last).toBe(Number.POSITIVE_INFINITY);
    expect(() => transientExponentials(backend, identity(1), 0)).toThrow(DomainError);
    expect(() => transientPowers(backend, identity(1), -1)).toThrow(DomainError);
    expect(() => transientPowers(backend, new Matrix(1, 2), 1)).toThrow(ShapeError);
  });

  it('have decayed where the norm is a tenth of the largest', () => {
    // e^{−t} ≤ 1/10 from t = 2.3 on; e^{−t}(1 + ct) at about ln(ct) later, after a peak of about c/e.
    expect(decayTime(backend, diagonal(-1, -2), 0.5)).toBe(4);
    expect(decayTime(backend, diagonal(-1, -2), 3)).toBe(3);
    const late = decayTime(
      backend,
      Matrix.fromRows([
        [-1, 1000],
        [0, -1],
      ]),
      2 ** -6,
    );
    expect(late).toBe(8);
    const norms = [4, 8].map(
      (t) =>
        transientExponentials(
          backend,
          Matrix.fromRows([
            [-1, 1000],
            [0, -1],
          ]),
          t,
          1,
        ).norms[1]!,
    );
    expect(norms[0]).toBeGreaterThan(1000 / Math.E / 10);
    expect(norms[1]).toBeLessThan(1000 / Math.E / 10);
    const turning = Matrix.fromRows([
      [0, 1.3],
      [-1.3, 0],
    ]);
    for (const a of [diagonal(0, -1), diagonal(1, -1), nilpotent(2), turning]) {
      for (const start of [0.1, 1, 7]) expect(decayTime(backend, a, start)).toBeNull();
    }
    expect(() => decayTime(backend, identity(1), 0)).toThrow(/start must be a positive number/);
    expect(() => transientExponentials(backend, identity(2), 1e4, 2)).toThrow(
      'transientExponentials: e^{tA} must stay below 1.8e308, but it overflows at t = 5000. Take shorter times.',
    );
  });

  it('stay above the bounds from the resolvent, which approach the Kreiss constant', () => {
    for (const [region, a] of [
      ['disc', jordan(6, 0.4)],
      ['half-plane', jordan(6, -0.3)],
    ] as const) {
      const kreiss = kreissConstant(backend, a, region);
      const growth = region === 'disc' ? transientPowers(backend, a, 60) : transientExponentials(backend, a, 60, 120);
      const bounds = transientLowerBounds(kreiss, growth.times);
      let largest = 0;
      bounds.forEach((bound, k) => {
        largest = Math.max(largest, growth.norms[k]!);
        expect(bound).toBeLessThanOrEqual(largest * (1 + 1e-9));
      });
      expectClose(transientLowerBounds(kreiss, Float64Array.of(2000))[0]! / kreiss.value, 1, 1e-9);
      expect(bounds[3]!).toBeGreaterThan(1.01);
    }
  });
});
