import type { TransformerConfig } from './config.ts';

/**
 * Parts that a model has, or lacks, beside what most models do, by their names in the configuration: the others are not named. An empty record is a plain
 * transformer. `normOffset` is what is added to every γ, `normBias` whether norms add a β where their kind usually does not, or the other way round.
 */
export function wiringOf(config: TransformerConfig): Readonly<Record<string, number | boolean | string>> {
  const { queryKeyNorm, norm, positions, sharedNorm, firstNorm, finalNorm, embeddingNorm, normPlacement } = config;
  return {
    ...(norm.offset === 0 ? {} : { normOffset: norm.offset }),
    ...(norm.bias === (norm.kind === 'layer') ? {} : { normBias: norm.bias }),
    ...(config.normWeights ? {} : { normWeights: false }),
    ...(sharedNorm ? { sharedNorm } : {}),
    ...(firstNorm ? {} : { firstNorm }),
    ...(finalNorm === (normPlacement !== 'post') ? {} : { finalNorm }),
    ...(embeddingNorm ? { embeddingNorm } : {}),
    ...(config.embeddingWidth === null ? {} : { embeddingWidth: config.embeddingWidth }),
    ...(config.embeddingScale === 1 ? {} : { embeddingScale: config.embeddingScale }),
    ...(config.residualScale === 1 ? {} : { residualScale: config.residualScale }),
    ...(config.logitScale === 1 ? {} : { logitScale: config.logitScale }),
    ...(config.logitCap === null ? {} : { logitCap: config.logitCap }),
    ...(queryKeyNorm === null ? {} : { queryKeyNorm: queryKeyNorm.per + (queryKeyNorm.bias ? ' with bias' : '') }),
    ...(config.clampQkv === null ? {} : { clampQkv: config.clampQkv }),
    ...(config.scoreCap === null ? {} : { scoreCap: config.scoreCap }),
    ...(config.tokenTypes === 0 ? {} : { tokenTypes: config.tokenTypes }),
    ...(positions.kind === 'learned' && positions.firstRow > 0 ? { firstRow: positions.firstRow } : {}),
    ...(config.biases.head ? { headBias: true } : {}),
  };
}
