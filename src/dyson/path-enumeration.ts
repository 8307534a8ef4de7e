/** Every path, by what beginnings and ends give together. */
import { multiply } from '../linalg/index.ts';
import type { LargestPaths } from './largest-paths.ts';
import type { PathHalves } from './path-halves.ts';
import { rowsToMatrix } from './vectors.ts';

/** Contributions that are formed at once. */
const PAIRS_AT_ONCE = 2 ** 20;

/** Offers the contribution of every beginning with every end. */
export function enumeratePaths(halves: PathHalves, middle: number, largest: LargestPaths): void {
  const { backend } = halves.operators.model;
  const [prefixes, suffixes] = [halves.prefixes(middle), halves.suffixes(middle)];
  const open = suffixes.filter(({ closed }) => !closed);
  const ends = rowsToMatrix(open.map(({ vector }) => vector));
  const atOnce = Math.max(1, Math.floor(PAIRS_AT_ONCE / Math.max(open.length, ends.columns)));
  for (let first = 0; first < prefixes.length; first += atOnce) {
    const part = prefixes.slice(first, first + atOnce);
    const { data } = multiply(backend, rowsToMatrix(part.map(({ state }) => state)), ends, { opB: 'transpose' });
    for (const [i, { channels }] of part.entries()) {
      const starts = channels.length === 0;
      for (const [j, end] of open.entries()) {
        const value = data[i * open.length + j]!;
        largest.offer(channels, end.channels, starts ? value + end.constant : value);
      }
    }
  }
  for (const { closed, channels, constant } of suffixes) if (closed) largest.offer([], channels, constant);
}
