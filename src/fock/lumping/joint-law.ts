import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { PROBABILITY } from './channels.ts';
import { type LumpedModel, type LumpingOptions, type Plan, planLumping } from './plan.ts';
import { LumpedWalk } from './walk.ts';

/**
 * The joint law of the tokens of two steps i < j, P(y_i, y_j): V×V row-major, y_i the row. One vector is carried for each token that
 * step i can give.
 *
 * @throws as `lump`; DomainError unless 1 ≤ i < j.
 * @accuracy relative error about j·(N + 10)·u
 * @cost as `lump` for j steps with S orders.
 * @source own
 */
export async function lumpedJointLaw(
  backend: Backend,
  { laws, start }: LumpedModel,
  [i, j]: readonly [number, number],
  options: LumpingOptions = {},
): Promise<Float64Array> {
  const where = 'lumpedJointLaw';
  checkInteger(where, 'i', i, 1);
  checkInteger(where, 'j', j, i + 1);
  const { V } = start;
  const plan = planLumping(where, backend, [{ laws, start }], (S) => new Array(S).fill(PROBABILITY), j, options);
  const joint = new Float64Array(V * V);
  await plan.run(() => follow(plan, V, [i, j], joint));
  return joint;
}

function* follow(
  { backend, laws, groups, channels }: Plan,
  V: number,
  [i, j]: readonly [number, number],
  joint: Float64Array,
): Generator<number, void> {
  for (const group of groups) {
    const { slots, delay } = group;
    const walk = new LumpedWalk(backend, laws, group, channels.slice(0, slots.length), j - delay);
    try {
      while (delay + walk.taken < i) yield* walk.step();
      // The vacuum's first token is certain, so nothing is left to condition on.
      const certain = walk.taken === 0 ? group.lumps[0]!.history[0]! : null;
      if (certain === null) for (const slot of slots.keys()) walk.restrict(slot, slot);
      const first = certain === null ? Array.from(slots) : [certain];
      while (delay + walk.taken < j - 1) yield* walk.step();
      const marginals = walk.taken === 0 ? [(yield* walk.step()).marginal] : yield* walk.marginals();
      for (const [c, token] of first.entries()) {
        for (const [slot, y] of slots.entries()) joint[token * V + y]! += marginals[c]![slot]!;
      }
    } finally {
      walk.release();
    }
  }
}
