import { checkInteger } from '../../core/checks.ts';
import { CapacityError, DomainError } from '../../core/errors.ts';
import { checkArray, checkMembers } from '../../core/kinds.ts';
import { CompensatedSum } from '../../core/sums.ts';
import { FockSpace } from '../fock-space.ts';
import { applyChannel } from './apply-channel.ts';
import { basisOf } from './conversions.ts';
import { type Instrument, measure } from './instrument.ts';
import { checkNormalised, type QuantumState } from './states.ts';
import type { StringChannel } from './string-channel.ts';

/** One step of a sequential measurement: the state moves, then it is measured. */
export interface MeasuredStep {
  /** How the state moves. */
  readonly channel: StringChannel;
  /** How it is measured then. */
  readonly instrument: Instrument;
}

/** Options of `measurementTree`. */
export interface TreeOptions {
  /** Branches of smaller probability are cut; default 0 keeps all that are possible. */
  readonly minProbability?: number | undefined;
  /** Fock-space cut-off M; default: just large enough. */
  readonly cutoff?: number | undefined;
}

/** A history of outcomes. */
export interface HistoryBranch {
  /** Labels of the outcomes found, first to last. */
  readonly outcomes: readonly (string | number)[];
  /** Joint probability of the outcomes. */
  readonly probability: number;
  /** Reduced state after the last outcome, of trace 1. */
  readonly state: QuantumState;
}

/** All histories of outcomes of a sequential measurement. */
export interface MeasurementTree {
  /** The branches after 0, 1, …, L steps, in the order of outcomes. */
  readonly levels: readonly (readonly HistoryBranch[])[];
  /** Probability of all branches that were cut: every event has a probability in [kept, kept + discarded]. */
  readonly discarded: number;
}

const MOST_BRANCHES = 1 << 16;

/**
 * The tree of outcomes of the sequential measurement (E_1, X_1, E_2, X_2, …) from any state.
 *
 * @param steps laws and instruments in order; L of them.
 * @throws CutoffError unless M ≥ n + L, for steps that append a token; CapacityError for more than 2¹⁶ branches at a level; DomainError.
 * @cost one channel and one measurement for each branch
 * @source Chen, §III: the sequential measurement. Pruning own.
 */
export function measurementTree(
  steps: readonly MeasuredStep[],
  start: QuantumState,
  { minProbability = 0, cutoff }: TreeOptions = {},
): MeasurementTree {
  checkNormalised('measurementTree', start);
  checkArray('measurementTree', 'steps', steps, 'steps');
  for (const [i, step] of steps.entries())
    checkMembers('measurementTree', `steps[${i}]`, step, 'an object', { channel: 'object', instrument: 'object' });
  if (!(minProbability >= 0 && minProbability <= 1))
    throw new DomainError(`measurementTree: minProbability must lie between 0 and 1, but it is ${minProbability}.`);
  if (cutoff !== undefined) {
    checkInteger('measurementTree', 'cutoff', cutoff, 0);
    new FockSpace(start.V, cutoff).checkSteps('measurementTree', basisOf(start).longest, steps.length);
  }
  const discarded = new CompensatedSum();
  const levels: HistoryBranch[][] = [[{ outcomes: [], probability: 1, state: start }]];
  for (const { channel, instrument } of steps) {
    const next: HistoryBranch[] = [];
    for (const { outcomes, probability, state } of levels.at(-1)!) {
      for (const branch of measure(instrument, applyChannel(channel, state, { cutoff }))) {
        const joint = probability * branch.probability;
        if (joint < minProbability) discarded.add(joint);
        else next.push({ outcomes: [...outcomes, branch.label], probability: joint, state: branch.state });
      }
      if (next.length > MOST_BRANCHES)
        throw new CapacityError(
          `measurementTree: a level must have at most ${MOST_BRANCHES} branches, but this one has more. Prune with minProbability.`,
        );
    }
    levels.push(next);
  }
  return { levels, discarded: discarded.value };
}
