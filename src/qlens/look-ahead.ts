import type { StageSource } from './analyse.ts';

/** How the stages of one prediction are read in groups. */
export interface StageGroups {
  /** Names of the stages. */
  readonly names: readonly string[];
  /** Units of each. */
  readonly units: number;
  /** Stages of a group at most. */
  readonly most: number;
  /** Logits of some stages, by their numbers, one after another. */
  readonly look: (stages: readonly number[]) => Float32Array | Float64Array;
}

/** A prediction whose stages are looked at several at a time, as they are asked for: the last, then the others in order. One group is held. */
export function groupedStages({ names, units, most, look }: StageGroups): StageSource {
  const count = names.length;
  let held: { readonly first: number; readonly logits: Float32Array | Float64Array } | null = null;
  const logitsOf = (stage: number) => {
    const place = (stage + 1) % count;
    const first = place - (place % most);
    if (held?.first !== first) {
      const stages = Array.from({ length: Math.min(most, count - first) }, (_, i) => (first + i + count - 1) % count);
      held = { first, logits: look(stages) };
    }
    return held.logits.subarray((place - first) * units, (place - first + 1) * units);
  };
  return { names, logitsOf };
}
