import type { RealBlock } from '../backend/memory.ts';
import type { AttentionCache } from './block.ts';
import { layerAttention, slopesOf } from './layer-attention.ts';
import type { Recorder } from './recorder.ts';
import type { Session } from './session.ts';

/** The cache of T rows at positions `first` … of a session's sequence, written behind what is there and attending to all of it. */
export function sequenceCache(
  { model, precision, capacity, caches }: Pick<Session, 'model' | 'precision' | 'capacity' | 'caches'>,
  first: number,
  T: number,
  recorder: Recorder,
): AttentionCache {
  const { memory, kernels } = model.backend;
  const { H, G, K, causal } = model.config;
  const slopes = slopesOf(model);
  return {
    valuesOfRows: (layer) => caches[layer]!.values.part(first * G * K, T * G * K) as RealBlock,
    attend(layer, q, k, z) {
      const { keysT, values } = caches[layer]!;
      const name = `blocks.${layer}.attn.pattern`;
      kernels.storeKeys({ keys: k, keysT, T, first, G, K, capacity });
      const pattern =
        recorder.wants(name) || recorder.changes(name)
          ? (memory.allocate(precision, H * T * (first + T)) as RealBlock)
          : null;
      const scratch = memory.allocate('f64', 2 * capacity);
      const { scale, cap, window } = layerAttention(model.config, layer);
      kernels.attend({
        q,
        keysT,
        values,
        z,
        pattern,
        scratch,
        slopes,
        T,
        first,
        H,
        G,
        K,
        capacity,
        scale,
        cap,
        window,
        causal,
      });
      if (pattern === null) return;
      recorder.record(name, [H, T, first + T], pattern);
      if (recorder.changes(name)) kernels.attendFrozen({ pattern, values, z, states: 1, T, H, G, K, causal });
    },
  };
}
