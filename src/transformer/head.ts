import type { RealBlock } from '../backend/memory.ts';
import { unitCount } from './config.ts';
import { scaleBy } from './factors.ts';
import type { Model } from './model.ts';

/**
 * Logits of rows that the final norm gave, a column for each output unit: s·(x W_out W_U + b_U) with the factor s on the logits and the map W_out to
 * the width of the unembedding, where a model has them; then the soft cap c·tanh(·/c), if it has one. The block belongs to the caller's
 * scope.
 */
export function unembed(model: Model, x: RealBlock, rows: number): RealBlock {
  const logits = model.backend.memory.allocate(x.kind, rows * unitCount(model.config)) as RealBlock;
  uncappedLogits(model, x, logits, rows, true);
  capLogits(model, logits);
  return logits;
}

/** The logits before their cap, into a block of rows×units; without b_U unless `biased`. */
export function uncappedLogits(model: Model, x: RealBlock, logits: RealBlock, rows: number, biased: boolean): void {
  const { memory, kernels } = model.backend;
  const { embeddingOut, unembedding } = model.weights;
  const { weights, bias, k, n } = unembedding;
  memory.scope(() => {
    let narrow = x;
    if (embeddingOut !== null) {
      narrow = memory.allocate(x.kind, rows * embeddingOut.n) as RealBlock;
      const { weights, k, n } = embeddingOut;
      kernels.linear({ x, weights, bias: null, y: narrow, rows, k, n });
    }
    kernels.linear({ x: narrow, weights, bias: biased ? bias : null, y: logits, rows, k, n });
  });
  scaleBy(logits, model.config.logitScale);
}

/** The soft cap of a model's logits, in place; nothing where it has none. */
export function capLogits({ backend, config: { logitCap } }: Model, logits: RealBlock): void {
  if (logitCap !== null) backend.kernels.softCap({ x: logits, y: logits, n: logits.length, cap: logitCap });
}

/** The gradient of a scalar with respect to the capped logits becomes that with respect to the uncapped ones: times 1 − (capped/c)². */
export function uncapGradient({ config: { logitCap } }: Model, gradient: RealBlock, capped: ArrayLike<number>): void {
  if (logitCap === null) return;
  const view = gradient.view();
  for (let i = 0; i < view.length; i++) view[i]! *= 1 - (capped[i]! / logitCap) ** 2;
}
