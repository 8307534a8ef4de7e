import { expect, it } from 'vitest';
import type { Checkpoint } from '../../src/transformer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { loadWeights } from '../../src/transformer/weight-loader.ts';
import { weightBlocks } from '../../src/transformer/weights.ts';
import { eachBackend } from '../support/backends.ts';
import { bitsOf } from '../support/numbers.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

/** The same checkpoint, its weights coming one row at a time. */
function rowByRow(checkpoint: Checkpoint): Checkpoint {
  return {
    ...checkpoint,
    readWeights: (visit, options) =>
      checkpoint.readWeights(({ tensor, firstRow, rows, bytes }) => {
        const width = bytes.length / rows;
        for (let r = 0; r < rows; r++)
          visit({ tensor, firstRow: firstRow + r, rows: 1, bytes: bytes.slice(r * width, (r + 1) * width) });
      }, options),
  };
}

eachBackend('weights', (backend) => {
  it.each([
    { family: 'gpt2', dtype: 'F32' },
    { family: 'gpt2', dtype: 'F16', tied: false, D: 9, H: 3 },
    { family: 'llama', dtype: 'BF16', attentionBias: true, mlpBias: true, G: 1 },
    { family: 'gpt_neox', dtype: 'F16', D: 24, H: 4 },
  ] as const)('are the same however they are cut: %o', async (options) => {
    const checkpoint = await openCheckpoint(tinyCheckpoint(options));
    const [whole, cut] = [await loadWeights(backend, checkpoint), await loadWeights(backend, rowByRow(checkpoint))];
    const [a, b] = [whole, cut].map(({ weights }) => [...weightBlocks(weights)]);
    expect(a!.map((block) => bitsOf(block.view()))).toEqual(b!.map((block) => bitsOf(block.view())));
    expect(cut.fingerprint).toEqual(whole.fingerprint);
    for (const block of [...a!, ...b!]) backend.memory.release(block);
  });

  it('give their memory back when the reading fails', async () => {
    const before = backend.memory.bytesInUse;
    const checkpoint = await openCheckpoint(tinyCheckpoint());
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(loadWeights(backend, checkpoint, { signal: controller.signal })).rejects.toThrow('enough');
    const broken: Checkpoint = {
      ...checkpoint,
      readWeights: (visit, options) =>
        checkpoint.readWeights(
          (rows) => visit({ ...rows, bytes: new Uint8Array(rows.bytes.length).fill(0xff) }),
          options,
        ),
    };
    await expect(loadWeights(backend, broken)).rejects.toThrow('every weight must be finite');
    expect(backend.memory.bytesInUse).toBe(before);
  });
});
