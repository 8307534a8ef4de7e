import type { Backend } from '../backend/backend.ts';
import { type BlockTables, MASS_GROUP, type StartTables } from '../backend/contract/histories.ts';
import type { Block, ElementKind } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import { exp } from '../math/exp.ts';
import { log } from '../math/log.ts';
import type { AttentionBlock } from './attention-block.ts';
import { BlockLaw } from './block-law.ts';
import type { DiagonalState } from './diagonal-state.ts';
import type { NextTokenLaw } from './next-token-law.ts';

/** Attention blocks and the texts they start from, as plain arrays: what a worker needs. Names as in {@link BlockTables}. */
export interface SystemTables {
  readonly B: number;
  readonly N: number;
  readonly weights: Float64Array;
  readonly logWeights: Float64Array;
  readonly tokenMap: Int32Array;
  readonly places: Int32Array;
  readonly sources: Int32Array;
  readonly texts: number;
  readonly cumulative: Float64Array;
  /** ln of each weight. */
  readonly logWeight: Float64Array;
  readonly counts: Float64Array;
  readonly last: Int32Array;
}

/** Scores of one query that lie further apart than this would make masses of tokens that occur vanish. */
const WIDEST = 300;

/**
 * The tables of blocks that act on a start state in turn.
 *
 * @throws DomainError for a vacuum in the mixture, which has no query, and where the scores of tokens that can occur lie more than 300 apart.
 */
export function systemTables(where: string, blocks: readonly AttentionBlock[], start: DiagonalState): SystemTables {
  const B = blocks.length;
  const N = start.V;
  const P = MASS_GROUP * Math.ceil(N / MASS_GROUP);
  const occurs = tokensThatOccur(blocks, start);
  const logWeights = new Float64Array(B * N * P);
  const weights = new Float64Array(B * N * P);
  const tokenMap = new Int32Array(B * N);
  const places = new Int32Array(B * (N + 1));
  const sources = new Int32Array(B * N);
  for (const [b, block] of blocks.entries()) {
    for (const q of occurs) {
      const row = (b * N + q) * P;
      const below = scoresBelow(where, block, q, occurs);
      for (const [i, k] of occurs.entries()) {
        logWeights[row + k] = -below[i]!;
        weights[row + k] = exp(-below[i]!);
      }
    }
    tokenMap.set(block.tokenMap, b * N);
    let place = 0;
    for (let y = 0; y < N; y++) {
      for (let k = 0; k < N; k++) if (block.tokenMap[k] === y) sources[b * N + place++] = k;
      places[b * (N + 1) + y + 1] = place;
    }
  }
  const texts = start.count;
  const cumulative = new Float64Array(texts);
  const counts = new Float64Array(texts * P);
  const last = new Int32Array(texts);
  let sum = 0;
  for (let i = 0; i < texts; i++) {
    const text = start.string(i);
    if (text.length === 0)
      throw new DomainError(
        `${where}: texts must not be empty, but one is. The vacuum has no query; use sampleTrajectories.`,
      );
    cumulative[i] = sum += start.weight[i]!;
    last[i] = text.at(-1)!;
    for (const token of text) counts[i * P + token]! += 1;
  }
  const logWeight = start.weight.map(log);
  return { B, N, weights, logWeights, tokenMap, places, sources, texts, cumulative, logWeight, counts, last };
}

/** Copies the tables into a backend's memory, for as long as the enclosing scope lasts. */
export function loadTables({ memory }: Backend, tables: SystemTables): { blocks: BlockTables; start: StartTables } {
  const put = <K extends ElementKind>(kind: K, data: Float64Array | Int32Array): Block<K> => {
    const block = memory.allocate(kind, data.length);
    (block.view() as Float64Array | Int32Array).set(data);
    return block;
  };
  const { B, N, texts } = tables;
  return {
    blocks: {
      B,
      N,
      weights: put('f64', tables.weights),
      logWeights: put('f64', tables.logWeights),
      tokenMap: put('i32', tables.tokenMap),
      places: put('i32', tables.places),
      sources: put('i32', tables.sources),
    },
    start: {
      texts,
      cumulative: put('f64', tables.cumulative),
      startCounts: put('f64', tables.counts),
      last: put('i32', tables.last),
    },
  };
}

/** The blocks behind laws. @throws DomainError for a law that is not one of a single-head block. */
export function blocksOf(where: string, laws: readonly NextTokenLaw[]): AttentionBlock[] {
  return laws.map((law, i) => {
    if (law instanceof BlockLaw) return law.block;
    throw new DomainError(
      `${where}: laws must be those of single-head attention blocks, but laws[${i}] is another. Use sampleTrajectories.`,
    );
  });
}

/** Tokens of the texts, and all that blocks can make of tokens that occur; in order. */
function tokensThatOccur(blocks: readonly AttentionBlock[], start: DiagonalState): number[] {
  const occurs = new Set<number>();
  for (let i = 0; i < start.count; i++) for (const token of start.string(i)) occurs.add(token);
  // A set grows while it is walked, so images of images are reached.
  for (const token of occurs) for (const block of blocks) occurs.add(block.tokenMap[token]!);
  return [...occurs].sort((a, b) => a - b);
}

/** How far each score of a query lies below the largest. */
function scoresBelow(where: string, block: AttentionBlock, q: number, occurs: readonly number[]): number[] {
  const scores = occurs.map((k) => block.scores[q * block.tokens.N + k]!);
  const largest = Math.max(...scores);
  const below = scores.map((score) => largest - score);
  const i = below.findIndex((distance) => distance > WIDEST);
  if (i < 0) return below;
  const [query, key] = [block.tokens.names[q], block.tokens.names[occurs[i]!]];
  throw new DomainError(
    `${where}: scores of one query must lie within ${WIDEST}, but for query '${query}' that of '${key}' is ${below[i]} below the largest. Use sampleTrajectories or propagate.`,
  );
}
