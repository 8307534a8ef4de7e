import { checkInteger } from '../core/checks.ts';
import { CapacityError, DomainError } from '../core/errors.ts';
import { CompensatedSum, compensatedSum } from '../core/sums.ts';
import { log } from '../math/log.ts';
import { allChildren, classBranching } from './class-branching.ts';
import { CHEN_DEFAULTS } from './defaults.ts';
import { checkNotNegative, DiagonalState, type StringArrays, TRACE_TOLERANCE } from './diagonal-state.ts';
import { FockSpace } from './fock-space.ts';
import { BYTES_PER_STRING, HeaviestStrings } from './heaviest-strings.ts';
import { checkLaws, evaluateLaws, lawOfStep, type NextTokenLaw } from './next-token-law.ts';

/** Which strings a truncated evolution keeps after each step; without either limit the evolution is exact. */
export interface TruncationOptions {
  /** Keep this many of the heaviest strings. */
  readonly maxStrings?: number | undefined;
  /** Drop strings lighter than this. */
  readonly minWeight?: number | undefined;
}

/** Options of `propagate` and `evolveStep`. */
export interface EvolutionOptions extends TruncationOptions {
  /** Fock-space cut-off M; default: just large enough. */
  readonly cutoff?: number | undefined;
  /** x_0, the token that the vacuum goes to; default 0. */
  readonly vacuumToken?: number | undefined;
  /** Bytes that the levels of the tree may take together, 16 a string; default 2 GiB. */
  readonly maxBytes?: number | undefined;
  /** Called after every step with its number; what it throws ends the work. */
  readonly onStep?: ((step: number) => void) | undefined;
}

const EVOLUTION_BYTES = 2 ** 31;

/** One quantum operation E_ℓ applied to a diagonal state σ_{ℓ−1}. */
export interface EvolutionStep {
  /** ℓ */
  readonly step: number;
  /** σ_ℓ after truncation, not renormalised. */
  readonly state: DiagonalState;
  /**
   * m_y = Σ_h w_h p_ℓ(y|h) over the strings of σ_{ℓ−1}, V numbers of sum Tr σ_{ℓ−1}: the law of token ℓ before the truncation
   * of this step. The true probability lies in [m_y, m_y + 1 − Tr σ_{ℓ−1}].
   */
  readonly marginal: Float64Array;
  /** Σ_h w_h H(p_ℓ(·|h)) in nats over the strings of σ_{ℓ−1}. */
  readonly conditionalEntropy: number;
  /** Weight dropped by the truncation of this step. */
  readonly discarded: number;
}

/** How far a truncated σ is from the exact ρ: ‖ρ − σ‖₁ = δ, and every event has P(A) ∈ [σ(A), σ(A) + δ]. */
export interface TruncationCertificate {
  /** Tr σ_L, compensated. */
  readonly kept: number;
  /** δ = 1 − Tr σ_L, computed as the compensated sum of everything dropped, so that a small δ keeps its digits. */
  readonly discarded: number;
  /** |kept + discarded − 1|: rounding only. */
  readonly residual: number;
}

/** The states of all steps, and what truncation left out. */
export interface Evolution {
  /** ρ_0. */
  readonly start: DiagonalState;
  /** Steps 1 … L. */
  readonly steps: readonly EvolutionStep[];
  /** σ_L. */
  readonly final: DiagonalState;
  /** What truncation left out, over all steps. */
  readonly certificate: TruncationCertificate;
}

/**
 * One quantum operation on a diagonal state: E_ℓ(|h⟩⟨h|) = Σ_y p_ℓ(y|h) |h y⟩⟨h y|, and |vac⟩⟨vac| ↦ |x_0⟩⟨x_0|, then the
 * truncation that the options ask for. Nothing is renormalised.
 *
 * @param state at step ℓ−1; the law is that of step ℓ = state.step + 1.
 * @throws CutoffError for a string of M tokens, where a cut-off is given; ShapeError, DomainError from a law that is no probability;
 *   CapacityError if an unlimited state grows too large.
 * @accuracy exact but for rounding where nothing is truncated; else as {@link TruncationCertificate} says.
 * @cost one law per string, or per class of equal counts and last token where the law depends on nothing else, and O(V) arithmetic
 *   each; memory for the strings kept only.
 * @source Chen, eqs. 7 and 12 and the appendix (the vacuum); truncation own.
 */
export function evolveStep(state: DiagonalState, law: NextTokenLaw, options: EvolutionOptions = {}): EvolutionStep {
  checkOptions('evolveStep', state, 1, options);
  const { maxStrings, minWeight = CHEN_DEFAULTS.minWeight, vacuumToken = CHEN_DEFAULTS.vacuumToken } = options;
  const marginal = new Float64Array(law.V);
  const conditionalEntropy = new CompensatedSum();
  const account = (p: Float64Array | null, weight: number): void => {
    if (p === null) marginal[vacuumToken]! += weight;
    else for (let y = 0; y < p.length; y++) marginal[y]! += weight * p[y]!;
    conditionalEntropy.add(weight * entropyOf(p));
  };
  const branch = law.counting === undefined ? branchOneByOne : branchByClasses;
  const { strings, discarded } = branch(state, law, { maxStrings, minWeight, vacuumToken }, account);
  return {
    step: state.step + 1,
    state: new DiagonalState(state, strings),
    marginal,
    conditionalEntropy: conditionalEntropy.value,
    discarded,
  };
}

interface BranchOptions {
  readonly maxStrings: number | undefined;
  readonly minWeight: number;
  readonly vacuumToken: number;
}
/** Takes note of a law (null: the vacuum's) and the weight of the strings that have it. */
type Account = (p: Float64Array | null, weight: number) => void;
interface Branches {
  readonly strings: StringArrays;
  readonly discarded: number;
}

function branchOneByOne(state: DiagonalState, law: NextTokenLaw, options: BranchOptions, account: Account): Branches {
  const heaviest = new HeaviestStrings(options.maxStrings, options.minWeight);
  for (const [i, p] of evaluateLaws(law, state.count, (i) => state.string(i))) {
    account(p, state.weight[i]!);
    offerChildren(heaviest, i, state.weight[i]!, p, options.vacuumToken);
  }
  return { strings: heaviest.finish(), discarded: heaviest.discarded.value };
}

/** One law for all strings with equal token counts and last token. */
function branchByClasses(state: DiagonalState, law: NextTokenLaw, options: BranchOptions, account: Account): Branches {
  const { maxStrings, minWeight, vacuumToken } = options;
  const classes = classBranching(state, law, vacuumToken);
  const { classOf, laws, weights } = classes;
  for (const [c, p] of laws.entries()) account(p, weights[c]!);
  if (maxStrings === undefined && minWeight === 0) return { strings: allChildren(state, classes), discarded: 0 };
  const heaviest = new HeaviestStrings(maxStrings, minWeight);
  for (let i = 0; i < classOf.length; i++) {
    offerChildren(heaviest, i, state.weight[i]!, laws[classOf[i]!]!, vacuumToken);
  }
  return { strings: heaviest.finish(), discarded: heaviest.discarded.value };
}

function offerChildren(
  heaviest: HeaviestStrings,
  i: number,
  weight: number,
  p: Float64Array | null,
  vacuumToken: number,
): void {
  if (p === null) heaviest.offer(i, vacuumToken, weight);
  else for (let y = 0; y < p.length; y++) heaviest.offer(i, y, weight * p[y]!);
}

/** −Σ p ln p in nats; 0 where there is no law. */
function entropyOf(p: Float64Array | null): number {
  let entropy = 0;
  for (const py of p ?? []) if (py > 0) entropy -= py * log(py);
  return entropy;
}

/**
 * Applies E_1, …, E_L to a diagonal state.
 *
 * @param laws step ℓ uses law ((ℓ−1) mod number of laws) + 1; a checkpoint gives one law for all steps.
 * @throws CutoffError unless M ≥ n + L, before anything is computed; CapacityError once the levels must take more than `maxBytes`.
 * @accuracy as {@link evolveStep}
 * @source Chen, eqs. 7 and 12.
 * @example
 * const { final, certificate } = propagate([law], DiagonalState.ofText(law.V, [0, 1]), 3, { maxStrings: 100 });
 */
export function propagate(
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  L: number,
  options: EvolutionOptions = {},
): Evolution {
  checkEvolution('propagate', laws, start, L, options);
  const { maxBytes = EVOLUTION_BYTES, cutoff: _checked, ...each } = options;
  checkInteger('propagate', 'maxBytes', maxBytes, 1);
  const steps: EvolutionStep[] = [];
  let final = start;
  let bytes = 0;
  for (let l = 1; l <= L; l++) {
    const step = evolveStep(final, lawOfStep(laws, final.step + 1), each);
    steps.push(step);
    final = step.state;
    bytes += BYTES_PER_STRING * final.count;
    // Every string has a child: without a cut by weight no later level has fewer.
    const later = (each.minWeight ?? 0) === 0 ? (L - l) * BYTES_PER_STRING * final.count : 0;
    checkBytes(bytes + later, maxBytes, { step: l, strings: final.count, L });
    options.onStep?.(final.step);
  }
  const kept = final.trace;
  const discarded = compensatedSum(steps.map((step) => step.discarded));
  return { start, steps, final, certificate: { kept, discarded, residual: Math.abs(kept + discarded - 1) } };
}

function checkBytes(
  bytes: number,
  maxBytes: number,
  { step, strings, L }: { readonly step: number; readonly strings: number; readonly L: number },
): void {
  if (bytes <= maxBytes) return;
  throw new CapacityError(
    `propagate: the levels of the tree must fit in ${maxBytes} bytes, but with ${strings} strings at step ${step} of ${L} they need ${bytes} or more. Keep fewer strings (maxStrings, minWeight), sample trajectories, lump, or raise maxBytes.`,
    bytes,
  );
}

/** Refuses laws, a state and options of which L operations cannot act. @throws DomainError, ShapeError, CutoffError. */
export function checkEvolution(
  where: string,
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  L: number,
  options: EvolutionOptions,
): void {
  checkLaws(where, laws, start.V);
  checkInteger(where, 'L', L, 0);
  checkNotNegative(where, start.weight);
  if (!(Math.abs(start.trace - 1) <= TRACE_TOLERANCE)) {
    throw new DomainError(
      `${where}: start must have trace 1 to ${TRACE_TOLERANCE}, but it is ${start.trace}. A truncated state goes on with evolveStep.`,
    );
  }
  checkOptions(where, start, L, options);
}

function checkOptions(
  where: string,
  state: DiagonalState,
  steps: number,
  {
    maxStrings,
    minWeight = CHEN_DEFAULTS.minWeight,
    cutoff,
    vacuumToken = CHEN_DEFAULTS.vacuumToken,
  }: EvolutionOptions,
): void {
  checkInteger(where, 'vacuumToken', vacuumToken, 0, state.V - 1);
  if (maxStrings !== undefined) checkInteger(where, 'maxStrings', maxStrings, 1);
  if (!(minWeight >= 0 && minWeight <= 1)) {
    throw new DomainError(`${where}: minWeight must lie between 0 and 1, but it is ${minWeight}.`);
  }
  if (cutoff !== undefined) new FockSpace(state.V, cutoff).checkSteps(where, state.longest, steps);
}
