import type { Backend } from '../../../backend/backend.ts';
import { checkInteger } from '../../../core/checks.ts';
import { DomainError } from '../../../core/errors.ts';
import type { ComplexMatrix } from '../../../linalg/matrix/matrix.ts';
import type { Channel } from '../channel.ts';
import { checkAlike, checkChannel } from '../channel.ts';
import { combination } from '../complex.ts';
import { absoluteBound, lowerBound, roundingBound, upperBound } from './certificates.ts';
import { hermitianMap } from './hermitian-map.ts';
import { interiorStep, startingPoint } from './interior-point.ts';

/** Bounds that hold so far. */
export interface DiamondProgress {
  /** Lower bound. */
  readonly lower: number;
  /** Upper bound. */
  readonly upper: number;
  /** Steps taken. */
  readonly steps: number;
}

/** Options of `diamondNorm` and `diamondNormAsync`. */
export interface DiamondOptions {
  /** (upper − lower)/upper at which the iteration stops, at least 1e-12; default 1e-7. 1e-8 is nearly always reached, 1e-10 seldom. */
  readonly tolerance?: number | undefined;
  /** Largest number of steps; default 100. With 0 the bounds are the cheap ones of the starting point. */
  readonly maxSteps?: number | undefined;
  /** Called before every step and at the end. What it throws ends the work. */
  readonly onProgress?: ((progress: DiamondProgress) => void) | undefined;
}

/** A diamond norm between two certificates. */
export interface DiamondNorm {
  /** The middle of the two bounds. */
  readonly value: number;
  /** What an input reaches: never above the norm. */
  readonly lower: number;
  /** What a feasible point of the dual programme proves: never below the norm. */
  readonly upper: number;
  /** Whether the bounds are as close as `tolerance` asks, or the norm is below what rounding makes of the operands. */
  readonly converged: boolean;
  /** Steps of the interior-point method. */
  readonly steps: number;
}

/** Least tolerance that can be asked for. */
const LEAST_TOLERANCE = 1e-12;

/**
 * The diamond norm ‖a − b‖◇ = max_u ‖((a − b) ⊗ 1)(uu†)‖₁, the completely bounded trace norm, or ‖a‖◇ for b = null. Two channels are
 * ‖a − b‖◇ ≤ 2 apart, and (1 + ½‖a − b‖◇)/2 is the probability of telling them apart in one use. Any linear maps: one that does not keep
 * operators Hermitian is taken as the map with J' = |0⟩⟨1| ⊗ J + h.c., of inputs C² ⊗ C^d, which has the same norm.
 *
 * Watrous' semidefinite programme is solved by an interior-point method; both bounds are checked apart from it. `lower` is the trace norm at
 * an input, `upper` is λ_max(Tr_out Z) with Z ≥ ±J, each moved outwards by more than rounding can do: 8n(n + 1)u·‖·‖_F, n the order of J. The
 * triangle inequality, ‖Tr_out|J(a)|‖ + ‖Tr_out|J(b)|‖, gives `upper` where it is less: never above 2 for channels, up to that rounding.
 *
 * @throws ShapeError unless the dimensions agree; DomainError for other arguments; CapacityError.
 * @accuracy lower ≤ ‖a − b‖◇ ≤ upper always, `converged` or not.
 * @cost 5 to 25 steps of O((Dd)³ + (Dd)²d⁴); four to eight times as much and 4(Dd)³ where operators do not stay Hermitian.
 * @source J. Watrous, Theory Comput. 5 (2009) 217; Chicago J. Theor. Comput. Sci. (2013) 8. QuTiP's `dnorm(A, B)`, Qiskit's `diamond_norm`.
 * @example
 * const flip = Channel.ofKraus([Matrix.fromRows([[0, 1], [1, 0]])]);
 * const { value, lower, upper } = diamondNorm(backend, flip); // 1
 */
export function diamondNorm(
  backend: Backend,
  a: Channel,
  b: Channel | null = null,
  options: DiamondOptions = {},
): DiamondNorm {
  const rounds = diamondRounds('diamondNorm', backend, a, b, options);
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
  }
}

/**
 * The same numbers as {@link diamondNorm}, giving way to other work between steps.
 *
 * @throws what diamondNorm throws, and the signal's reason when it is aborted.
 * @accuracy, @cost, @source as diamondNorm.
 */
export async function diamondNormAsync(
  backend: Backend,
  a: Channel,
  b: Channel | null = null,
  { signal, ...options }: DiamondOptions & { readonly signal?: AbortSignal } = {},
): Promise<DiamondNorm> {
  signal?.throwIfAborted();
  const rounds = diamondRounds('diamondNormAsync', backend, a, b, options);
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
  }
}

/** Pauses after every step. */
function* diamondRounds(
  where: string,
  backend: Backend,
  a: Channel,
  b: Channel | null,
  { tolerance = 1e-7, maxSteps = 100, onProgress }: DiamondOptions,
): Generator<undefined, DiamondNorm, undefined> {
  if (b === null) checkChannel(where, 'a', a);
  else checkAlike(where, a, b);
  checkInteger(where, 'maxSteps', maxSteps, 0);
  if (!(tolerance >= LEAST_TOLERANCE && tolerance < 1))
    throw new DomainError(`${where}: tolerance must be from ${LEAST_TOLERANCE} to 1, but it is ${tolerance}.`);
  const operands = b === null ? [] : [a, b];
  const noise = operands.reduce((sum, { choi }) => sum + roundingBound(choi), 0);
  const triangle = operands.reduce((sum, operand) => sum + cheapBound(where, backend, operand), 0);
  const { j, d, slack } = hermitianMap(where, b === null ? a.choi : combination(1, a.choi, -1, b.choi), a.inputs);
  const unit = largestPart(j);
  if (unit === 0) return { value: 0, lower: 0, upper: 0, converged: true, steps: 0 };
  const scaled = combination(1 / unit, j, 0, j);
  let point = startingPoint(backend, scaled, d);
  let lower = 0;
  let upper = unit * absoluteBound(backend, scaled, d) + slack;
  if (b !== null) upper = Math.min(upper, triangle);
  for (let steps = 0; ; steps++) {
    lower = Math.max(lower, unit * lowerBound(backend, scaled, point.rho) - slack);
    if (steps > 0) upper = Math.min(upper, unit * upperBound(backend, scaled, point.z, d) + slack);
    onProgress?.({ lower, upper, steps });
    const converged = upper - lower <= tolerance * upper || upper <= noise;
    const next = converged || steps >= maxSteps ? null : interiorStep(backend, scaled, point);
    if (next === null) return { value: (lower + upper) / 2, lower, upper, converged, steps };
    point = next;
    yield;
  }
}

/** ‖Tr_out |J|‖ ≥ ‖Φ‖◇ */
function cheapBound(where: string, backend: Backend, { choi, inputs }: Channel): number {
  const { j, d, slack } = hermitianMap(where, choi, inputs);
  const unit = largestPart(j);
  return unit === 0 ? 0 : unit * absoluteBound(backend, combination(1 / unit, j, 0, j), d) + slack;
}

function largestPart({ data }: ComplexMatrix): number {
  return data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
