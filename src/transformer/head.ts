import type { RealBlock } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import { unitCount } from './config.ts';
import { scaleBy } from './factors.ts';
import { transformHead } from './head-transform.ts';
import type { Model } from './model.ts';
import { Recorder } from './recorder.ts';
import type { LinearWeights } from './weights.ts';

/** The unembedding. @throws DomainError if the model has no head. */
export function unembeddingOf(
  where: string,
  { label, weights: { unembedding } }: { readonly label: string; readonly weights: Model['weights'] },
): LinearWeights {
  if (unembedding !== null) return unembedding;
  throw noHead(where, label);
}

/** @throws DomainError if nothing follows the last stream of a model. */
export function checkHead(where: string, { label, config }: Pick<Model, 'label' | 'config'>): void {
  if (config.headless) throw noHead(where, label);
}

function noHead(where: string, label: string): DomainError {
  return new DomainError(
    `${where}: the model must give logits, but ${label} is an encoder without a head. Look at its streams and patterns with trace, at its matrices with spectra.`,
  );
}

/**
 * Logits of rows that the final norm gave, a column for each output unit: s·(x W_out W_U + b_U), with the head's transform of x, the factor s on the logits and
 * the map W_out to the width of the unembedding, where a model has them; then the soft cap c·tanh(·/c), if it has one. The block belongs to the
 * caller's scope.
 */
export function unembed(model: Model, x: RealBlock, rows: number): RealBlock {
  return logitsOf(model, transformHead(model, x, rows, new Recorder(new Set())), rows);
}

/** The same of rows that went through the head's transform. */
export function logitsOf(model: Model, x: RealBlock, rows: number): RealBlock {
  const logits = model.backend.memory.allocate(x.kind, rows * unitCount(model.config)) as RealBlock;
  uncappedLogits(model, x, logits, rows, true);
  capLogits(model, logits);
  return logits;
}

/** The logits before their cap, of rows that went through the head's transform, into a block of rows×units; without b_U unless `biased`. */
export function uncappedLogits(model: Model, x: RealBlock, logits: RealBlock, rows: number, biased: boolean): void {
  const { memory, kernels } = model.backend;
  const { embeddingOut } = model.weights;
  const { weights, bias, k, n } = unembeddingOf('unembed', model);
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
