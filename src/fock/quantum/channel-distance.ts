import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkWord64, fillUniform } from '../../core/philox.ts';
import { compensatedSum } from '../../core/sums.ts';
import { eigenvaluesHermitian, eigh } from '../../linalg/eigen/eigh.ts';
import { qr } from '../../linalg/factorisations/qr.ts';
import { checkHermitian } from '../../linalg/matrix/arguments.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';
import { singularValues } from '../../linalg/svd/svd.ts';
import { type Channel, krausOperators } from './channel.ts';
import {
  checkDense,
  checkSize,
  combination,
  complexIdentity,
  diagonalOf,
  hermitianPart,
  scaleColumns,
  sideBySide,
  squaredNorm,
} from './complex.ts';

/** What the trace of an input may differ from 1 by. */
const TRACE_TOLERANCE = 1e-10;

/**
 * Process (entanglement) fidelity of two channels: the fidelity of their Choi states, F(J_A/d, J_B/d). For an isometry B = V·V† it is
 * ⟨V|J_A|V⟩/d², the entanglement fidelity with V.
 *
 * @throws ShapeError unless the dimensions agree; DomainError unless both are completely positive.
 * @accuracy as rootFidelity of factored states.
 * @source B. Schumacher, Phys. Rev. A 54 (1996) 2614; M. Raginsky, Phys. Lett. A 290 (2001) 11.
 */
export function processFidelity(backend: Backend, a: Channel, b: Channel): number {
  checkAlike('processFidelity', a, b);
  const [x, y] = [choiFactor(backend, a), choiFactor(backend, b)];
  const root =
    compensatedSum(singularValues(backend, multiply(backend, x, y, { opA: 'conjugate-transpose' }))) / a.inputs;
  return Math.min(1, root * root);
}

/**
 * Entanglement fidelity of a channel with an isometry V at the input ρ, F_e = Σ_e |Tr[V†K_e ρ]|²: how well it does what V does, on ρ and on
 * what ρ is entangled with. At ρ = 1/d it is the process fidelity.
 *
 * @param kraus Kraus operators of the channel, of V's shape.
 * @param rho d×d, of trace 1.
 * @throws ShapeError unless there are operators and the shapes fit; DomainError unless ρ is Hermitian and Tr ρ = 1, both to 1e-10;
 * NonFiniteError.
 * @source B. Schumacher, Phys. Rev. A 54 (1996) 2614.
 */
export function entanglementFidelity(
  backend: Backend,
  kraus: readonly ComplexMatrix[],
  isometry: ComplexMatrix,
  rho: ComplexMatrix,
): number {
  const where = 'entanglementFidelity';
  const { rows, columns } = isometry;
  checkInteger(where, 'the number of operators', kraus.length, 1);
  checkSize(where, 'isometry', isometry, rows, columns);
  for (const [e, operator] of kraus.entries()) checkSize(where, `operator ${e}`, operator, rows, columns);
  checkSize(where, 'rho', rho, columns, columns);
  checkHermitian(where, rho, 'Give a density matrix.');
  const trace = compensatedSum(diagonalOf(rho));
  if (!(Math.abs(trace - 1) <= TRACE_TOLERANCE))
    throw new DomainError(`${where}: rho must have trace 1 to ${TRACE_TOLERANCE}, but it is ${trace}. Divide by it.`);
  const image = multiply(backend, isometry, rho);
  return compensatedSum(
    kraus.map((operator) => {
      // Tr[V†Kρ] = Tr[(Vρ)†K]
      const overlaps = multiply(backend, image, operator, { opA: 'conjugate-transpose' });
      let [re, im] = [0, 0];
      for (let i = 0; i < overlaps.rows; i++) {
        re += overlaps.data[2 * (i * overlaps.columns + i)]!;
        im += overlaps.data[2 * (i * overlaps.columns + i) + 1]!;
      }
      return re * re + im * im;
    }),
  );
}

/** Columns vec K_e with J = X X†. */
function choiFactor(backend: Backend, channel: Channel): ComplexMatrix {
  const order = channel.inputs * channel.outputs;
  return sideBySide(
    order,
    krausOperators(backend, channel).map(({ data }) => new ComplexMatrix(order, 1, data)),
  );
}

/** Bounds of ‖E − F‖_◇, which is at most 2 for two channels: ½‖E − F‖_◇ is the best bias in telling them apart in one use. */
export interface DiamondBounds {
  /** The larger of ‖J‖₁/d and what the optimised input reaches: ‖((E − F) ⊗ 1)(uu†)‖₁. */
  readonly lower: number;
  /** ‖Tr_out |J|‖_∞ */
  readonly upper: number;
  /** ‖J‖₁/d, the value at the maximally entangled input. */
  readonly choiLower: number;
  /** Steps of the optimisation from its best start. */
  readonly steps: number;
}

export interface DiamondOptions {
  /** Starts besides the maximally entangled input; default 4. */
  readonly starts?: number;
  /** Largest number of steps from each start; default 100. */
  readonly maxSteps?: number;
  /** Seed of the random starts; default 0. */
  readonly seed?: bigint;
}

/** Eigenvalues of J up to this much of the largest are rounding. */
const RANK_TOLERANCE = 1e-14;
/** Relative gain below which the ascent stops. */
const LEAST_GAIN = 1e-8;

/**
 * Bounds of the diamond norm of the difference of two maps that keep operators Hermitian, J = J(E) − J(F):
 *
 *   ‖J‖₁/d ≤ max_u ‖((E−F) ⊗ 1)(uu†)‖₁ = ‖E − F‖_◇ ≤ ‖Tr_out |J|‖_∞.
 *
 * The maximum is sought by an ascent: P = sign of ((E−F) ⊗ 1)(uu†), then u the top eigenvector of ((E−F)* ⊗ 1)(P). No step lowers the
 * value; a local maximum can remain, so it is a lower bound. Starts are drawn from `seed`.
 *
 * @throws ShapeError unless the dimensions agree; CapacityError.
 * @accuracy both bounds to about 10·(Dd)²·u.
 * @cost O((Dd)³), and O(d⁶ + r²d³(D + d)) a step, r the rank of J.
 * @source J. Watrous, The Theory of Quantum Information (2018), §3.3 (the norm and its bounds); the ascent is ours.
 */
export function diamondBounds(
  backend: Backend,
  a: Channel,
  b: Channel,
  { starts = 4, maxSteps = 100, seed = 0n }: DiamondOptions = {},
): DiamondBounds {
  checkAlike('diamondBounds', a, b);
  checkInteger('diamondBounds', 'starts', starts, 0);
  checkInteger('diamondBounds', 'maxSteps', maxSteps, 1);
  checkWord64('diamondBounds', 'seed', seed);
  const { inputs: d, outputs: D } = a;
  checkDense('diamondBounds', 'the matrix of inputs', d * d, d * d);
  const j = combination(1, a.choi, -1, b.choi);
  const { values, vectors } = eigh(backend, j);
  const choiLower = compensatedSum(values.map(Math.abs)) / d;
  const absolute = multiply(backend, scaleColumns(vectors, values.map(Math.abs)), vectors, {
    opB: 'conjugate-transpose',
  });
  const upper = Math.max(0, eigenvaluesHermitian(backend, traceOutput(absolute, d, D)).at(-1)!);
  let best = { value: choiLower, steps: 0 };
  if (choiLower > 0) {
    const factor = signedFactor(values, vectors);
    for (let start = 0; start <= starts; start++) {
      const u = start === 0 ? maximallyEntangled(d) : randomInput(d, seed, BigInt(start));
      const found = ascend(backend, factor, u, maxSteps);
      if (found.value > best.value) best = found;
    }
  }
  return { lower: best.value, upper: Math.max(upper, best.value), choiLower, steps: best.steps };
}

/** J = Y diag(signs) Y† with Y of D·d×r: the eigenvectors scaled by √|λ|, those of rounding left out. */
interface SignedFactor {
  readonly y: ComplexMatrix;
  readonly signs: Float64Array;
}

function signedFactor(values: Float64Array, vectors: ComplexMatrix): SignedFactor {
  const least = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) * RANK_TOLERANCE;
  const kept = Array.from(values.keys()).filter((e) => Math.abs(values[e]!) > least);
  const y = new ComplexMatrix(vectors.rows, kept.length);
  for (let x = 0; x < y.rows; x++) {
    for (const [column, e] of kept.entries()) {
      const from = 2 * (x * vectors.columns + e);
      const size = Math.sqrt(Math.abs(values[e]!));
      y.data.set([size * vectors.data[from]!, size * vectors.data[from + 1]!], 2 * (x * y.columns + column));
    }
  }
  return { y, signs: Float64Array.from(kept, (e) => Math.sign(values[e]!)) };
}

/** Raises ‖(1⊗A) J (1⊗A)†‖₁ over d×d matrices A of norm 1, u = Σ_i |i⟩ ⊗ A|i⟩. */
function ascend(backend: Backend, { y, signs }: SignedFactor, start: ComplexMatrix, maxSteps: number) {
  let a = start;
  let value = 0;
  for (let steps = 1; ; steps++) {
    // With (1⊗A)Y = QR the operator is Q (R diag(signs) R†) Q†, and its eigenvectors are Q w.
    const { q, r } = qr(backend, applyToInputs(backend, a, y));
    const core = multiply(backend, scaleColumns(r, signs), r, { opB: 'conjugate-transpose' });
    const { values, vectors } = eigh(backend, hermitianPart(core));
    const next = compensatedSum(values.map(Math.abs));
    if (steps >= maxSteps || next <= value * (1 + LEAST_GAIN)) return { value: Math.max(value, next), steps };
    value = next;
    a = topInput(backend, multiply(backend, q, vectors), values.map(Math.sign), y, signs, a.rows);
  }
}

/** (1 ⊗ A) Y */
function applyToInputs(backend: Backend, a: ComplexMatrix, y: ComplexMatrix): ComplexMatrix {
  const size = 2 * a.rows * y.columns;
  const image = new ComplexMatrix(y.rows, y.columns);
  for (let from = 0; from < y.data.length; from += size) {
    const block = new ComplexMatrix(a.rows, y.columns, y.data.subarray(from, from + size));
    image.data.set(multiply(backend, a, block).data, from);
  }
  return image;
}

/**
 * The A of norm 1 with the largest Tr[P (1⊗A) J (1⊗A)†] = Σ_se p_s σ_e |Σ_zi A_zi T_zi|², T_zi = Σ_a conj(P_s)[a,z] Y_e[a,i], for
 * P = Σ_s p_s |P_s⟩⟨P_s|: the top eigenvector of a form of order d².
 */
function topInput(
  backend: Backend,
  p: ComplexMatrix,
  pSigns: Float64Array,
  y: ComplexMatrix,
  ySigns: Float64Array,
  d: number,
): ComplexMatrix {
  const pairs = pSigns.length * ySigns.length;
  checkDense('diamondBounds', 'the form of the ascent', d * d, pairs);
  const t = new ComplexMatrix(d * d, pairs);
  for (let row = 0; row < y.rows; row += d) {
    const left = rowsOf(p, row, d);
    const right = rowsOf(y, row, d);
    for (let z = 0; z < d; z++) {
      for (let i = 0; i < d; i++) addOuter(t.data.subarray(2 * (z * d + i) * pairs), left[z]!, right[i]!);
    }
  }
  const weights = Float64Array.from({ length: pairs }, (_, at) => {
    const e = at % ySigns.length;
    return pSigns[(at - e) / ySigns.length]! * ySigns[e]!;
  });
  const form = multiply(backend, scaleColumns(t, weights), t, { opB: 'conjugate-transpose' });
  const { vectors } = eigh(backend, hermitianPart(form));
  const a = new ComplexMatrix(d, d);
  for (let x = 0; x < d * d; x++) {
    const from = 2 * ((x + 1) * d * d - 1);
    a.data.set([vectors.data[from]!, vectors.data[from + 1]!], 2 * x);
  }
  return a;
}

function rowsOf({ columns, data }: ComplexMatrix, first: number, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, i) =>
    data.subarray(2 * (first + i) * columns, 2 * (first + i + 1) * columns),
  );
}

/** target[s,e] += left[s] conj(right[e]), interleaved. */
function addOuter(target: Float64Array, left: Float64Array, right: Float64Array): void {
  let at = 0;
  for (let s = 0; s < left.length; s += 2) {
    for (let e = 0; e < right.length; e += 2, at += 2) {
      target[at]! += left[s]! * right[e]! + left[s + 1]! * right[e + 1]!;
      target[at + 1]! += left[s + 1]! * right[e]! - left[s]! * right[e + 1]!;
    }
  }
}

function maximallyEntangled(d: number): ComplexMatrix {
  return combination(1 / Math.sqrt(d), complexIdentity(d), 0, complexIdentity(d));
}

function randomInput(d: number, seed: bigint, stream: bigint): ComplexMatrix {
  const numbers = new Float64Array(2 * d * d);
  fillUniform(numbers, seed, stream, 0, numbers.length);
  const a = new ComplexMatrix(
    d,
    d,
    numbers.map((x) => 2 * x - 1),
  );
  return combination(1 / Math.sqrt(squaredNorm(a)), a, 0, a);
}

/** Tr_out of an operator on outputs ⊗ inputs, d×d. */
function traceOutput({ data }: ComplexMatrix, d: number, D: number): ComplexMatrix {
  const reduced = new ComplexMatrix(d, d);
  for (let a = 0; a < D; a++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        const [from, to] = [2 * ((a * d + i) * D * d + a * d + j), 2 * (i * d + j)];
        reduced.data[to]! += data[from]!;
        reduced.data[to + 1]! += data[from + 1]!;
      }
    }
  }
  return hermitianPart(reduced);
}

function checkAlike(where: string, a: Channel, b: Channel): void {
  if (a.inputs === b.inputs && a.outputs === b.outputs) return;
  throw new ShapeError(
    `${where}: both channels must go between the same dimensions, but one goes from ${a.inputs} to ${a.outputs} and the other from ${b.inputs} to ${b.outputs}.`,
  );
}
