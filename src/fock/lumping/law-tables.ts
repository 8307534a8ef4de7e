import type { Allocator, Block } from '../../backend/memory.ts';
import { exp } from '../../math/exp.ts';
import type { CountingTables } from '../next-token-law.ts';
import { type StartGroup, tuples } from './start-lumps.ts';

/** A block's tables over the tokens of a group, as the kernel reads them. */
export interface LawTables {
  readonly H: number;
  readonly weights: Block<'f64'>;
  readonly order: Block<'i32'>;
  readonly map: Block<'i32'>;
}

/** Bytes of {@link LawTables} for S slots, K tokens and H heads. */
export function lawTableBytes(S: number, K: number, H: number): number {
  return 8 * H * S * K * K + 4 * H * S * K + 4 * K ** H;
}

/** Allocates and fills a block's tables; the layout is that of `lumpedLaws`. */
export function lawTables(memory: Allocator, counting: CountingTables, V: number, group: StartGroup): LawTables {
  const { slots, tokens } = group;
  const [S, K, H] = [slots.length, tokens.length, counting.scores.length];
  const weights = memory.allocate('f64', H * S * K * K);
  const order = memory.allocate('i32', H * S * K);
  const map = memory.allocate('i32', K ** H);
  const [weight, ranking] = [weights.view(), order.view()];
  for (const [h, scores] of counting.scores.entries()) {
    for (let q = 0; q < S; q++) {
      const row = Float64Array.from(tokens, (token) => scores[slots[q]! * V + token]!);
      const falling = Int32Array.from(row.keys()).sort((a, b) => row[b]! - row[a]! || a - b);
      ranking.set(falling, (h * S + q) * K);
      for (let g = 0; g < K; g++) {
        const start = ((h * S + q) * K + g) * K;
        for (let k = 0; k < K; k++) weight[start + k] = row[k]! > row[g]! ? 0 : exp(row[k]! - row[g]!);
      }
    }
  }
  const slotOf = new Map(Array.from(slots, (token, slot) => [token, slot]));
  const targets = map.view();
  let place = 0;
  for (const tuple of tuples(tokens, H)) targets[place++] = slotOf.get(counting.generated(tuple))!;
  return { H, weights, order, map };
}
