import type { Checkpoint, TensorEntry } from '../../src/transformer/checkpoint/checkpoint.ts';
import { dequantised } from './gguf-quantise.ts';

/** The same checkpoint as if its tensors were stored in f32: what a model of narrower weights must equal. */
export function widenedCheckpoint(checkpoint: Checkpoint): Checkpoint {
  const wide = (tensor: TensorEntry): TensorEntry => ({ ...tensor, dtype: 'F32' });
  return {
    ...checkpoint,
    tensors: new Map([...checkpoint.tensors].map(([name, tensor]) => [name, wide(tensor)])),
    readWeights: (visit, options) =>
      checkpoint.readWeights(({ tensor, bytes, ...rows }) => {
        const numbers = dequantised(tensor.dtype, bytes);
        visit({ ...rows, tensor: wide(tensor), bytes: new Uint8Array(numbers.buffer) });
      }, options),
  };
}
