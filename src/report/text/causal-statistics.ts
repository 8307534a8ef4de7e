/** Statistics of causal attention, in words. */
export const CAUSAL_STATISTICS = {
  diagonal: 'to itself',
  gap: 'gap below 1',
  firstColumn: 'to the first token',
  previous: 'to the token before',
  norm: '‖A‖',
  stableRank: 'stable rank',
} as const;
