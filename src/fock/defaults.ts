/** What a run of Chen's model takes where nothing is said. */
export const CHEN_DEFAULTS = {
  /** Entries in marginal laws and in lists of strings. */
  top: 20,
  /** Strings of less weight are dropped. */
  minWeight: 0,
  /** Histories to sample, and their seed. */
  trajectories: 0,
  seed: 1n,
  /** x_0, the token that the vacuum goes to. */
  vacuumToken: 0,
} as const;
