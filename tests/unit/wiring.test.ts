/** What a model has beside most others: told, refused where it does not go together, and loaded however the rows of a tensor come. */
import { describe, expect, it } from 'vitest';
import { checkWiring } from '../../src/transformer/checkpoint/check-wiring.ts';
import type { Checkpoint, TensorRows } from '../../src/transformer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { computationOf } from '../../src/transformer/lens/computation.ts';
import { loadWeights } from '../../src/transformer/weight-loader.ts';
import { weightBlocks } from '../../src/transformer/weights.ts';
import { wiringOf } from '../../src/transformer/wiring.ts';
import { eachBackend } from '../support/backends.ts';
import { bitsOf } from '../support/numbers.ts';
import { FAMILIES, tinyCheckpoint } from '../support/tiny-checkpoint.ts';
import { WIRINGS, wiredConfig } from '../support/wired-model.ts';

describe('parts that no model combines', () => {
  it.each([
    [
      { residual: 'parallel', normPlacement: 'sandwich' },
      'parallel sublayers must have their norms before them, but in config.json these have them before and after.',
    ],
    [
      { residual: 'parallel', normPlacement: 'post' },
      'parallel sublayers must have their norms before them, but in config.json these have them after the sums.',
    ],
    [
      { sharedNorm: true },
      'one norm for attention and MLP must go with parallel sublayers, but in config.json these follow each other.',
    ],
    [
      { norm: { kind: 'rms', eps: 1e-5, offset: 0, bias: true } },
      'a norm that adds a β must be a LayerNorm, but in config.json these are RMSNorms.',
    ],
    [
      { queryKeyNorm: { per: 'head', bias: true } },
      'a norm that adds a β must be a LayerNorm, but in config.json these are RMSNorms.',
    ],
    [
      { firstNorm: false, normPlacement: 'output' },
      'a first attention without a norm must go with norms before the sublayers, one after the other, but in config.json these are sequential with norms after.',
    ],
  ] as const)('are refused by name: %o', (wiring, message) => {
    expect(() => checkWiring(wiredConfig(wiring))).toThrow(`openCheckpoint: ${message}`);
  });

  it('are not those of any family here', () => {
    for (const wiring of Object.values(WIRINGS)) expect(() => checkWiring(wiredConfig(wiring))).not.toThrow();
  });
});

describe('wiringOf', () => {
  it('names what a model has beside most others, and what it lacks', () => {
    expect(wiringOf(wiredConfig({}))).toEqual({});
    expect(wiringOf(wiredConfig(WIRINGS['opt 350m']!))).toEqual({ embeddingWidth: 4 });
    expect(wiringOf(wiredConfig(WIRINGS.granite!))).toEqual({
      embeddingScale: 12,
      residualScale: 0.22,
      logitScale: 1 / 8,
    });
    expect(wiringOf(wiredConfig(WIRINGS.modernbert!))).toEqual({
      normBias: false,
      firstNorm: false,
      embeddingNorm: true,
    });
    expect(wiringOf(wiredConfig({ normPlacement: 'post', finalNorm: true }))).toEqual({ finalNorm: true });
    expect(wiringOf(wiredConfig({ queryKeyNorm: { per: 'head', bias: true }, scoreCap: 50 }))).toEqual({
      queryKeyNorm: 'head with bias',
      scoreCap: 50,
    });
    expect(wiringOf(wiredConfig({ clampQkv: 6 }))).toEqual({ clampQkv: 6 });
  });

  it('is part of what a lens holds its model against, where there is any', () => {
    expect(computationOf(wiredConfig({}))).not.toHaveProperty('wiring');
    expect(computationOf(wiredConfig({ logitCap: 30 }))).toMatchObject({ wiring: { logitCap: 30 } });
  });
});

eachBackend('weights', (backend) => {
  it.each(FAMILIES)('are the same whether rows come together or one by one: %s', async (family) => {
    const checkpoint = await openCheckpoint(tinyCheckpoint({ family }));
    const [whole, cut] = await Promise.all([
      loadWeights(backend, checkpoint),
      loadWeights(backend, rowByRow(checkpoint)),
    ]);
    const [expected, actual] = [whole, cut].map(({ weights }) => [...weightBlocks(weights)]);
    expect(actual!.length).toBe(expected!.length);
    for (const [i, block] of expected!.entries()) expect(bitsOf(actual![i]!.view())).toEqual(bitsOf(block.view()));
    for (const { weights } of [whole, cut]) for (const block of weightBlocks(weights)) backend.memory.release(block);
  });
});

/** The checkpoint with every chunk cut into single rows. */
function rowByRow(checkpoint: Checkpoint): Checkpoint {
  const cut = Object.create(checkpoint) as { readWeights: Checkpoint['readWeights'] };
  cut.readWeights = (use, options) =>
    checkpoint.readWeights(({ tensor, firstRow, rows, bytes }: TensorRows) => {
      const width = bytes.length / rows;
      for (let row = 0; row < rows; row++)
        use({ tensor, firstRow: firstRow + row, rows: 1, bytes: bytes.slice(row * width, (row + 1) * width) });
    }, options);
  return cut as Checkpoint;
}
