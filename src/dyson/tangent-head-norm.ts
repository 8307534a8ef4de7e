import type { Allocator, Block } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import { type NormRows, normRows, splitWeights, timesHeads } from '../transformer/query-key-norm.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';
import type { LinearWeights, NormWeights } from '../transformer/weights.ts';

/** Where a norm of queries or keys is linearised. */
export interface HeadNormPoint extends NormRows {
  readonly weights: NormWeights;
  /** Queries or keys before it. */
  readonly x: Block<'f64'>;
  readonly scale: Block<'f64'>;
}

/**
 * The point of a norm of queries or keys of a layer on a trace, or null where there is none.
 *
 * @param input what the layer's queries and keys are made of, T×D
 */
export function headNormPoint(
  model: Model,
  trace: Trace,
  layer: number,
  part: 'q' | 'k',
  input: Block<'f64'>,
  hold: Allocator,
): HeadNormPoint | null {
  const layerWeights = model.weights.layers[layer]!;
  const weights = layerWeights[`${part}Norm`];
  if (weights === null) return null;
  const { H, G, K } = model.config;
  const heads = part === 'q' ? H : G;
  const T = trace.ids.length;
  const x = hold.allocate('f64', T * heads * K);
  const { weights: matrix, bias, k, n }: LinearWeights = layerWeights[part];
  model.backend.kernels.linear({ x: input, weights: matrix, bias, y: x, rows: T, k, n });
  const rows = normRows(model.config, T, heads);
  const scale = hold.allocate('f64', rows.rows);
  scale.view().set(activationOf(trace, `blocks.${layer}.attn.${part}_norm.scale`).data);
  return { weights, x, scale, ...rows };
}

/** The derivative of the norm along dx, in place, over stacked states; or its transpose. */
export function applyHeadNorm(
  model: Model,
  { weights, x, scale, rows, D }: HeadNormPoint,
  dx: Block<'f64'>,
  transposed: boolean,
): void {
  const { memory, kernels } = model.backend;
  memory.scope(() => {
    const { row, own } = splitWeights(model, weights, D);
    if (own !== null && transposed) timesHeads(model, dx, own);
    const centred = model.config.norm.kind === 'layer';
    const { gamma } = row;
    kernels.normTangent({ x, gamma, scale, dx, dy: dx, rows: dx.length / D, T: rows, D, centred, transposed });
    if (own !== null && !transposed) timesHeads(model, dx, own);
  });
}
