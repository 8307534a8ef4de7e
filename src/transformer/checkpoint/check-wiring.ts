import { FormatError } from '../../core/errors.ts';
import type { TransformerConfig } from '../config.ts';

/**
 * Refuses combinations of parts that no family has, and that nothing here was held against.
 *
 * @throws FormatError naming the parts.
 */
export function checkWiring(config: TransformerConfig): void {
  const { norm, normPlacement, residual, sharedNorm, firstNorm, clampQkv, queryKeyNorm } = config;
  if (norm.kind === 'rms' && (norm.bias || queryKeyNorm?.bias === true))
    throw notTogether('a norm that adds a β must be a LayerNorm', 'these are RMSNorms');
  if (residual === 'parallel' && normPlacement !== 'pre') {
    throw notTogether(
      'parallel sublayers must have their norms before them',
      `these have them ${WHERE[normPlacement]}`,
    );
  }
  if (clampQkv !== null && queryKeyNorm !== null)
    throw notTogether('queries and keys must be cut or normed', 'these are both');
  if (sharedNorm && residual !== 'parallel')
    throw notTogether('one norm for attention and MLP must go with parallel sublayers', 'these follow each other');
  if (!firstNorm && (normPlacement !== 'pre' || residual !== 'sequential')) {
    throw notTogether(
      'a first attention without a norm must go with norms before the sublayers, one after the other',
      `these are ${residual} with norms ${WHERE[normPlacement]}`,
    );
  }
}

const WHERE = { pre: 'before', post: 'after the sums', output: 'after', sandwich: 'before and after' } as const;

function notTogether(must: string, but: string): FormatError {
  const message = `openCheckpoint: ${must}, but in config.json ${but}. No model is known to be built like that.`;
  return new FormatError(message, { source: 'config.json' });
}
