/** Weights that arrive a row or three at a time lie where those lie that arrive whole, in every layout. */
import { expect, it } from 'vitest';
import type { Checkpoint, TensorRows } from '../../src/transformer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { loadWeights } from '../../src/transformer/weight-loader.ts';
import { weightBlocks } from '../../src/transformer/weights.ts';
import { eachBackend } from '../support/backends.ts';
import { bitsOf } from '../support/numbers.ts';
import { FAMILIES, type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

/** The checkpoint, its rows `most` at a time. */
function inChunks(checkpoint: Checkpoint, most: number): Checkpoint {
  const cut = (visit: (rows: TensorRows) => void) => (whole: TensorRows) => {
    const width = whole.bytes.length / whole.rows;
    for (let at = 0; at < whole.rows; at += most) {
      const rows = Math.min(most, whole.rows - at);
      visit({
        tensor: whole.tensor,
        firstRow: whole.firstRow + at,
        rows,
        bytes: whole.bytes.slice(at * width, (at + rows) * width),
      });
    }
  };
  return { ...checkpoint, readWeights: (visit, options) => checkpoint.readWeights(cut(visit), options) };
}

const OPTIONS: readonly TinyOptions[] = [
  ...FAMILIES.map((family) => ({ family, dtype: 'F16' as const })),
  { family: 'cohere', H: 4, G: 2, D: 16, attentionBias: true },
  { family: 'falcon', H: 6, G: 3, D: 24, attentionBias: true },
  { family: 'gptj', H: 2, D: 20, rotary: 6 },
];

eachBackend('weights in chunks', (backend) => {
  it.each(OPTIONS)('%j', async (options) => {
    const checkpoint = await openCheckpoint(tinyCheckpoint(options));
    const load = async (from: Checkpoint) => {
      const { weights } = await loadWeights(backend, from);
      const blocks = [...weightBlocks(weights)];
      const bits = blocks.map((block) => bitsOf(block.view().slice()));
      for (const block of blocks) backend.memory.release(block);
      return bits;
    };
    const whole = await load(checkpoint);
    for (const most of [1, 3]) expect(await load(inChunks(checkpoint, most))).toEqual(whole);
  });
});
