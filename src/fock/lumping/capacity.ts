import { checkInteger } from '../../core/checks.ts';
import { CapacityError } from '../../core/errors.ts';
import { countVectors, lumpedStates } from './count-index.ts';
import { lawTableBytes } from './law-tables.ts';
import type { StartGroup } from './start-lumps.ts';

/** Bytes that a call may take unless it is told otherwise: 1 GiB. */
export const LUMPING_BYTES = 2 ** 30;

/** Slots that a back-pointer of one byte can name. */
const MOST_SLOTS = 256;

/** What following a group takes. */
export interface GroupSize {
  /** Lumped states after the last step. */
  readonly states: number;
  /** Transitions of all steps but the first. */
  readonly transitions: number;
  /** Bytes while the group is walked. */
  readonly bytes: number;
  /** Bytes that stay behind: the back-pointers and the law of the counts. */
  readonly kept: number;
}

/** Sizes for `steps` steps with `channels` vectors, as floats: nothing is allocated. */
export function groupSize(
  { slots, tokens, spare }: StartGroup,
  steps: number,
  channels: number,
  heads: readonly number[],
): GroupSize {
  const [S, K] = [slots.length, tokens.length];
  const states = lumpedStates(S, spare + steps);
  // Σ_{λ ≤ steps} C(spare+λ−1+S−1, S−1) is a difference of C(·, S).
  const vectorsOfAll = countVectors(S + 1, spare + steps - 1) - countVectors(S + 1, spare);
  const tables = heads.reduce((sum, H) => sum + lawTableBytes(S, K, H), 0);
  return {
    states,
    transitions: Math.max(0, vectorsOfAll) * S * S,
    bytes: 2 * 16 * channels * states + tables + 4 * S * (spare + steps + 2) + 8 * K ** Math.max(...heads),
    kept: Math.max(0, vectorsOfAll) * S + 8 * countVectors(S, spare + steps),
  };
}

/**
 * @throws CapacityError if the groups together take more than `maxBytes`, saying how many states there would be; DomainError for a
 * bad limit.
 */
export function checkCapacity(
  where: string,
  groups: readonly StartGroup[],
  sizes: readonly GroupSize[],
  L: number,
  maxBytes: number,
): void {
  checkInteger(where, 'maxBytes', maxBytes, 1);
  const most = Math.max(...groups.map(({ slots }) => slots.length));
  if (most > MOST_SLOTS) {
    throw new CapacityError(
      `${where}: at most ${MOST_SLOTS} tokens can be generated, but here ${most} can. Truncate (propagate) or sample (sampleTrajectories).`,
    );
  }
  const sum = (of: (size: GroupSize) => number) => sizes.reduce((total, size) => total + of(size), 0);
  const bytes = Math.max(...sizes.map((size) => size.bytes)) + sum(({ kept }) => kept);
  if (bytes <= maxBytes) return;
  const states = sum((size) => size.states);
  throw new CapacityError(
    `${where}: the lumped states must fit in ${maxBytes} bytes, but ${L} steps over ${most} tokens make ${states} states and need ${bytes} bytes. Truncate (propagate), sample (sampleTrajectories), or raise maxBytes.`,
    bytes,
  );
}
