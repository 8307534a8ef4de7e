import type { LocatedTensor, StoredTensors } from './stored-tensors.ts';
import type { TensorPlan } from './tensor-plan.ts';

/** Bytes of each tensor compared at once. */
const CHUNK = 1 << 20;

/**
 * What differs between an unembedding that is stored beside the embedding it should share, and that embedding; null where the two
 * are the same, or only one is stored. Where they differ the stored one counts, as in transformers.
 *
 * @cost reads both up to the first difference.
 */
export async function headDifference(
  { head }: TensorPlan,
  { places }: StoredTensors,
): Promise<'shape' | 'type' | 'values' | null> {
  const embedding = head === null ? undefined : places.get(head.embedding)?.[0];
  const unembedding = head === null ? undefined : places.get(head.unembedding)?.[0];
  if (embedding === undefined || unembedding === undefined) return null;
  if (embedding.stored.shape.join() !== unembedding.stored.shape.join()) return 'shape';
  if (embedding.stored.dtype !== unembedding.stored.dtype) return 'type';
  return (await sameBytes(embedding, unembedding)) ? null : 'values';
}

async function sameBytes(a: LocatedTensor, b: LocatedTensor): Promise<boolean> {
  const length = a.stored.end - a.stored.begin;
  const buffers = [new Uint8Array(Math.min(CHUNK, length)), new Uint8Array(Math.min(CHUNK, length))] as const;
  for (let at = 0; at < length; at += CHUNK) {
    const [left, right] = buffers.map((buffer) => buffer.subarray(0, Math.min(CHUNK, length - at))) as [
      Uint8Array,
      Uint8Array,
    ];
    await a.file.bytes.read(a.stored.begin + at, left);
    await b.file.bytes.read(b.stored.begin + at, right);
    if (!left.every((byte, i) => byte === right[i])) return false;
  }
  return true;
}
