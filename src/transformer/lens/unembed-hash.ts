import { createSha256 } from '../checkpoint/sha256.ts';
import { unembeddingOf } from '../head.ts';
import type { Model } from '../model.ts';
import { columnsOfMatrix } from '../resident-columns.ts';
import { numpyText } from './numpy-text.ts';

const known = new WeakMap<Model, readonly string[]>();

/**
 * Hashes by which a lens may name the unembedding it was made for, V×D in f32: the SHA-256 of the matrix as NumPy prints it with one decimal, which
 * the tuned-lens package writes, and the SHA-256 of its bytes in little-endian order, row by row.
 *
 * The first tells little more than the signs of 36 entries at the corners apart; that is the package's choice.
 *
 * @source tuned-lens 0.2.0, `Unembed.unembedding_hash`.
 */
export function unembedHashes(model: Model): readonly string[] {
  const before = known.get(model);
  if (before !== undefined) return before;
  const unembedding = unembeddingOf('unembedHashes', model);
  const { k: D, n: V } = unembedding;
  const rowOf = (row: number) => columnsOfMatrix(model.backend, unembedding, row, 1);
  const printed = createSha256();
  printed.update(new TextEncoder().encode(numpyText(V, D, (row, column) => rowOf(row)[column]!)));
  const whole = createSha256();
  const bytes = new DataView(new ArrayBuffer(4 * D));
  for (let row = 0; row < V; row++) {
    for (const [column, value] of rowOf(row).entries()) bytes.setFloat32(4 * column, value, true);
    whole.update(new Uint8Array(bytes.buffer));
  }
  const hashes = [printed.hex(), whole.hex()];
  known.set(model, hashes);
  return hashes;
}
