import golden from '../golden/encoder.json' with { type: 'json' };
import { goldenCheckpoint } from './golden-model.ts';

/** The post-norm encoder of tests/golden/make-encoder.py as a checkpoint; `config` replaces fields. */
export function goldenEncoder(config: Readonly<Record<string, unknown>> = {}) {
  return goldenCheckpoint({ ...golden, config: { ...golden.config, ...config } }, '', 'encoder');
}
