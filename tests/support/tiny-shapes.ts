/** Parts that the tiny families share. */
import type { TinyOptions, TinySizes } from './tiny-model.ts';

/** Tensors by name with their shapes. */
export type Shapes = [string, number[]][];

/** A weight [out, in], or a vector [n], and a bias. */
export function affine(name: string, shape: number[], bias = true): Shapes {
  return [[`${name}.weight`, shape], ...(bias ? [[`${name}.bias`, shape.slice(0, 1)] as Shapes[number]] : [])];
}

/** The tensors of every layer. */
export function layered(L: number, of: (layer: number) => Shapes): Shapes {
  return Array.from({ length: L }, (_, layer) => of(layer)).flat();
}

/** The usual names of sizes in newer families. */
export function usualSizes({ D, L, H, G, F, maxPositions }: TinySizes, options: TinyOptions): Record<string, unknown> {
  return {
    hidden_size: D,
    num_hidden_layers: L,
    num_attention_heads: H,
    num_key_value_heads: G,
    head_dim: options.K,
    intermediate_size: F,
    max_position_embeddings: maxPositions,
  };
}
