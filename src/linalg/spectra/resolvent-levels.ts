import type { Backend } from '../../backend/backend.ts';
import { cos, sin } from '../../math/trig.ts';
import { eig } from '../eigen/eig.ts';
import { solve } from '../factorisations/lu.ts';
import { ComplexMatrix } from '../matrix/matrix.ts';
import { Resolvent, type ResolventOf } from '../resolvent/resolvent.ts';
import { singularValues } from '../svd/svd.ts';
import { argument, type Sweep } from './regions.ts';

/** Relative error of values of σ_min(z − A). */
const SIGMA_TOLERANCE = 1e-12;
/** Singular values this near ε, relatively, at all angles that are tried make a circle on which σ = ε. */
const SAME = 1e-10;
/** Angles tried for the point about which a circle is unrolled. */
const ANGLES = 8;

/**
 * σ_min(z − A) of one matrix, and where it has a given value ε on lines and circles. Those places are eigenvalues of matrices of order 2n:
 * with B = A − x, σ(B − iy) = ε for some singular value if and only if
 *
 *     [[B, −ε], [ε, −B*]] has the eigenvalue iy   (on the line Re z = x),
 *     [[A − iy, −ε], [−ε, (A − iy)*]] has the eigenvalue x   (on the line Im z = y),
 *     [[A, −ε], [0, r]] − λ·[[r, 0], [−ε, A*]] is singular at λ = e^{iθ}   (on the circle |z| = r).
 *
 * Rounding moves them off the axis or circle. So no tolerance selects among them: every eigenvalue gives a place where σ_min may cross ε, and
 * {@link sigma} between neighbouring places decides.
 *
 * @source R. Byers, SIAM J. Sci. Stat. Comput. 9 (1988) 875; E. Mengi, M. L. Overton, IMA J. Numer. Anal. 25 (2005) 648.
 */
export class ResolventLevels {
  readonly backend: Backend;
  readonly n: number;
  /** Eigenvalues, interleaved. */
  readonly values: Float64Array;
  /** n·u·‖A‖_F: values of σ_min of this size say nothing. */
  readonly noise: number;
  readonly #t: ComplexMatrix;
  readonly #resolvent: Resolvent;

  /** Arguments and errors as of {@link smallestSingularValues}. */
  constructor(where: string, backend: Backend, a: ResolventOf) {
    this.backend = backend;
    this.#resolvent = new Resolvent(where, backend, a, { tolerance: SIGMA_TOLERANCE, onFailure: 'report' });
    const { t, noise } = this.#resolvent;
    this.#t = t;
    this.n = t.rows;
    this.noise = noise;
    this.values = Float64Array.from({ length: 2 * this.n }, (_, k) => t.data[(k >> 1) * 2 * (this.n + 1) + (k & 1)]!);
  }

  /** σ_min(z − A) at interleaved points. */
  sigma(points: Float64Array): Float64Array {
    const count = points.length / 2;
    const values = new Float64Array(count);
    const step = this.#resolvent.pointsPerCall;
    for (let first = 0; first < count; first += step) {
      const last = Math.min(count, first + step);
      const part = points.subarray(2 * first, 2 * last);
      this.#resolvent.evaluate(part, values.subarray(first), new Int32Array(last - first));
    }
    return values;
  }

  /** Coordinates along the curve at `level` between which σ_min − ε keeps its sign, unordered. */
  along(sweep: Sweep, level: number, epsilon: number): number[] {
    return sweep.period === null ? this.#alongLine(level, epsilon) : this.#alongCircle(level, epsilon);
  }

  /** Levels at the coordinate `along` between which σ_min − ε keeps its sign, unordered. */
  across(sweep: Sweep, along: number, epsilon: number): number[] {
    // A circle's ray at angle θ is the positive real axis of e^{−iθ}A.
    const [shift, turn] = sweep.period === null ? [along, 0] : [0, along];
    const [c, s] = [cos(turn), -sin(turn)];
    const values = this.#eigenvaluesOf(
      (i, j, diagonal) => {
        const [re, im] = this.#element(i, j);
        const [x, y] = [c * re - s * im, c * im + s * re - (diagonal ? shift : 0)];
        return [x, y, x, -y];
      },
      [-epsilon, -epsilon],
    );
    return everySecond(values, 0);
  }

  #alongLine(x: number, epsilon: number): number[] {
    const values = this.#eigenvaluesOf(
      (i, j, diagonal) => {
        const [re, im] = this.#element(i, j);
        const shifted = diagonal ? re - x : re;
        return [shifted, im, -shifted, im];
      },
      [-epsilon, epsilon],
    );
    return everySecond(values, 1);
  }

  /** Shift and invert about a point of the circle where no singular value is near ε: λ = λ₀ + 1/μ. */
  #alongCircle(r: number, epsilon: number): number[] {
    const { about, distance } = this.#clearAngle(r, epsilon);
    // ε everywhere on the circle, as for a matrix that rotation does not change: then any places will do.
    if (distance <= 8 * this.noise + SAME * epsilon) return Array.from({ length: ANGLES }, (_, k) => angleTried(k));
    const [c, s] = [cos(about), sin(about)];
    const { n } = this;
    const [p, q] = [new ComplexMatrix(2 * n, 2 * n), new ComplexMatrix(2 * n, 2 * n)];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const [re, im] = this.#element(i, j);
        put(p, i, j, re, im);
        put(q, n + j, n + i, re, -im);
      }
      put(p, i, n + i, -epsilon, 0);
      put(p, n + i, n + i, r, 0);
      put(q, i, i, r, 0);
      put(q, n + i, i, -epsilon, 0);
    }
    for (let k = 0; k < p.data.length; k += 2) {
      p.data[k] = p.data[k]! - (c * q.data[k]! - s * q.data[k + 1]!);
      p.data[k + 1] = p.data[k + 1]! - (c * q.data[k + 1]! + s * q.data[k]!);
    }
    const { values } = eig(this.backend, solve(this.backend, p, q), { balance: false });
    const angles: number[] = [];
    for (let k = 0; k < values.length; k += 2) {
      const [x, y] = [values[k]!, values[k + 1]!];
      const square = x * x + y * y;
      // A finite λ near the circle has |μ| ≥ 1/2.
      if (square > 0.01) angles.push(argument(c + x / square, s - y / square));
    }
    return angles;
  }

  /** The one of some angles whose singular values are farthest from ε. */
  #clearAngle(r: number, epsilon: number): { readonly about: number; readonly distance: number } {
    let [about, distance] = [0, -1];
    for (let k = 0; k < ANGLES; k++) {
      const angle = angleTried(k);
      const shifted = new ComplexMatrix(
        this.n,
        this.n,
        this.#t.data.map((x) => -x),
      );
      for (let i = 0; i < this.n; i++) {
        shifted.data[2 * i * (this.n + 1)]! += r * cos(angle);
        shifted.data[2 * i * (this.n + 1) + 1]! += r * sin(angle);
      }
      let nearest = Number.POSITIVE_INFINITY;
      for (const sigma of singularValues(this.backend, shifted)) nearest = Math.min(nearest, Math.abs(sigma - epsilon));
      if (nearest > distance) [about, distance] = [angle, nearest];
    }
    return { about, distance };
  }

  /** Eigenvalues of [[X, a], [b, Y]], X from the first two numbers of an element of T, Y from the others and transposed. */
  #eigenvaluesOf(
    element: (i: number, j: number, diagonal: boolean) => readonly [number, number, number, number],
    [upper, lower]: readonly [number, number],
  ): Float64Array {
    const { n } = this;
    const h = new ComplexMatrix(2 * n, 2 * n);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const [re, im, otherRe, otherIm] = element(i, j, i === j);
        put(h, i, j, re, im);
        put(h, n + j, n + i, otherRe, otherIm);
      }
      put(h, i, n + i, upper, 0);
      put(h, n + i, i, lower, 0);
    }
    return eig(this.backend, h, { balance: false }).values;
  }

  #element(i: number, j: number): readonly [number, number] {
    const at = 2 * (i * this.n + j);
    return [this.#t.data[at]!, this.#t.data[at + 1]!];
  }
}

/** Away from the axes of symmetry. */
function angleTried(k: number): number {
  return 0.4 + (2 * Math.PI * k) / ANGLES - Math.PI;
}

function put(h: ComplexMatrix, i: number, j: number, re: number, im: number): void {
  const at = 2 * (i * h.columns + j);
  h.data[at] = re;
  h.data[at + 1] = im;
}

/** Elements first, first + 2, …. */
function everySecond(values: Float64Array, first: 0 | 1): number[] {
  return Array.from({ length: values.length / 2 }, (_, k) => values[2 * k + first]!);
}
