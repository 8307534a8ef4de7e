import { sampleMoments, standardErrorOf } from '../../core/sums.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { CHEN_DEFAULTS } from '../defaults.ts';
import { checkEvolution } from '../evolution.ts';
import { evaluateLaw, lawOfStep } from '../next-token-law.ts';
import { sampleTrajectories, type TrajectoryOptions } from '../trajectories.ts';
import type { LumpedModel } from './plan.ts';
import { startTexts } from './start-lumps.ts';

/** An estimate with its standard error; null for a single sample. */
export interface Estimate {
  /** The estimated value. */
  readonly estimate: number;
  /** Its standard error; null for a single sample. */
  readonly standardError: number | null;
}

/**
 * Monte-Carlo estimate of the trace distance T = ½‖ρ_A − ρ_B‖₁ after L steps: the mean of (1 − P_B/P_A)₊ over strings sampled
 * from A. Trajectory k depends on (seed, k) alone. Any laws will do, not only those that lump.
 *
 * @throws as `propagate`, for either model.
 * @accuracy unbiased; the standard error is at most 1/(2√m) for m trajectories.
 * @cost one law of A per distinct history, one of B per step of every trajectory.
 * @source own: T = Σ (P_A − P_B)₊ for diagonal states.
 */
export function estimateTraceDistance(a: LumpedModel, b: LumpedModel, L: number, options: TrajectoryOptions): Estimate {
  const { vacuumToken = CHEN_DEFAULTS.vacuumToken } = options;
  checkEvolution('estimateTraceDistance', b.laws, b.start, L, options);
  const { count, prepared, tokens, logProbability } = sampleTrajectories(a.laws, a.start, L, options);
  const weightOf = new Map(startTexts([a.start, b.start]).map(({ index, weights }) => [index, weights]));
  const values = Array.from({ length: count }, (_, k) => {
    const [wA, wB] = weightOf.get(prepared[k]!)!;
    let logRatio = log(wB!) - log(wA!) - logProbability[k]!;
    const history = [...a.start.string(prepared[k]!)];
    for (let step = 1; step <= L && logRatio > -Infinity; step++) {
      const y = tokens[k * L + step - 1]!;
      const p = history.length === 0 ? null : evaluateLaw(lawOfStep(b.laws, step), history);
      logRatio += p === null ? (y === vacuumToken ? 0 : -Infinity) : log(p[y]!);
      history.push(y);
    }
    return Math.max(0, 1 - exp(logRatio));
  });
  const { mean, squares } = sampleMoments(values);
  return { estimate: mean, standardError: standardErrorOf(squares, count) };
}
