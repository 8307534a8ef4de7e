/**
 * Matrices of the literature on non-normality, the list of EigTool's demonstrations, each written from its mathematics.
 *
 * L. N. Trefethen, M. Embree, Spectra and Pseudospectra (2005), gives the origin of most.
 */

import { solve } from '../../src/linalg/factorisations/lu.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { tsBackend } from './backends.ts';
import { companion, demmel, frank, godunov, grcar, kahan, tridiagonal } from './gallery.ts';
import { testNumbers } from './numbers.ts';

type Element = number | readonly [re: number, im: number];

const real = (n: number, element: (i: number, j: number) => number): Matrix =>
  new Matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => element(Math.floor(at / n), at % n)),
  );

const complex = (n: number, element: (i: number, j: number) => Element): ComplexMatrix => {
  const a = new ComplexMatrix(n, n);
  for (let at = 0; at < n * n; at++) {
    const value = element(Math.floor(at / n), at % n);
    a.data.set(typeof value === 'number' ? [value, 0] : value, 2 * at);
  }
  return a;
};

/** Row i, not copied. */
export const rowOf = ({ data, columns }: Matrix, i: number): Float64Array =>
  data.subarray(i * columns, (i + 1) * columns);

const times = (a: Matrix, b: Matrix): Matrix =>
  real(a.rows, (i, j) => rowOf(a, i).reduce((sum, x, k) => sum + x * b.at(k, j), 0));

/** Toeplitz with a_{i−j} on its diagonals, from the coefficients of the symbol Σ a_k t^k. */
export const toeplitz = (n: number, coefficient: (k: number) => Element): ComplexMatrix =>
  complex(n, (i, j) => coefficient(i - j));

/** Nodes cos(jπ/n), j = 0 … n. */
const chebyshevNodes = (n: number): number[] => Array.from({ length: n + 1 }, (_, j) => Math.cos((j * Math.PI) / n));

/** Differentiation of the polynomial through values at the Chebyshev nodes, nilpotent; the diagonal makes rows sum to 0. */
export function chebyshevDerivative(n: number): Matrix {
  const x = chebyshevNodes(n);
  const weight = (j: number) => (j % 2 === 0 ? 1 : -1) * (j === 0 || j === n ? 2 : 1);
  const off = real(n + 1, (i, j) => (i === j ? 0 : weight(i) / weight(j) / (x[i]! - x[j]!)));
  return real(n + 1, (i, j) => (i === j ? -rowOf(off, i).reduce((sum, value) => sum + value, 0) : off.at(i, j)));
}

/** Rows and columns 1 … n − 1: functions that vanish at both ends. */
const interior = (a: Matrix): Matrix => real(a.rows - 2, (i, j) => a.at(i + 1, j + 1));

/** ε u″ + i x u on (−1, 1), u(±1) = 0. */
export function airy(n: number, epsilon: number): ComplexMatrix {
  const d = chebyshevDerivative(n + 1);
  const second = interior(times(d, d));
  const x = chebyshevNodes(n + 1);
  return complex(n, (i, j) => [epsilon * second.at(i, j), i === j ? x[i + 1]! : 0]);
}

/** Basor, Morrison: the symbol θ·e^{iθ} on (0, 2π), which jumps; θ = π + Σ i e^{imθ}/m. */
export const basor = (n: number): ComplexMatrix => toeplitz(n, (k) => (k === 1 ? Math.PI : [0, 1 / (k - 1)]));

/** u′ on (−1, 1), u(1) = 0: the operator has no eigenvalues, the matrix some of size n². */
export function chebspec(n: number): Matrix {
  const d = chebyshevDerivative(n);
  return real(n, (i, j) => d.at(i + 1, j + 1));
}

/** u″ + u′ on (0, d), u = 0 at both ends: eigenvalues −1/4 − (πk/d)². */
export function convectionDiffusion(n: number, d: number): Matrix {
  const first = chebyshevDerivative(n + 1);
  const [one, two] = [interior(first), interior(times(first, first))];
  return real(n, (i, j) => (two.at(i, j) * 4) / (d * d) + (one.at(i, j) * 2) / d);
}

/** Davies: −u″ + i x² u on (−L, L): eigenvalues near e^{iπ/4}(2k + 1). */
export function davies(n: number, half: number): ComplexMatrix {
  const first = chebyshevDerivative(n + 1);
  const two = interior(times(first, first));
  const x = chebyshevNodes(n + 1);
  return complex(n, (i, j) => [-two.at(i, j) / (half * half), i === j ? (half * x[i + 1]!) ** 2 : 0]);
}

/** MATLAB's gallery(3): eigenvalues 1, 2, 3. */
export const gallery3 = (): Matrix =>
  Matrix.fromRows([
    [-149, -50, -154],
    [537, 180, 546],
    [-27, -9, -25],
  ]);

/** MATLAB's gallery(5): its fifth power is 0. */
export const gallery5 = (): Matrix =>
  Matrix.fromRows([
    [-9, 11, -21, 63, -252],
    [70, -69, 141, -421, 1684],
    [-575, 575, -1149, 3451, -13801],
    [3891, -3891, 7782, -23345, 93365],
    [1024, -1024, 2048, -6144, 24572],
  ]);

/** −(D + L)⁻¹U of the tridiagonal matrix (below, 2, above): eigenvalues below·above·cos²(kπ/(n + 1)), and 0. */
export function gaussSeidel(n: number, below: number, above: number): Matrix {
  const a = new Matrix(n, n);
  for (let j = 1; j < n; j++) {
    // Column j of U has one element; (D + L) x = −above·e_{j−1} by forward substitution.
    a.data[(j - 1) * n + j] = -above / 2;
    for (let i = j; i < n; i++) a.data[i * n + j] = (-below * a.data[(i - 1) * n + j]!) / 2;
  }
  return a;
}

/** Hatano, Nelson: e^{−g} below, e^g above a random diagonal. */
export const hatano = (n: number, g: number): Matrix => {
  const disorder = testNumbers(n, 31);
  return real(n, (i, j) => (i === j ? 1.5 * disorder[i]! : j === i + 1 ? Math.exp(g) : j === i - 1 ? Math.exp(-g) : 0));
};

/** Gauss–Legendre nodes and weights on (−1, 1) by Newton's method. */
function gaussLegendre(n: number): { readonly x: number[]; readonly w: number[] } {
  const [x, w]: [number[], number[]] = [[], []];
  for (let k = 0; k < n; k++) {
    let node = -Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 8; step++) {
      let [before, value] = [1, node];
      for (let m = 2; m <= n; m++) [before, value] = [value, ((2 * m - 1) * node * value - (m - 1) * before) / m];
      slope = (n * (node * value - before)) / (node * node - 1);
      node -= value / slope;
    }
    x.push(node);
    w.push(2 / ((1 - node * node) * slope * slope));
  }
  return { x, w };
}

/** Landau: √(iF) ∫ e^{−iπF(x − y)²} u(y) dy on (−1, 1), with the weights' roots on both sides. */
export function landau(n: number, F: number): ComplexMatrix {
  const { x, w } = gaussLegendre(n);
  return complex(n, (i, j) => {
    const size = Math.sqrt(F * w[i]! * w[j]!);
    const angle = Math.PI / 4 - Math.PI * F * (x[i]! - x[j]!) ** 2;
    return [size * Math.cos(angle), size * Math.sin(angle)];
  });
}

/** Upper triangular with independent elements over √n. */
export const randomTriangular = (n: number): Matrix => {
  const data = testNumbers(n * n, 32);
  return real(n, (i, j) => (j < i ? 0 : data[i * n + j]! / Math.sqrt(n)));
};

/** Riffle shuffle by rising sequences: 2^{−n}·C(n + 1, 2i − j), 1-based; eigenvalues 2^{−k}, k = 0 … n − 1 (Bayer, Diaconis). */
export const riffle = (n: number): Matrix => real(n, (i, j) => binomial(n + 1, 2 * (i + 1) - (j + 1)) / 2 ** n);

function binomial(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

/** 0.4(diag(e^{ix}) + S) − ½ with x = 2πj/n, S the cyclic shift: both powers and exponentials grow before they decay. */
export const transient = (n: number): ComplexMatrix =>
  complex(n, (i, j) => {
    const angle = (2 * Math.PI * i) / n;
    if (i === j) return [0.4 * Math.cos(angle) - 0.5, 0.4 * Math.sin(angle)];
    return j === (i + 1) % n ? 0.4 : 0;
  });

/** Twisted Toeplitz, the symbol 2 sin x + 2i sin θ (Trefethen, Chapman). */
export const twistedToeplitz = (n: number): Matrix =>
  real(n, (i, j) =>
    i === j ? 2 * Math.sin((2 * Math.PI * i) / n) : j === (i + 1) % n ? 1 : i === (j + 1) % n ? -1 : 0,
  );

/** Wilkinson: k/n on the diagonal, 1 above it. */
export const wilkinson = (n: number): Matrix => real(n, (i, j) => (i === j ? (i + 1) / n : j === i + 1 ? 1 : 0));

/** Random walk on a triangular grid (Saad): to either side towards the axes with (x + y)/(2(m − 1)), away with the rest. */
export function markov(m: number): Matrix {
  const sites: [number, number][] = [];
  for (let y = 0; y < m; y++) for (let x = 0; x + y < m; x++) sites.push([x, y]);
  return real(sites.length, (to, from) => {
    const [[x, y], [u, v]] = [sites[from]!, sites[to]!];
    const down = (x + y) / (m - 1) / 2;
    const up = 0.5 - down;
    let chance = 0;
    // A step that would leave through an axis is made in the other direction.
    if (v === y && u === x - 1) chance += down * (y === 0 ? 2 : 1);
    if (u === x && v === y - 1) chance += down * (x === 0 ? 2 : 1);
    if (v === y && u === x + 1) chance += up;
    if (u === x && v === y + 1) chance += up;
    return chance;
  });
}

/** −μ_k, the eigenvalues of the second difference with m points on (0, 1). */
export const differences = (m: number): number[] =>
  Array.from({ length: m }, (_, k) => -4 * (m + 1) ** 2 * Math.sin(((k + 1) * Math.PI) / (2 * (m + 1))) ** 2);

/** Two fields coupled through the second difference Δ of m points: [[aΔ + b, cΔ + d], [e, fΔ + g]]. */
export interface Coupled {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly g: number;
}

export const coupled = (m: number, { a, b, c, d, e, f, g }: Coupled): Matrix => {
  const scale = (m + 1) ** 2;
  return real(2 * m, (row, column) => {
    const [i, j] = [row % m, column % m];
    const delta = i === j ? -2 * scale : Math.abs(i - j) === 1 ? scale : 0;
    const one = i === j ? 1 : 0;
    if (row < m) return column < m ? a * delta + b * one : c * delta + d * one;
    return column < m ? e * one : f * delta + g * one;
  });
};

/** Olmstead: (1 − C)v″ + C u″ + R u, (u − v)/B with C = 0.1, R = 4.7, B = 2. */
export const OLMSTEAD: Coupled = { a: 0.1, b: 4.7, c: 0.9, d: 0, e: 0.5, f: 0, g: -0.5 };
/** The Brusselator about its fixed point, α = 2, β = 5.45, diffusion 0.008 and 0.004 over 0.51302². */
export const BRUSSELATOR: Coupled = {
  a: 0.008 / 0.51302 ** 2,
  b: 5.45 - 1,
  c: 0,
  d: 4,
  e: -5.45,
  f: 0.004 / 0.51302 ** 2,
  g: -4,
};

/** The Kronecker sum of three tridiagonal matrices. */
export const skewLaplacian = (m: number, below: number, on: number, above: number): Matrix =>
  real(m ** 3, (row, column) => {
    const at = (k: number) => [k % m, Math.floor(k / m) % m, Math.floor(k / (m * m))];
    const [r, c] = [at(row), at(column)];
    const apart = [0, 1, 2].filter((axis) => r[axis] !== c[axis]);
    if (apart.length === 0) return 3 * on;
    if (apart.length > 1) return 0;
    const step = c[apart[0]!]! - r[apart[0]!]!;
    return step === 1 ? above : step === -1 ? below : 0;
  });

/** Companion of the truncated exponential, zⁿ + n zⁿ⁻¹ + n(n − 1) zⁿ⁻² + … + n!. */
export const exponentialCompanion = (n: number): Matrix => {
  let coefficient = 1;
  const row = Array.from({ length: n }, (_, k) => {
    coefficient *= n - k;
    return -coefficient;
  });
  return real(n, (i, j) => (i === 0 ? row[j]! : i === j + 1 ? 1 : 0));
};

/** Symbols whose Toeplitz matrices are known by their pictures. */
const SYMBOLS: Readonly<Record<string, Readonly<Record<number, Element>>>> = {
  'triangle: 1/t + t²/4': { [-1]: 1, 2: 0.25 },
  'limaçon: t + t²': { 1: 1, 2: 1 },
  'bull’s head: 2it⁻¹ + t² + 7t³/10': { [-1]: [0, 2], 2: 1, 3: 0.7 },
  'butterfly: t² − it + i/t − 1/t²': { 2: 1, 1: [0, -1], [-1]: [0, 1], [-2]: -1 },
};

/** Tri(below, on, above) of order n as a function of its indices. */
const tri = (below: number, on: number, above: number) => (i: number, j: number) =>
  i === j ? on : j === i + 1 ? above : i === j + 1 ? below : 0;

/**
 * Streamline-upwind Petrov–Galerkin on n×n bilinear elements' inner nodes of the unit square, −ν∇²u + ∂_y u, in Kronecker products of the
 * line's matrices: ν(K⊗M + M⊗K) + (C + δhK)⊗M with mass M, stiffness K, convection C and δ = max(0, ½ − ν/h)
 * (B. Fischer, A. Ramage, D. J. Silvester, A. J. Wathen, Comput. Methods Appl. Mech. Eng. 179 (1999) 185).
 */
export function supg(n: number, nu: number): Matrix {
  const h = 1 / (n + 1);
  const delta = Math.max(0, 0.5 - nu / h);
  const mass = tri(h / 6, (2 * h) / 3, h / 6);
  const stiffness = tri(-1 / h, 2 / h, -1 / h);
  const convection = tri(-0.5, 0, 0.5);
  return real(n * n, (row, column) => {
    const [y, x, v, u] = [Math.floor(row / n), row % n, Math.floor(column / n), column % n];
    const along = nu * stiffness(y, v) + convection(y, v) + delta * h * stiffness(y, v);
    return nu * mass(y, v) * stiffness(x, u) + along * mass(x, u);
  });
}

/**
 * h² times −∂_x(e^{−xy}∂_x u) − ∂_y(e^{xy}∂_y u) + r∂_x u + ∂_x(ru) + u/(1 + x + y), r = drift·(x + y), by central differences on the inner
 * nodes of the unit square, x fastest: at n = 30 and drift −20 the matrix pde900 of the NEP collection (Bai, Day, Demmel, Dongarra 1996).
 */
export function matpde(n: number, drift: number): Matrix {
  const h = 1 / (n + 1);
  return real(n * n, (row, column) => {
    const [x, y] = [((row % n) + 1) * h, (Math.floor(row / n) + 1) * h];
    const [dx, dy] = [(column % n) - (row % n), Math.floor(column / n) - Math.floor(row / n)];
    const p = (side: number) => Math.exp(-(x + (side * h) / 2) * y);
    const q = (side: number) => Math.exp(x * (y + (side * h) / 2));
    if (dx === 0 && dy === 0) return p(1) + p(-1) + q(1) + q(-1) + (h * h) / (1 + x + y);
    if (dx === 0 && Math.abs(dy) === 1) return -q(dy);
    if (dy === 0 && Math.abs(dx) === 1) return -p(dx) + (dx * h * drift * (2 * x + dx * h + 2 * y)) / 2;
    return 0;
  });
}

/**
 * Flutter of an aircraft with m modes u″ = Cu′ − Ω²u and three lags w_j′ = u′ − 12.098·j·w_j each, in the variables (u, u′, w_1, w_2, w_3): the
 * matrices Tolosa of the NEP collection. There m = 218 for tols1090 and the first 18 modes are coupled by measured numbers; here the
 * first alone, `coupled`, feels its lags, with numbers of that size. The free modes have Ω = 6(i + 8) and damping ratio 0.001 + 0.001495(i − c).
 */
export function tolosa(m: number, coupled: readonly (readonly number[])[] = []): Matrix {
  return real(5 * m, (row, column) => {
    const [block, i, from, j] = [Math.floor(row / m), row % m, Math.floor(column / m), column % m];
    if (i !== j) return 0;
    if (block === 0) return from === 1 ? 1 : 0;
    if (block > 1) return from === 1 ? 1 : from === block ? -12.098 * (block - 1) : 0;
    if (i < coupled.length) return coupled[i]![from]!;
    const { frequency, damping } = tolosaMode(i, coupled.length);
    return from === 0 ? -(frequency ** 2) : from === 1 ? -2 * damping * frequency : 0;
  });
}

/** A free mode of {@link tolosa}: eigenvalues Ω(−ζ ± i√(1 − ζ²)). */
export const tolosaMode = (i: number, coupled: number) => ({
  frequency: 6 * (i + 8),
  damping: 0.001 + 0.001495 * (i - coupled),
});

/** Independent elements of variance 1/n. */
export const randomDense = (n: number): Matrix => {
  const data = testNumbers(n * n, 33);
  return real(n, (i, j) => Math.sqrt(3 / n) * data[i * n + j]!);
};

/** 3e^{−j/10} on the diagonal, ½ above it, and about ten random elements a row of size 0.1 (Wright, Trefethen). */
export const sparseRandom = (n: number): Matrix => {
  const [noise, place] = [testNumbers(n * n, 34), testNumbers(n * n, 35)];
  return real(n, (i, j) => {
    const element = (place[i * n + j]! + 1) / 2 < 10 / n ? 0.1 * Math.sqrt(3) * noise[i * n + j]! : 0;
    return element + (i === j ? 3 * Math.exp(-i / 10) : j === i + 1 ? 0.5 : 0);
  });
};

/** (D² − α²)⁻¹[(D² − α²)²/R − 2iα − iα(1 − y²)(D² − α²)]: plane Poiseuille flow, u = u′ = 0 at the walls (Trefethen, Spectral Methods, p. 40). */
export function orrSommerfeld(n: number, R: number, alpha: number): ComplexMatrix {
  const d = chebyshevDerivative(n);
  const m = n - 1;
  const y = (i: number) => Math.cos(((i + 1) * Math.PI) / n);
  const second = times(d, d);
  const [third, fourth] = [times(second, d), times(second, second)];
  // p = (1 − y²)q has p = p′ = 0 at the walls: p⁗ = (1 − y²)q⁗ − 8y q‴ − 12q″.
  const two = (i: number, j: number) => second.at(i + 1, j + 1);
  const four = (i: number, j: number) =>
    ((1 - y(i) ** 2) * fourth.at(i + 1, j + 1) - 8 * y(i) * third.at(i + 1, j + 1) - 12 * two(i, j)) / (1 - y(j) ** 2);
  const square = alpha * alpha;
  const laplace = (i: number, j: number) => two(i, j) - (i === j ? square : 0);
  const right = complex(m, (i, j) => [
    (four(i, j) - 2 * square * two(i, j) + (i === j ? square * square : 0)) / R,
    (i === j ? -2 * alpha : 0) - alpha * (1 - y(i) ** 2) * laplace(i, j),
  ]);
  return solve(tsBackend, complex(m, laplace), right) as ComplexMatrix;
}

/** Every matrix once, at the order of make-nonnormal.py. */
export const nonnormalGallery: ReadonlyMap<string, AnyMatrix> = new Map<string, AnyMatrix>([
  ['airy', airy(14, 0.02)],
  ['basor', basor(12)],
  ['chebspec', chebspec(10)],
  ['companion', exponentialCompanion(6)],
  ['convdiff', convectionDiffusion(14, 10)],
  ['convdiff_fd', tridiagonal(12, 1.6, -2, 0.4)],
  ['davies', davies(14, 4)],
  ['demmel', demmel(6, 10)],
  ['frank', frank(9)],
  ['gallery3', gallery3()],
  ['gallery5', gallery5()],
  ['gaussseidel C', gaussSeidel(12, -1, -1)],
  ['gaussseidel D', gaussSeidel(12, -1.75, -0.25)],
  ['gaussseidel U', gaussSeidel(12, -0.25, -1.75)],
  ['godunov', godunov()],
  ['grcar', grcar(14)],
  ['hatano', hatano(12, 0.4)],
  ['kahan', kahan(12, 1.2)],
  ['landau', landau(14, 3)],
  ['orrsommerfeld', orrSommerfeld(15, 5772, 1)],
  ['pde', matpde(4, -20)],
  ['random', randomDense(14)],
  ['randomtri', randomTriangular(12)],
  ['riffle', riffle(9)],
  ['sparserandom', sparseRandom(14)],
  ['supg', supg(4, 0.01)],
  ['tolosa', tolosa(3, [[-200, -0.6, -60, 218, -244]])],
  ['transient', transient(12)],
  ['twisted', twistedToeplitz(12)],
  ['wilkinson', wilkinson(10)],
  ['wilkinson companion', companion([1, 2, 3, 4, 5])],
  ['markov', markov(5)],
  ['olmstead', coupled(5, OLMSTEAD)],
  ['rdbrusselator', coupled(5, BRUSSELATOR)],
  ['skewlap3d', skewLaplacian(2, -1.5, 2, -0.5)],
  ...Object.entries(SYMBOLS).map(([name, symbol]) => [name, toeplitz(12, (k) => symbol[k] ?? 0)] as const),
]);
