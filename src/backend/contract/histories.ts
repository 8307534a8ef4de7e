import type { Block } from '../memory.ts';

/** Tokens whose masses are summed together; rows of weights and counts are padded with zeros to a multiple of it. */
export const MASS_GROUP = 8;

/** Numbers that a walk keeps for logarithms it takes together. */
export const WALK_BUFFER = 128;

/** Attention blocks of an open system over N tokens, one behind the other; P is N rounded up to {@link MASS_GROUP}. */
export interface BlockTables {
  /** B×N×P: e^{G[q,k] − g_q}, none of those that can occur so small that it counts as 0. */
  readonly weights: Block<'f64'>;
  /** B×N×P: G[q,k] − g_q. */
  readonly logWeights: Block<'f64'>;
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
  readonly startCounts: Block<'f64'>;
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

/** Where a depth-first walk over all strings stands, and what it has added up. All numbers live in the host's blocks. */
export interface Enumeration {
  /** P occurrences of the tokens in the history that the walk starts from; the walk puts them back. */
  readonly counts: Block<'f64'>;
  /** ln c at place c, up to the length of the longest string. */
  readonly logCounts: Block<'f64'>;
  /** 3 + L: level, whether its node is still to be expanded; then the last token of the history and the tokens of the path. At first 0, 1, the last token. */
  readonly state: Block<'i32'>;
  /** 1 + L·N + {@link WALK_BUFFER}: the weight of the history; then, by level, the probabilities of a node's children. */
  readonly path: Block<'f64'>;
  /** L×N: adds the probability that step ℓ gives token y. */
  readonly marginals: Block<'f64'>;
  /** L: the first string of the largest probability. */
  readonly best: Block<'i32'>;
  /** Number of strings, Σ P², Σ_h P ln Z, Σ_h (P/Z)·Σ_y m_y ln m_y in nats, the largest P. */
  readonly sums: Block<'f64'>;
}

/** Strings numbered as nodes of a prefix tree; node 0 is the empty string. */
export interface NumberedStrings {
  /** By node, twice: the node of all tokens but the last, and the last. Room for half as many nodes as there are slots. */
  readonly nodes: Block<'i32'>;
  /** A power of two of them, at first 0: the nodes by a hash of what `nodes` holds. */
  readonly slots: Block<'i32'>;
  /** 1: number of nodes, at first 1. */
  readonly size: Block<'i32'>;
}

export interface HistoryKernels {
  /** Goes on with a walk until `budget` nodes are expanded, or up to N more; gives back whether it is done. L ≥ 1. */
  enumerateBlocks(
    call: BlockTables &
      Enumeration & {
        readonly L: number;
        readonly budget: number;
      },
  ): boolean;
  /**
   * Trajectories first … first+count−1 of L steps; step ℓ uses block (ℓ−1) mod B. `work` holds L + 1 + P + P/8 numbers.
   * Trajectory t draws from stream t: number 0 prepares a text, number ℓ the token that is attended to in step ℓ.
   */
  sampleBlocks(
    call: BlockTables &
      StartTables &
      TrajectoryOutputs & {
        readonly L: number;
        readonly seed: bigint;
        readonly first: bigint;
        readonly count: number;
        readonly work: Block<'f64'>;
      },
  ): void;
  /**
   * numbers[i] = node of string i, which is node above[parents[i]] with tokens[i] appended, or that node itself for null.
   * Gives back how many strings were numbered: fewer than `count` if half of the slots were taken before.
   */
  numberStrings(
    call: NumberedStrings & {
      readonly above: Block<'i32'>;
      readonly parents: Block<'i32'>;
      readonly tokens: Block<'i32'> | null;
      readonly count: number;
      readonly numbers: Block<'i32'>;
    },
  ): number;
  /** Enters nodes first … end−1 in slots that do not hold them yet. */
  placeStrings(
    call: NumberedStrings & {
      readonly first: number;
      readonly end: number;
    },
  ): void;
  /** sums[2k] + sums[2k+1] += values of key k, compensated. */
  sumByKey(call: {
    readonly keys: Block<'i32'>;
    readonly values: Block<'f64'>;
    readonly count: number;
    readonly sums: Block<'f64'>;
  }): void;
}
