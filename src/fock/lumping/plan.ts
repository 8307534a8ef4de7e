import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { CHEN_DEFAULTS } from '../defaults.ts';
import type { DiagonalState } from '../diagonal-state.ts';
import { checkEvolution } from '../evolution.ts';
import type { NextTokenLaw } from '../next-token-law.ts';
import { checkCapacity, groupSize, LUMPING_BYTES } from './capacity.ts';
import type { Channel } from './channels.ts';
import { countingTables } from './counting.ts';
import { breathe, drive, type LumpingProgress } from './drive.ts';
import { type StartGroup, startGroups, startTexts } from './start-lumps.ts';

/** Options of all exact evolutions by lumping. */
export interface LumpingOptions extends LumpingProgress {
  /** x_0, the token that the vacuum goes to; default 0. */
  readonly vacuumToken?: number | undefined;
  /** Most bytes that may be taken; default 1 GiB. */
  readonly maxBytes?: number | undefined;
}

/** A state with the laws that act on it. */
export interface LumpedModel {
  /** Step ℓ uses law ((ℓ−1) mod number of laws) + 1. */
  readonly laws: readonly NextTokenLaw[];
  /** ρ_0, a mixture of texts. */
  readonly start: DiagonalState;
}

/** A lumped computation that has been checked and measured, but not begun. */
export interface Plan {
  readonly backend: Backend;
  readonly laws: readonly (readonly NextTokenLaw[])[];
  readonly groups: readonly StartGroup[];
  readonly channels: readonly Channel[];
  readonly L: number;
  /** Runs the work that walks the groups, handing the thread over now and then. */
  run<T>(work: () => Generator<number, T>): Promise<T>;
}

/**
 * Checks the arguments of a lumped computation and finds its groups of starts.
 *
 * @param channelsFor the channels where S tokens can be generated at most.
 * @throws DomainError, ShapeError, CapacityError as `lump`.
 */
export function planLumping(
  where: string,
  backend: Backend,
  models: readonly LumpedModel[],
  channelsFor: (S: number) => readonly Channel[],
  L: number,
  { vacuumToken = CHEN_DEFAULTS.vacuumToken, maxBytes = LUMPING_BYTES, ...progress }: LumpingOptions,
): Plan {
  checkInteger(where, 'L', L, 1);
  for (const { laws, start } of models) checkEvolution(where, laws, start, L, { vacuumToken });
  const tables = models.flatMap(({ laws }) => countingTables(where, laws));
  const groups = startGroups(startTexts(models.map(({ start }) => start)), tables, vacuumToken, L);
  const heads = tables.map(({ scores }) => scores.length);
  const channels = channelsFor(Math.max(...groups.map(({ slots }) => slots.length)));
  const sizes = groups.map((group) => groupSize(group, L - group.delay, channels.length, heads));
  checkCapacity(where, groups, sizes, L, maxBytes);
  const total = sizes.reduce((sum, { transitions }) => sum + transitions, 0);
  return {
    backend,
    laws: models.map(({ laws }) => laws),
    groups,
    channels,
    L,
    run: async (work) => {
      // A scope of the caller's memory that is open now must have ended before anything is allocated.
      await breathe();
      progress.signal?.throwIfAborted();
      return drive(work(), total, channels.length, progress);
    },
  };
}
