import { CapacityError } from '../core/errors.ts';
import type { PackedBlock } from './shared-blocks.ts';

/** Share of a budget that stays free for activations. */
const ACTIVATIONS = 1 / 8;

/** Memory that a packed matrix takes. */
export interface MatrixSize {
  readonly kind: PackedBlock['kind'];
  readonly bytes: number;
}

/**
 * Which of the matrices stay in memory under a budget, the others being read from the file: each in turn for which there is still room, counting what
 * the largest of the others take of each kind while they are used. Seven eighths of the budget are given away.
 *
 * @param sizes of the matrices, those first that are needed most
 * @param fixed bytes that are taken whatever stays
 * @param reading bytes for reading, where anything is read
 * @param stages how often memory for the largest matrix is taken
 * @throws CapacityError if not even one matrix at a time fits.
 */
export function matricesWithin(
  budget: number,
  sizes: readonly MatrixSize[],
  fixed: number,
  reading: number,
  stages: number,
): readonly boolean[] {
  const room = budget * (1 - ACTIVATIONS) - fixed;
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all <= room) return sizes.map(() => true);
  const kinds: readonly PackedBlock['kind'][] = [...new Set(sizes.map(({ kind }) => kind))];
  // The largest of each kind from each matrix on.
  const later = kinds.map((kind) => {
    const most = new Float64Array(sizes.length + 1);
    for (let i = sizes.length - 1; i >= 0; i--)
      most[i] = Math.max(most[i + 1]!, sizes[i]!.kind === kind ? sizes[i]!.bytes : 0);
    return most;
  });
  const read = kinds.map(() => 0);
  const staged = (from: number) =>
    stages * kinds.reduce((sum, _, kind) => sum + Math.max(read[kind]!, later[kind]![from]!), 0);
  const least = fixed + reading + staged(0);
  if (least > budget * (1 - ACTIVATIONS)) {
    const needed = Math.ceil(Math.min(least, fixed + all) / (1 - ACTIVATIONS));
    throw new CapacityError(
      `openModel: memory must be at least ${needed} bytes for this model, but it is ${budget}. Its largest matrix has to fit, and an eighth stays free for activations.`,
      needed,
    );
  }
  let taken = reading;
  return sizes.map(({ kind, bytes }, i) => {
    const fits = taken + bytes + staged(i + 1) <= room;
    if (fits) taken += bytes;
    else {
      const k = kinds.indexOf(kind);
      read[k] = Math.max(read[k]!, bytes);
    }
    return fits;
  });
}
