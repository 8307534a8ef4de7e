import type { Block, RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import type { NormWeights } from '../transformer/weights.ts';

/** A norm N with its scale frozen on a trace, the linear map x ↦ γ ⊙ (x − mean)/σ, and β besides. */
export interface FrozenNorm {
  /** γ and β. */
  readonly norm: NormWeights;
  /** σ of each token. */
  readonly scale: Block<'f64'>;
}

/** One token of a frozen norm. */
export function normOfToken(norm: FrozenNorm | null, row: number): FrozenNorm | null {
  return norm === null ? null : { ...norm, scale: norm.scale.part(row, 1) };
}

/** y = N x for stacked states of T rows; x and y may coincide. */
export function applyNorm({ backend, config }: Model, { norm, scale }: FrozenNorm, x: RealBlock, y: RealBlock): void {
  const { D } = config;
  const [T, centred] = [scale.length, config.norm.kind === 'layer'];
  backend.kernels.frozenNorm({ x, gamma: norm.gamma, scale, y, rows: x.length / D, T, D, centred });
}

/** y = Nᵀ x for stacked states of T rows; x and y may coincide. */
export function applyNormAdjoint(
  { backend, config }: Model,
  { norm, scale }: FrozenNorm,
  x: RealBlock,
  y: RealBlock,
): void {
  const { D } = config;
  const [T, centred] = [scale.length, config.norm.kind === 'layer'];
  backend.kernels.frozenNormAdjoint({ x, gamma: norm.gamma, scale, y, rows: x.length / D, T, D, centred });
}
