import type { ModelConfig } from './family.ts';

/** What most families are: language models with norms before the sublayers and nothing besides. To be spread into a configuration, before what the family has otherwise. */
export const PLAIN_WIRING = {
  classes: null,
  causal: true,
  normPlacement: 'pre',
  residual: 'sequential',
  sharedNorm: false,
  firstNorm: true,
  finalNorm: true,
  embeddingNorm: false,
  headTransform: null,
  headless: false,
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
