import type { Block, RealBlock } from '../backend/memory.ts';
import type { Model } from './model.ts';
import type { NormWeights } from './weights.ts';

/** The model's kind of norm over `rows` rows of x; the scale (σ or rms) of each row goes to `scale`. */
export function normalise(
  { backend, config }: Model,
  { gamma, beta }: NormWeights,
  x: RealBlock,
  y: RealBlock,
  scale: Block<'f64'>,
  rows: number,
): void {
  const { kernels } = backend;
  if (beta !== null) kernels.layerNorm(x, gamma, beta, y, scale, rows, config.D, config.norm.eps);
  else kernels.rmsNorm(x, gamma, y, scale, rows, config.D, config.norm.eps);
}
