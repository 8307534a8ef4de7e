import type { AttentionShape } from '../backend/contract/network.ts';
import type { Block } from '../backend/memory.ts';
import type { TransformerConfig } from './config.ts';
import type { Model } from './model.ts';

/** What attention in a layer is, whatever the rows. */
export type LayerAttention = Omit<AttentionShape, 'T' | 'first' | 'capacity'>;

/** The attention of a layer. */
export function layerAttention(config: TransformerConfig, layer: number): LayerAttention {
  const { H, G, K, attentionScale, scoreCap, attentionWindow, causal } = config;
  return { H, G, K, scale: attentionScale[layer]!, cap: scoreCap ?? 0, window: attentionWindow[layer]!, causal };
}

/** The slopes on distances as a block of the caller's scope; null without them. */
export function slopesOf({ backend, config }: Pick<Model, 'backend' | 'config'>): Block<'f64'> | null {
  if (config.positions.kind !== 'alibi') return null;
  const block = backend.memory.allocate('f64', config.H);
  block.view().set(config.positions.slopes);
  return block;
}
