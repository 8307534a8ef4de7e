import { DomainError } from '../../core/errors.ts';
import { log } from '../../math/log.ts';
import type { ResolventGrid } from '../resolvent/resolvent-grid.ts';

/** Lines on which a grid of values crosses one level. */
export interface ContourLines {
  /** ε, the value on the lines. */
  readonly level: number;
  /** Interleaved points; a closed line ends where it began. */
  readonly lines: readonly Float64Array[];
}

/** Logarithms of values below this are taken here: 0 has none. */
const LEAST = 1e-320;

/**
 * Level lines of σ_min on a grid, as polygons: marching squares on log σ_min, which is nearly linear where σ_min spans decades. In a cell
 * whose opposite corners lie on one side, the mean of the four decides what is joined.
 *
 * @param levels positive ε.
 * @throws DomainError for a level that is not positive and finite.
 * @accuracy that of linear interpolation: the square of the spacing.
 * @cost one pass per level.
 * @source W. E. Lorensen, H. E. Cline, Computer Graphics 21 (1987) 163, in two dimensions.
 * @example
 * const [outer] = contourLines(resolventGrid(backend, a), [0.1]);
 */
export function contourLines(
  { re, im, sigmaMin }: Pick<ResolventGrid, 're' | 'im' | 'sigmaMin'>,
  levels: readonly number[],
): ContourLines[] {
  const heights = sigmaMin.map((sigma) => log(Math.max(sigma, LEAST)));
  return levels.map((level) => {
    if (!(level > 0 && level < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`contourLines: every level must be a positive number, but one is ${String(level)}.`);
    }
    const height = log(level);
    return { level, lines: joined(crossings(heights, re.length, im.length, height), { re, im, heights, height }) };
  });
}

interface Field {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly heights: Float64Array;
  readonly height: number;
}

/** Pairs of edges that a line joins within a cell. Edge 2p goes from grid point p to the right, 2p + 1 upwards. */
function crossings(heights: Float64Array, columns: number, rows: number, height: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const p = j * columns + i;
      const corners = [p, p + 1, p + 1 + columns, p + columns].map((at) => heights[at]!);
      const inside = corners.map((value) => value < height);
      // Edges between corners k and k + 1, counter-clockwise from the bottom.
      const edges = [2 * p, 2 * (p + 1) + 1, 2 * (p + columns), 2 * p + 1];
      const crossed = [0, 1, 2, 3].filter((k) => inside[k] !== inside[(k + 1) % 4]);
      if (crossed.length === 2) pairs.push([edges[crossed[0]!]!, edges[crossed[1]!]!]);
      else if (crossed.length === 4) {
        const centre = corners.reduce((sum, value) => sum + value / 4, 0) < height;
        // Corner 0 is cut off when the centre is on the other side, else corner 1.
        const [a, b] = centre === inside[0] ? [0, 2] : [3, 1];
        pairs.push([edges[a]!, edges[(a + 1) % 4]!], [edges[b]!, edges[(b + 1) % 4]!]);
      }
    }
  }
  return pairs;
}

/** Segments strung together at the edges that they share. */
function joined(pairs: readonly [number, number][], field: Field): Float64Array[] {
  const at = new Map<number, number[]>();
  for (const [k, pair] of pairs.entries()) for (const edge of pair) at.set(edge, [...(at.get(edge) ?? []), k]);
  const used = new Uint8Array(pairs.length);
  const follow = (start: number): number[] => {
    const edges: number[] = [];
    for (let edge = start; ; ) {
      const next = at.get(edge)!.find((k) => used[k] === 0);
      if (next === undefined) return edges;
      used[next] = 1;
      const [a, b] = pairs[next]!;
      edge = a === edge ? b : a;
      edges.push(edge);
    }
  };
  return pairs.flatMap(([first], k) => {
    if (used[k] === 1) return [];
    const forward = follow(first);
    const backward = follow(first);
    return [Float64Array.from([...backward.reverse(), first, ...forward].flatMap((edge) => placeOn(edge, field)))];
  });
}

/** Where the level crosses an edge. */
function placeOn(edge: number, { re, im, heights, height }: Field): [number, number] {
  const columns = re.length;
  const p = edge >> 1;
  const up = edge % 2 === 1;
  const [i, j] = [p % columns, Math.floor(p / columns)];
  const [from, to] = [heights[p]!, heights[up ? p + columns : p + 1]!];
  const share = (height - from) / (to - from);
  return up ? [re[i]!, im[j]! + share * (im[j + 1]! - im[j]!)] : [re[i]! + share * (re[i + 1]! - re[i]!), im[j]!];
}
