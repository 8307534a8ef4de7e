import type { Block } from '../memory.ts';

/** Tokens whose masses are summed together; rows of weights and counts are padded with zeros to a multiple of it. */
export const MASS_GROUP = 8;

/** Attention blocks of an open system over N tokens, one behind the other; P is N rounded up to {@link MASS_GROUP}. */
export interface BlockTables {
  /** B×N×P: e^{G[q,k] − g_q}, none of those that can occur so small that it counts as 0. */
  readonly weights: Block<'f64'>;
  /** B×N: φ. */
  readonly tokenMap: Block<'i32'>;
  /** B×(N+1) places in `sources`, and B×N: the tokens k with φ(k) = y are those from place y to place y+1. */
  readonly places: Block<'i32'>;
  readonly sources: Block<'i32'>;
  readonly B: number;
  readonly N: number;
}

/** The mixture that trajectories start from. */
export interface StartTables {
  /** Sums of the first 1, 2, … weights. */
  readonly cumulative: Block<'f64'>;
  /** texts×P: how often each token occurs. */
  readonly counts: Block<'f64'>;
  /** The last token of each text. */
  readonly last: Block<'i32'>;
  readonly texts: number;
}

/** What trajectories leave behind: the first array adds up over calls, the others hold `count` entries or are null. */
export interface TrajectoryOutputs {
  /** L×N: how many trajectories gave token y in step ℓ. */
  readonly marginals: Block<'f64'>;
  /** count×L outcomes. */
  readonly tokens: Block<'i32'> | null;
  /** The text that each was prepared in. */
  readonly prepared: Block<'i32'>;
  /** ln P(outcomes | text), in nats. */
  readonly logProbability: Block<'f64'>;
}

export interface TrajectoryKernels {
  /**
   * Trajectories first … first+count−1 of L steps; step ℓ uses block (ℓ−1) mod B. `work` holds L + 1 + P + P/8 numbers.
   * Trajectory t draws from stream t: number 0 prepares a text, number ℓ the token that is attended to in step ℓ.
   */
  sampleBlocks(
    blocks: BlockTables,
    start: StartTables,
    L: number,
    seed: bigint,
    first: bigint,
    count: number,
    outputs: TrajectoryOutputs,
    work: Block<'f64'>,
  ): void;
}
