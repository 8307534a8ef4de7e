import type { Allocator, Block, RealBlock } from '../backend/memory.ts';
import type { Model } from './model.ts';
import { normalise, recordedNorm } from './norm.ts';
import type { Recorder } from './recorder.ts';

/** Where a head's transform was evaluated, as its gradient needs it. */
export interface HeadPoint {
  /** z = x W + b, rows×D. */
  readonly z: RealBlock;
  /** g(z), rows×D. */
  readonly activated: RealBlock;
  /** σ of each row of g(z). */
  readonly scale: Block<'f64'>;
}

/** Blocks for a {@link HeadPoint} of some rows; null where nothing stands before the unembedding. */
export function headPoint(
  { backend, config }: Model,
  precision: RealBlock['kind'],
  rows: number,
  memory: Allocator = backend.memory,
): HeadPoint | null {
  if (config.headTransform === null) return null;
  const real = () => memory.allocate(precision, rows * config.D) as RealBlock;
  return { z: real(), activated: real(), scale: memory.allocate('f64', rows) };
}

/**
 * The head's transform of masked words, y = N(g(x W + b)), row by row; x itself where there is none. Its activations are `head.pre`, x W + b, and
 * `head.norm.scale`. The block belongs to the caller's scope.
 *
 * @source J. Devlin et al., arXiv:1810.04805, and the published implementation, whose head it is.
 */
export function transformHead(model: Model, x: RealBlock, rows: number, recorder: Recorder): RealBlock {
  const point = headPoint(model, x.kind, rows);
  if (point === null) return x;
  const { D } = model.config;
  const { z, activated } = point;
  affine(model, x, z, rows);
  recorder.record('head.pre', [rows, D], z);
  activate(model, point, rows);
  recordedNorm(model, recorder, 'head.norm.scale', model.weights.headNorm!, activated, z, rows);
  return z;
}

/** The same in place, keeping the point. */
export function transformHeadAt(model: Model, point: HeadPoint | null, x: RealBlock, rows: number): void {
  if (point === null) return;
  affine(model, x, point.z, rows);
  activate(model, point, rows);
  normalise(model, model.weights.headNorm!, point.activated, x, point.scale, rows);
}

/** The gradient with respect to y becomes that with respect to x, in place. */
export function headBackward(model: Model, point: HeadPoint | null, gradient: RealBlock, rows: number): void {
  if (point === null || model.config.headTransform === null) return;
  const { memory, kernels } = model.backend;
  const { D, norm, headTransform } = model.config;
  const n = rows * D;
  memory.scope(() => {
    const inner = memory.allocate(gradient.kind, n) as RealBlock;
    const { gamma } = model.weights.headNorm!;
    const { activated: x, scale } = point;
    kernels.normBackward({ x, gamma, scale, dy: gradient, dx: inner, rows, D, centred: norm.kind === 'layer' });
    const slope = memory.allocate('f64', n);
    slope.view().set(point.z.view().subarray(0, n));
    kernels.activationSlope({ z: slope, r: slope, n, activation: headTransform.activation });
    const [to, factors] = [inner.view(), slope.view()];
    for (let i = 0; i < n; i++) to[i]! *= factors[i]!;
    const { weights, k, n: outputs } = model.weights.headDense!;
    kernels.linearTransposed({ x: inner, weights, y: gradient, rows, k, n: outputs });
  });
}

function affine({ backend, weights }: Model, x: RealBlock, z: RealBlock, rows: number): void {
  const { weights: matrix, bias, k, n } = weights.headDense!;
  backend.kernels.linear({ x, weights: matrix, bias, y: z, rows, k, n });
}

function activate({ backend, config }: Model, { z, activated }: HeadPoint, rows: number): void {
  const n = rows * config.D;
  backend.kernels.gate({ z, r: activated, n, activation: config.headTransform!.activation });
  backend.kernels.multiply({ x: z, r: activated, y: activated, n, period: n });
}
