import { UMAP } from 'umap-js';
import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkWord64, fillUniform } from '../../core/philox.ts';
import { Matrix } from '../../linalg/matrix/matrix.ts';
import { QLENS_DEFAULTS } from '../defaults.ts';
import { checkCosines } from './similarity.ts';

/** Options of `umapOf`. */
export interface UmapOptions {
  /** Neighbours of each point, at least 2; fewer where there are fewer points. Default 15. */
  readonly neighbours?: number;
  /** Least distance between points of the picture, in [0, 1]. Default 0.1. */
  readonly minDist?: number;
  /** Default 1. */
  readonly seed?: bigint;
}

/**
 * A picture of n points in the plane from their distances, by UMAP (the library umap-js) with exact nearest neighbours. It keeps
 * neighbourhoods; lengths and areas in it mean nothing.
 *
 * @param distances n×n, n ≥ 4.
 * @returns n×2
 * @throws ShapeError, DomainError.
 * @accuracy the same for the same seed on one engine; the library uses the engine's own exponentials and powers.
 * @source L. McInnes, J. Healy, J. Melville, arXiv:1802.03426.
 */
export function umapOf(
  distances: Matrix,
  { neighbours = 15, minDist = 0.1, seed = QLENS_DEFAULTS.seed }: UmapOptions = {},
): Matrix {
  const where = 'umapOf';
  const n = checkCosines(where, distances);
  if (n < 4) throw new DomainError(`${where}: distances must be between at least 4 points, but there are ${n}.`);
  checkInteger(where, 'neighbours', neighbours, 2);
  checkWord64(where, 'seed', seed);
  if (!(minDist >= 0 && minDist <= 1)) {
    throw new DomainError(`${where}: minDist must lie in [0, 1], but it is ${String(minDist)}.`);
  }
  const { data } = distances;
  const count = Math.min(neighbours, n - 1);
  const umap = new UMAP({
    nNeighbors: count,
    minDist,
    random: uniformNumbers(seed),
    distanceFn: ([i], [j]) => data[i! * n + j!]!,
  });
  const nearest = Array.from({ length: n }, (_, i) => {
    const distanceTo = (j: number): number => (j === i ? -1 : data[i * n + j]!);
    const order = Array.from({ length: n }, (_, j) => j).sort((j, l) => distanceTo(j) - distanceTo(l) || j - l);
    return order.slice(0, count);
  });
  umap.setPrecomputedKNN(
    nearest,
    nearest.map((row, i) => row.map((j) => data[i * n + j]!)),
  );
  const points = umap.fit(Array.from({ length: n }, (_, i) => [i]));
  return Matrix.fromRows(points);
}

/** The numbers of stream 0, drawn many at a time: the layout takes millions. */
function uniformNumbers(seed: bigint): () => number {
  const buffer = new Float64Array(4096);
  let drawn = 0;
  return () => {
    const at = drawn % buffer.length;
    if (at === 0) fillUniform(buffer, seed, 0n, drawn, buffer.length);
    drawn++;
    return buffer[at]!;
  };
}
