import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultDevice, init, numpy as np } from '@jax-js/jax';
import { describe, expect, it } from 'vitest';
import { modelConfig, readModel } from '../../training/artifacts.ts';
import { buildLatents } from '../../training/corpus.ts';
import { forwardLogits, logSoftmaxRow } from '../../training/forward.ts';
import { at } from '../../training/indexing.ts';
import { measure } from '../../training/measure.ts';
import { meanLoss, type Parameters } from '../../training/model.ts';
import { normalPair, openStream } from '../../training/random.ts';
import { readSafetensors, type Tensor, writeSafetensors } from '../../training/safetensors.ts';
import { HELD_OUT_SEED, SEED, SHAPE } from '../../training/settings.ts';
import { parameterShapes } from '../../training/shape.ts';
import { tokenizerConfig, tokenizerFile } from '../../training/tokenizer.ts';
import { buildVocabulary } from '../../training/vocabulary.ts';

const folder = new URL('../../models/bank', import.meta.url).pathname;
const json = (name: string) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));

describe('the stored model', () => {
  const vocabulary = buildVocabulary(buildLatents());
  const shape = { ...SHAPE, V: vocabulary.spellings.length };

  it('is described by the files beside it', () => {
    expect(json('config.json')).toEqual(modelConfig(shape, vocabulary.endOfText));
    expect(json('tokenizer.json')).toEqual(tokenizerFile(vocabulary));
    expect(json('tokenizer_config.json')).toEqual(tokenizerConfig(SHAPE.T));
  });

  it('holds every parameter of its shape, finite, in under 2 MB', () => {
    const { weights } = readModel(folder);
    expect(new Map([...weights].map(([name, tensor]) => [name, tensor.shape]))).toEqual(parameterShapes(shape));
    for (const [name, { values }] of weights) expect(values.every(Number.isFinite), name).toBe(true);
    expect(statSync(`${folder}/model.safetensors`).size).toBeLessThan(2e6);
  });

  it('reaches the entropy of its corpus and resolves its ambiguous words', () => {
    const { heldOut } = json('training.json');
    expect(heldOut.seed).not.toBe(SEED);
    expect(heldOut.gapNatsPerToken).toBeCloseTo(heldOut.lossNatsPerToken - heldOut.entropyNatsPerToken, 4);
    expect(heldOut.gapNatsPerToken).toBeGreaterThan(0);
    expect(heldOut.gapNatsPerToken).toBeLessThan(0.05);
    expect(heldOut.ambiguity.occurrences).toBeGreaterThan(1000);
    expect(heldOut.ambiguity.accuracy).toBeGreaterThanOrEqual(0.95);
    expect(heldOut.ambiguityFromEarlierSentences.accuracy).toBeGreaterThanOrEqual(0.95);
  });

  it('reaches them on the first windows when measured again', () => {
    const again = measure(readModel(folder), HELD_OUT_SEED, 16);
    expect(again.tokens).toBe(16 * SHAPE.T);
    expect(Math.abs(again.loss - again.entropy)).toBeLessThan(0.05);
    expect(again.ambiguity.accuracy).toBeGreaterThanOrEqual(0.95);
  });
});

describe('safetensors', () => {
  it('are laid out as the format says and read back equal', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'safetensors-')), 'model.safetensors');
    const tensors = new Map([
      ['a', { shape: [2, 1], values: Float32Array.of(1, -2) }],
      ['b', { shape: [1], values: Float32Array.of(0.5) }],
    ]);
    writeSafetensors(path, tensors);
    const file = readFileSync(path);
    const length = Number(file.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(JSON.parse(file.toString('utf8', 8, 8 + length)).b).toEqual({
      dtype: 'F32',
      shape: [1],
      data_offsets: [8, 12],
    });
    expect(file.readFloatLE(8 + length + 8)).toBe(0.5);
    expect(file.length).toBe(8 + length + 12);
    expect(readSafetensors(path)).toEqual(tensors);
  });
});

describe('the two forward passes', () => {
  it('give the same loss for random weights', async () => {
    await init('wasm');
    defaultDevice('wasm');
    const shape = { V: 11, T: 6, D: 8, H: 2, L: 2 };
    const uniform = openStream(1, 0);
    const weights = new Map<string, Tensor>();
    const parameters: Parameters = {};
    for (const [name, dimensions] of parameterShapes(shape)) {
      const size = dimensions.reduce((a, b) => a * b, 1);
      const values = Float32Array.from({ length: size }, () => normalPair(uniform)[0]);
      weights.set(name, { shape: dimensions, values });
      parameters[name] = np.array(values).reshape(dimensions);
    }
    const tokens = [3, 1, 4, 1, 5, 9];
    const targets = [1, 4, 1, 5, 9, 2];
    const logits = forwardLogits(weights, modelConfig(shape, 0), tokens);
    const plain = targets.reduce((sum, id, t) => sum - at(logSoftmaxRow(logits, t, shape.V), id) / targets.length, 0);
    const integers = (ids: number[]): np.Array => np.array(Int32Array.from(ids), { dtype: np.int32 }).reshape([1, 6]);
    const compiled = meanLoss(parameters, integers(tokens), integers(targets), shape).dataSync()[0];
    expect(Math.abs(compiled - plain)).toBeLessThan(1e-4);
  });
});
