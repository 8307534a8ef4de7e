import { describe, expect, it } from 'vitest';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { eigenvaluesHermitian } from '../../src/linalg/eigen/eigh.ts';
import { type AnyMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import {
  conditionedEigenvalues,
  kreissConstant,
  numericalRange,
  rectangularSigmaMin,
  spectralSummary,
  transientPowers,
} from '../../src/linalg/spectra/index.ts';
import { wasmBackend as backend } from '../support/backends.ts';
import { godunov, tridiagonal } from '../support/gallery.ts';
import {
  BRUSSELATOR,
  type Coupled,
  chebyshevDerivative,
  convectionDiffusion,
  coupled,
  davies,
  differences,
  gallery3,
  gallery5,
  gaussSeidel,
  hatano,
  markov,
  matpde,
  OLMSTEAD,
  orrSommerfeld,
  riffle,
  rowOf,
  skewLaplacian,
  supg,
  toeplitz,
  tolosa,
  tolosaMode,
  wilkinson,
} from '../support/nonnormal-gallery.ts';
import { expectClose } from '../support/numbers.ts';

type Pair = readonly [re: number, im: number];

const range = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
const real = (values: readonly number[]): Pair[] => values.map((value) => [value, 0]);

/** Every exact eigenvalue has a computed one within `tolerance`, or within the uncertainty that is claimed for that one. */
function expectEigenvalues(a: AnyMatrix, exact: readonly Pair[], tolerance = 0): void {
  const { values, uncertainty } = conditionedEigenvalues(backend, a);
  for (const [re, im] of exact) {
    const distances = range(a.rows).map(
      (k) => Math.hypot(values[2 * k]! - re, values[2 * k + 1]! - im) - Math.max(tolerance, uncertainty[k]!),
    );
    const nearest = Math.min(...distances);
    expect(nearest <= 1e-15 * Math.hypot(re, im), `${re} + ${im}i is off by ${nearest}`).toBe(true);
  }
}

describe('eigenvalues in closed form, within their claimed uncertainties', () => {
  it('of riffle shuffles: 2^{−k}', () => {
    expectEigenvalues(
      riffle(10),
      range(10).map((k) => [2 ** -k, 0]),
    );
    // Cut-off: the distance from the limit stays near its start, then falls (7 shuffles of 52 cards; here fewer).
    const deviation = riffle(10);
    const limit = limitOf(deviation);
    const centred = new Matrix(
      10,
      10,
      deviation.data.map((x, at) => x - limit[Math.floor(at / 10)]!),
    );
    expectEigenvalues(centred, real(range(9).map((k) => 2 ** -(k + 1))));
  });

  it.each([
    ['classic', -1, -1],
    ['downwind', -1.75, -0.25],
    ['upwind', -0.25, -1.75],
  ] as const)('of Gauss–Seidel, %s', (_, below, above) => {
    const n = 12;
    const a = gaussSeidel(n, below, above);
    const exact = range(n / 2).map((k) => below * above * Math.cos(((k + 1) * Math.PI) / (n + 1)) ** 2);
    expectEigenvalues(a, real(exact));
  });

  it('of Gauss–Seidel: sweeping against the wind has the same spectrum and a larger transient', () => {
    const [down, up] = [gaussSeidel(24, -1.75, -0.25), gaussSeidel(24, -0.25, -1.75)];
    const norm = (a: Matrix) => transientPowers(backend, a, 20).norms[20]!;
    expect(norm(up) / norm(down)).toBeGreaterThan(1e3);
  });

  it('of convection–diffusion: −1/4 − (πk/d)²', () => {
    expectEigenvalues(
      convectionDiffusion(40, 10),
      range(8).map((k) => [-0.25 - ((Math.PI * (k + 1)) / 10) ** 2, 0]),
      1e-8,
    );
  });

  it('of Davies’ oscillator: e^{iπ/4}(2k + 1)', () => {
    expectEigenvalues(
      davies(70, 8),
      range(5).map((k) => [(2 * k + 1) * Math.SQRT1_2, (2 * k + 1) * Math.SQRT1_2]),
      1e-6,
    );
  });

  it('of the Orr–Sommerfeld operator: Orszag’s growing mode at R = 10⁴, α = 1', () => {
    const { values } = eig(backend, orrSommerfeld(80, 1e4, 1));
    let at = 0;
    for (let k = 0; k < values.length; k += 2) if (values[k]! > values[at]!) at = k;
    expectClose(values[at]!, 0.00373967, 1e-7, 'growth rate');
    expectClose(values[at + 1]!, -0.23752649, 1e-7, 'frequency');
  });

  it('of gallery(3): 1, 2, 3', () => {
    expectEigenvalues(gallery3(), real([1, 2, 3]));
  });

  it('of Wilkinson’s bidiagonal matrix, with its condition numbers', () => {
    const n = 10;
    const { values, conditionNumbers } = conditionedEigenvalues(backend, wilkinson(n));
    for (let k = 0; k < n; k++) {
      expectClose(values[2 * k]!, (k + 1) / n, 0);
      // x_i = x_{i+1}/(λ_k − λ_i) above place k, y_i = y_{i−1}/(λ_k − λ_i) below it.
      let [right, left] = [1, 1];
      for (let i = k - 1, x = 1; i >= 0; i--) {
        x /= (k - i) / n;
        right += x * x;
      }
      for (let i = k + 1, y = 1; i < n; i++) {
        y /= (k - i) / n;
        left += y * y;
      }
      expectClose(conditionNumbers[k]! / Math.sqrt(right * left), 1, 1e-6, `condition ${k}`);
    }
  });

  it('of Hatano and Nelson’s chain: those of the symmetric chain to which it is similar', () => {
    const a = hatano(12, 0.4);
    const symmetric = tridiagonal(12, 1, 0, 1);
    for (let i = 0; i < 12; i++) symmetric.data[13 * i] = a.at(i, i);
    expectEigenvalues(a, real([...eigenvaluesHermitian(backend, symmetric)]));
  });

  it.each([
    ['Olmstead', OLMSTEAD],
    ['Brusselator', BRUSSELATOR],
  ] as const)('of %s: mode by mode', (_, parameters) => {
    const m = 8;
    expectEigenvalues(
      coupled(m, parameters),
      differences(m).flatMap((mode) => modesOf(parameters, mode)),
    );
  });

  it('of the skew Laplacian: sums of three', () => {
    const one = range(3).map((k) => 2 + 2 * Math.sqrt(0.75) * Math.cos(((k + 1) * Math.PI) / 4));
    const exact = one.flatMap((x) => one.flatMap((y) => one.map((z) => x + y + z)));
    expectEigenvalues(skewLaplacian(3, -1.5, 2, -0.5), real(exact), 1e-12);
  });

  it('of upwinded finite elements: sine modes across the wind, a tridiagonal matrix along it', () => {
    for (const [n, nu] of [
      [6, 0.01],
      [5, 0.2],
    ] as const) {
      const h = 1 / (n + 1);
      const delta = Math.max(0, 0.5 - nu / h);
      const exact = range(n).flatMap((k) => {
        const cosine = Math.cos(((k + 1) * Math.PI) / (n + 1));
        const [mass, stiffness] = [(h * (2 + cosine)) / 3, (2 - 2 * cosine) / h];
        const on = (nu * stiffness * 2 * h) / 3 + (mass * (2 * nu + 2 * delta * h)) / h;
        const beside = (nu * stiffness * h) / 6 - (mass * (nu + delta * h)) / h;
        const square = (beside - mass / 2) * (beside + mass / 2);
        return range(n).map((j): Pair => {
          const size = 2 * Math.sqrt(Math.abs(square)) * Math.cos(((j + 1) * Math.PI) / (n + 1));
          return square < 0 ? [on, size] : [on + size, 0];
        });
      });
      expectEigenvalues(supg(n, nu), exact);
    }
  });

  it('of Tolosa’s free modes and lags', () => {
    const m = 12;
    const modes = range(m).flatMap((i): Pair[] => {
      const { frequency, damping } = tolosaMode(i, 0);
      const [re, im] = [-frequency * damping, frequency * Math.sqrt(1 - damping * damping)];
      return [
        [re, im],
        [re, -im],
      ];
    });
    expectEigenvalues(tolosa(m), [...modes, ...real([-12.098, -24.196, -36.294])]);
  });

  it('of a random walk: 1, and −1 for its two colours', () => {
    expectEigenvalues(markov(6), real([1, -1]));
  });
});

it('convection by central differences turns no energy: the numerical abscissa of the elliptic matrix is that without wind', () => {
  const [still, windy] = [0, -20].map((drift) => numericalRange(backend, matpde(6, drift)).abscissa);
  expectClose(windy! / still!, 1, 1e-13);
});

describe('what rounding hides', () => {
  it.each([
    ['gallery(5)', gallery5()],
    ['differentiation of polynomials', chebyshevDerivative(12)],
    ['limaçon', toeplitz(12, (k) => (k === 1 || k === 2 ? 1 : 0))],
    ['Godunov', godunov()],
  ] as const)('%s raises a warning', (_, a) => {
    const { warnings, uncertainty, eigenvalues } = spectralSummary(backend, a);
    expect(warnings.join(' ')).toMatch(/Rounding cannot tell \d+ eigenvalues apart/);
    // The doubt is as large as the error: the exact eigenvalues are 0, or (Godunov) at most 4.
    const worst = uncertainty.reduce((high, doubt) => Math.max(high, doubt), 0);
    const largest = range(a.rows).reduce(
      (high, k) => Math.max(high, Math.hypot(eigenvalues[2 * k]!, eigenvalues[2 * k + 1]!)),
      0,
    );
    expect(worst).toBeGreaterThanOrEqual(Math.max(0, largest - 4));
  });
});

describe('rectangular pseudospectra', () => {
  it('of the (n + 1)×n shift: σ² = 1 + |z|² − 2|z| cos(π/(n + 1))', () => {
    for (const n of [1, 4, 9]) {
      const shift = new Matrix(n + 1, n);
      for (let j = 0; j < n; j++) shift.data[(j + 1) * n + j] = 1;
      const points = [0, 0, 1, 0, 0.6, 0.8, -0.5, 0.25, 2, -1];
      const found = rectangularSigmaMin(backend, shift, Float64Array.from(points));
      for (let k = 0; k < 5; k++) {
        const size = Math.hypot(points[2 * k]!, points[2 * k + 1]!);
        const expected = Math.sqrt(1 + size * size - 2 * size * Math.cos(Math.PI / (n + 1)));
        expectClose(found[k]!, expected, 1e-14, `n = ${n}, point ${k}`);
      }
    }
  });
});

describe('unstable matrices', () => {
  it('are refused with the eigenvalue that makes them so', () => {
    expect(() => kreissConstant(backend, coupled(8, BRUSSELATOR), 'half-plane')).toThrow(
      /but 0\.\d+ [+−] 2\.\d+i has real part/,
    );
    expect(() => kreissConstant(backend, gallery3(), 'disc')).toThrow(
      /but 3\.0*\d* \+ 0i has modulus 3|but 2\.9+\d* \+ 0i has modulus 2\.9/,
    );
  });
});

/** Roots of the 2×2 matrix of one mode of the difference operator. */
function modesOf({ a, b, c, d, e, f, g }: Coupled, mode: number): Pair[] {
  const [p, q, r, s] = [a * mode + b, c * mode + d, e, f * mode + g];
  const half = (p + s) / 2;
  const square = half * half - (p * s - q * r);
  const root = Math.sqrt(Math.abs(square));
  if (square < 0)
    return [
      [half, root],
      [half, -root],
    ];
  return real([half + root, half - root]);
}

/** The column that every column of the powers of a shuffle tends to. */
function limitOf(a: Matrix): Float64Array {
  let x = new Float64Array(a.rows).fill(1 / a.rows);
  for (let step = 0; step < 80; step++)
    x = Float64Array.from(x, (_, i) => rowOf(a, i).reduce((sum, y, j) => sum + y * x[j]!, 0));
  return x;
}
