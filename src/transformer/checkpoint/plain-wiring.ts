import type { ModelConfig } from './family.ts';

/** What most families do without: to be spread into a configuration, before what the family has of it. */
export const PLAIN_WIRING = {
  sharedNorm: false,
  firstNorm: true,
  finalNorm: true,
  embeddingNorm: false,
  embeddingWidth: null,
  embeddingScale: 1,
  residualScale: 1,
  logitScale: 1,
  logitCap: null,
  tokenTypes: 0,
  normWeights: true,
  queryKeyNorm: null,
  clampQkv: null,
  scoreCap: null,
} as const satisfies Partial<ModelConfig>;
