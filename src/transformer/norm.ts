import type { Block, RealBlock } from '../backend/memory.ts';
import type { Model } from './model.ts';
import type { Recorder } from './recorder.ts';
import type { NormWeights } from './weights.ts';

/** The norm again, with scales that were changed. x and y must not overlap. */
export function renormalise(
  { backend, config }: Model,
  { gamma, beta }: NormWeights,
  x: RealBlock,
  y: RealBlock,
  scale: Block<'f64'>,
  rows: number,
  D = config.D,
): void {
  backend.kernels.frozenNorm({ x, gamma, scale, y, rows, T: rows, D, centred: config.norm.kind === 'layer' });
  if (beta === null) return;
  const [view, shift] = [y.view(), beta.view()];
  for (let i = 0; i < rows * D; i++) view[i]! += shift[i % D]!;
}

/** y = norm of x, its scale recorded under a name, and changed first where an intervention says so. x and y must not overlap. */
export function recordedNorm(
  model: Model,
  recorder: Recorder,
  name: string,
  norm: NormWeights,
  x: RealBlock,
  y: RealBlock,
  rows: number,
): void {
  const { memory } = model.backend;
  memory.scope(() => {
    const scale = memory.allocate('f64', rows);
    normalise(model, norm, x, y, scale, rows);
    recorder.record(name, [rows], scale);
    if (recorder.changes(name)) renormalise(model, norm, x, y, scale, rows);
  });
}

/** The norm before the unembedding; nothing where there is none, and the scale is then 1. */
export function finalNormalise(model: Model, x: RealBlock, y: RealBlock, scale: Block<'f64'>, rows: number): void {
  const { finalNorm } = model.weights;
  if (finalNorm !== null) normalise(model, finalNorm, x, y, scale, rows);
  else {
    scale.view().fill(1);
    if (x !== y) y.view().set(x.view());
  }
}

/** The model's kind of norm over `rows` rows of x; the scale (σ or rms) of each row goes to `scale`. */
export function normalise(
  { backend, config }: Model,
  { gamma, beta }: NormWeights,
  x: RealBlock,
  y: RealBlock,
  scale: Block<'f64'>,
  rows: number,
  D = config.D,
): void {
  const { kernels } = backend;
  const { kind, eps } = config.norm;
  if (kind === 'layer') kernels.layerNorm({ x, gamma, beta, y, scale, rows, D, eps });
  else kernels.rmsNorm({ x, gamma, y, scale, rows, D, eps });
}
