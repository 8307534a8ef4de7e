import type { Backend, BackendKind } from '../../backend/backend.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { CompensatedSum } from '../../core/sums.ts';
import { firstQuadrantAngle } from '../../math/atan.ts';
import { log } from '../../math/log.ts';
import { type Channel, PROBABILITY } from './channels.ts';
import { type LumpedModel, type LumpingOptions, planLumping } from './plan.ts';
import { logOfScaled, valueOfScaled } from './scaled-number.ts';
import { startTexts } from './start-lumps.ts';
import { followGroups, type StepSums } from './step-sums.ts';

/** Options of `compareLumped`. */
export interface CompareOptions extends LumpingOptions {
  /** Exponents s of Σ P_A^s P_B^{1−s}, each between 0 and 1. Default none. */
  readonly chernoff?: readonly number[] | undefined;
}

/** Two exact states after one step. */
export interface ComparedStep {
  /** ℓ, from 1. */
  readonly step: number;
  /** √F = Σ √(P_A P_B), and its logarithm. */
  readonly rootFidelity: number;
  /** ln √F, also where √F underflows. */
  readonly logRootFidelity: number;
  /** F = (Tr √(√ρ σ √ρ))². */
  readonly fidelity: number;
  /** arccos √F, radians. */
  readonly buresAngle: number;
  /** D(ρ_A‖ρ_B) = Σ P_A ln(P_A/P_B) in nats; ∞ where P_B = 0 < P_A. */
  readonly relativeEntropy: number;
  /** ln Σ P_A^s P_B^{1−s} for every s asked for; −∞ for states without a common string. */
  readonly logChernoff: Float64Array;
  /** 1 − √F ≤ T ≤ √(1 − F) for the trace distance T = ½‖ρ_A − ρ_B‖₁. */
  readonly traceDistance: { readonly atLeast: number; readonly atMost: number };
}

/** Two models compared exactly, step by step. */
export interface Compared {
  /** Steps 1 … L. */
  readonly steps: readonly ComparedStep[];
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

const ROOTS: Channel = { a: 0.5, b: 0.5 };

/**
 * Compares two open systems over the same tokens after every step, exactly and in polynomial time: laws and starts may differ.
 * Both lump to the same states, along which Σ P_A^s P_B^{1−s} obeys the recursion of `lump` with p_A^s p_B^{1−s} in place of p^α; the
 * relative entropy follows from its chain rule. The trace distance does not lump: bounds are given, and
 * {@link estimateTraceDistance} samples it.
 *
 * @throws as `lump`; ShapeError unless both have the same number of tokens; DomainError unless 0 < s < 1.
 * @accuracy as `lump`; √F within rounding of 1 is cut to 1. An angle below 1e-7 has lost its digits.
 * @cost as `lump` with two laws and 2 orders and one for each s.
 * @source M. A. Nielsen, I. L. Chuang, Quantum Computation and Quantum Information (2010), §9.2; K. M. R. Audenaert et al., Phys. Rev.
 *   Lett. 98 (2007) 160501 (Chernoff sums); lumping own.
 */
export async function compareLumped(
  backend: Backend,
  a: LumpedModel,
  b: LumpedModel,
  L: number,
  options: CompareOptions = {},
): Promise<Compared> {
  const where = 'compareLumped';
  const { chernoff = [] } = options;
  const V = a.start.V;
  if (b.start.V !== V) {
    throw new ShapeError(`${where}: b must have the tokens of a, but it has ${b.start.V} and a has ${V}.`);
  }
  const bad = chernoff.find((s) => !(s > 0 && s < 1));
  if (bad !== undefined) throw new DomainError(`${where}: every s must lie between 0 and 1, but one is ${bad}.`);
  const channels = [PROBABILITY, ROOTS, ...chernoff.map((s) => ({ a: s, b: 1 - s }))];
  const plan = planLumping(where, backend, [a, b], () => channels, L, options);
  const sums = await plan.run(() => followGroups(plan, V));
  let relativeEntropy = startDivergence(a, b);
  const steps = sums.map((sum) => {
    relativeEntropy += sum.divergence;
    return comparedStep(sum, relativeEntropy);
  });
  return { steps, backend: backend.kind };
}

/** D(w_A‖w_B) of the starts. */
function startDivergence({ start }: LumpedModel, b: LumpedModel): number {
  const sum = new CompensatedSum();
  for (const { weights } of startTexts([start, b.start])) {
    const [wA, wB] = [weights[0]!, weights[1]!];
    if (wA > 0 && wB === 0) return Infinity;
    if (wA > 0) sum.add(wA * (log(wA) - log(wB)));
  }
  return sum.value;
}

function comparedStep({ step, totals }: StepSums, relativeEntropy: number): ComparedStep {
  const [, roots, ...sums] = totals;
  const rootFidelity = Math.min(1, valueOfScaled(roots!));
  const infidelity = (1 - rootFidelity) * (1 + rootFidelity);
  return {
    step,
    rootFidelity,
    logRootFidelity: Math.min(0, logOfScaled(roots!)),
    fidelity: rootFidelity * rootFidelity,
    buresAngle: firstQuadrantAngle(Math.sqrt(infidelity), rootFidelity),
    relativeEntropy,
    logChernoff: Float64Array.from(sums, (sum) => logOfScaled(sum)),
    traceDistance: { atLeast: 1 - rootFidelity, atMost: Math.sqrt(infidelity) },
  };
}
