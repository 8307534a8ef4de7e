import { describe, expect, it } from 'vitest';
import { safetensorsBytes } from '../../src/formats/safetensors.ts';
import { portableSha256 } from '../../src/transformer/checkpoint/sha256.ts';
import { lensBytes, readLens } from '../../src/transformer/lens/lens-file.ts';
import { tunedLens } from '../../src/transformer/lens/look.ts';
import { numpyText } from '../../src/transformer/lens/numpy-text.ts';
import { openLens } from '../../src/transformer/lens/open-lens.ts';
import { marksOf, type TunedLens, weightsFingerprint, zeroLens } from '../../src/transformer/lens/tuned-lens.ts';
import { lensOf, lensStages, logitLens } from '../../src/transformer/logit-lens.ts';
import type { Model } from '../../src/transformer/model.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { wasmBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';
import { jsonBytes, memoryFolder, tinyCheckpoint, tinyTensors } from '../support/tiny-checkpoint.ts';

const D = 6;
const tiny = () => openModel(tinyCheckpoint({ D, H: 2, V: 13 }), { backend: wasmBackend });
const random = (length: number, seed: number) => Float32Array.from(testNumbers(length, seed));

/** Parameters of the tuned-lens package for two layers. */
function publicArrays(prefix = '') {
  return [0, 1].flatMap((layer) => [
    { name: `${prefix}${layer}.weight`, shape: [D, D], data: random(D * D, layer + 1) },
    { name: `${prefix}${layer}.bias`, shape: [D], data: random(D, layer + 9) },
  ]);
}

describe('a lens file', () => {
  it.each(['affine', 'bias'] as const)('comes back as it was written: %s', async (kind) => {
    const model = await tiny();
    const start = zeroLens(model, kind);
    const lens: TunedLens = {
      ...start,
      translators: new Map(
        [...start.translators].map(([stage, { weight }], s) => [
          stage,
          { weight: weight === null ? null : random(D * D, s + 1), bias: random(D, s + 20) },
        ]),
      ),
    };
    expect(readLens(lensBytes(lens))).toEqual(lens);
    expect([...readLens(lensBytes(lens)).translators.keys()]).toEqual(lensStages(model.config).slice(0, -1));
    expect(Object.keys(lens.fingerprint!)).toEqual(['model.safetensors']);
    model.release();
  });

  it('of the tuned-lens package gives W_U norm(h + A h + b), and the logit lens between attention and MLP', async () => {
    const model = await tiny();
    for (const prefix of ['', 'layer_translators.']) {
      const lens = readLens(safetensorsBytes(publicArrays(prefix)), 'params.safetensors');
      expect([lens.kind, lens.fingerprint, [...lens.translators.keys()]]).toEqual([
        'affine',
        null,
        ['embed', 'blocks.0.resid_post'],
      ]);
      const stages = lensStages(model.config);
      const trace = traceForward(model, [3, 1, 4], { precision: 'f64', keep: stages });
      for (const [layer, stage] of ['embed', 'blocks.0.resid_post'].entries()) {
        const h = Float64Array.from(activationOf(trace, stage).data.slice(-D));
        const [A, b] = [random(D * D, layer + 1), random(D, layer + 9)];
        const moved = h.map((value, o) => value + b[o]! + h.reduce((sum, x, i) => sum + A[o * D + i]! * x, 0));
        expectClose(maxError(tunedLens(model, lens, trace, stage), lensOf(model, moved)), 0, 1e-12, stage);
      }
      const middle = 'blocks.0.resid_mid';
      expect(tunedLens(model, lens, trace, middle)).toEqual(logitLens(model, trace, middle));
    }
    model.release();
  });

  it('of a model with the same weights that computes otherwise is refused, unless it is read unchecked', async () => {
    const options = { family: 'gpt_neox', D: 8, H: 2, V: 13, rotary: 4 } as const;
    const models = await Promise.all(
      [
        { ...options, parallel: true },
        { ...options, parallel: false },
        { ...options, parallel: true, config: { rotary_emb_base: 500 } },
        { ...options, parallel: true, config: { layer_norm_eps: 1e-3 } },
        { ...options, parallel: true, activation: 'relu' },
      ].map((each) => openModel(tinyCheckpoint(each), { backend: wasmBackend })),
    );
    const [first, ...others] = models as [Model, ...Model[]];
    const bytes = lensBytes(zeroLens(first, 'bias'));
    const look = (model: Model, lens: TunedLens) =>
      tunedLens(model, lens, traceForward(model, [3, 1], { keep: ['embed'] }), 'embed');
    expect(look(first, readLens(bytes))).toHaveLength(13);
    for (const [i, part] of ['residual', 'positions', 'norm', 'activation'].entries()) {
      expect(others[i]!.fingerprint['model.safetensors']).toBe(first.fingerprint['model.safetensors']);
      expect(() => look(others[i]!, readLens(bytes))).toThrow(
        `tunedLens: the lens must be trained on a model that computes as tiny-gpt_neox does, but ${part} differs in the one it names.`,
      );
      expect(look(others[i]!, readLens(bytes, 'x', { unchecked: true }))).toHaveLength(13);
    }
    for (const model of models) model.release();
  });

  it('of before the computation was written down is held against the weights alone', async () => {
    const model = await tiny();
    const { fingerprint } = zeroLens(model, 'bias');
    const described = { version: 1, kind: 'bias', D, fingerprint };
    const arrays = [{ name: 'translators.embed.bias', shape: [D], data: new Float32Array(D) }];
    const lens = readLens(safetensorsBytes(arrays, { tuned_lens: JSON.stringify(described) }));
    expect([lens.computation, marksOf(lens)]).toEqual([null, 'weights']);
    expect(tunedLens(model, lens, traceForward(model, [3], { keep: ['embed'] }), 'embed')).toHaveLength(13);
    model.release();
  });

  it('is refused, by name, where it is damaged', async () => {
    const model = await tiny();
    const lens = zeroLens(model, 'affine');
    const bytes = lensBytes(lens);
    const metadata = (value: unknown) => ({ tuned_lens: JSON.stringify(value) });
    const arrays = [{ name: 'translators.embed.bias', shape: [D], data: new Float32Array(D) }];
    const own = { version: 1, kind: 'bias', D, fingerprint: null };
    expect(readLens(safetensorsBytes(arrays, metadata(own)))).toMatchObject({ kind: 'bias', D });
    const attempts: [Uint8Array, string][] = [
      [bytes.subarray(0, bytes.length - 1), 'It is truncated'],
      [safetensorsBytes(arrays, metadata({ ...own, version: 2 })), 'must describe a lens of version 1'],
      [safetensorsBytes(arrays, metadata({ ...own, kind: 'cubic' })), 'must describe a lens of version 1'],
      [safetensorsBytes(arrays, metadata({ ...own, kind: 'affine' })), 'that of embed has no weight'],
      [safetensorsBytes(arrays, metadata({ ...own, D: 7 })), 'must have shape [7], but it has [6]'],
      [safetensorsBytes(arrays, metadata({ ...own, fingerprint: { a: 1 } })), 'must describe a lens'],
      [safetensorsBytes(arrays, metadata({ ...own, computation: 'x' })), 'must describe a lens'],
      [safetensorsBytes(arrays), 'has a tensor translators.embed.bias'],
      [safetensorsBytes([]), 'must hold translators, but it has none'],
      [
        safetensorsBytes([{ name: '0.bias', shape: [2], data: Float32Array.of(1, Number.NaN) }]),
        'must hold finite floating-point numbers, but element 1 is NaN',
      ],
      [safetensorsBytes([{ name: '0.bias', shape: [1], data: Int32Array.of(1) }]), 'must hold finite floating-point'],
    ];
    for (const [file, message] of attempts) {
      expect(() => readLens(file)).toThrow(message);
      expect(() => readLens(file)).toThrow(expect.objectContaining({ name: 'FormatError' }));
    }
    model.release();
  });
});

describe('openLens', () => {
  const config = { base_model_name_or_path: 'tiny', d_model: D, num_hidden_layers: 2, bias: true };
  const open = (files: Record<string, Uint8Array>, name?: string) =>
    openLens(memoryFolder(new Map(Object.entries(files)), 'lens'), name);
  const params = safetensorsBytes(publicArrays());

  it('opens a folder of the tuned-lens package', async () => {
    const lens_type = 'linear_tuned_lens';
    const lens = await open({ 'config.json': jsonBytes({ ...config, lens_type }), 'params.safetensors': params });
    expect(lens.D).toBe(D);
    expect(await open({ 'params.safetensors': params }, 'params.safetensors')).toEqual(lens);
  });

  describe('that names the unembedding of another model', () => {
    const unembedding = async (seed: number) => {
      const model = await openModel(tinyCheckpoint({ D, H: 2, V: 13, seed, tied: false }), { backend: wasmBackend });
      const values = tinyTensors({ D, H: 2, V: 13, seed, tied: false }).get('lm_head.weight')!.values;
      const hash = (bytes: Uint8Array) => {
        const sha = portableSha256();
        sha.update(bytes);
        return sha.hex();
      };
      const text = numpyText(13, D, (row, column) => values[row * D + column]!);
      return { model, printed: hash(new TextEncoder().encode(text)), bytes: hash(new Uint8Array(values.buffer)) };
    };
    const folder = (fields: object) => ({
      'config.json': jsonBytes({ ...config, ...fields }),
      'params.safetensors': params,
    });
    const look = (model: Model, lens: TunedLens) =>
      tunedLens(model, lens, traceForward(model, [3, 1], { keep: ['embed'] }), 'embed');

    it('is refused, whatever the name of the field, and of the file', async () => {
      const [own, other] = [await unembedding(1), await unembedding(2)];
      for (const name of [undefined, 'params.safetensors']) {
        for (const field of ['unembed_hash', 'unemebd_hash']) {
          for (const hash of ['printed', 'bytes'] as const) {
            const lens = await open(folder({ [field]: own[hash] }), name);
            expect([lens.unembedHash, marksOf(lens)]).toEqual([own[hash], 'unembedding']);
            expect(look(own.model, lens)).toHaveLength(13);
            expect(() => look(other.model, lens)).toThrow(
              expect.objectContaining({
                name: 'DomainError',
                message:
                  'tunedLens: the lens must be made for the unembedding of tiny-gpt2, but its hash differs from the one it names. Train one for this model, or read it with unchecked: true (--lens-unchecked).',
              }),
            );
          }
        }
      }
      const unchecked = await openLens(
        memoryFolder(new Map(Object.entries(folder({ unembed_hash: own.printed })))),
        undefined,
        { unchecked: true },
      );
      expect([unchecked.unembedHash, marksOf(unchecked)]).toEqual([null, 'none']);
      expect(look(other.model, unchecked)).toHaveLength(13);
      await expect(open(folder({ unembed_hash: 7 }))).rejects.toThrow(
        'unembed_hash in config.json must be a text, but it is 7.',
      );
      expect((await open(folder({ unembed_hash: null }))).unembedHash).toBeNull();
      for (const { model } of [own, other]) model.release();
    });

    it("a model's config.json beside a lens says nothing of it", async () => {
      const files = { 'config.json': jsonBytes({ model_type: 'gpt2', d_model: 99 }), 'lens.safetensors': params };
      expect((await open(files, 'lens.safetensors')).unembedHash).toBeNull();
    });
  });

  it.each([
    [{ 'params.pt': params }, undefined, 'it is a pickle, which can run code. Convert it in Python'],
    [{ 'params.pt': params }, 'params.pt', 'it is a pickle'],
    [{ 'a.safetensors': params, 'b.safetensors': params }, undefined, 'one safetensors file, but it has 2'],
    [{}, undefined, 'one safetensors file, but it has 0'],
    [{}, 'x.safetensors', 'must contain x.safetensors, but it does not'],
    [
      { 'p.safetensors': params, 'config.json': jsonBytes({ d_model: 8 }) },
      undefined,
      'd_model in config.json must be 6',
    ],
    [
      { 'p.safetensors': params, 'config.json': jsonBytes({ num_hidden_layers: 3 }) },
      undefined,
      'num_hidden_layers in config.json must be 2',
    ],
    [
      { 'p.safetensors': params, 'config.json': jsonBytes({ lens_type: 'mlp' }) },
      undefined,
      'lens_type in config.json must be "linear_tuned_lens"',
    ],
  ] as [Record<string, Uint8Array>, string | undefined, string][])('refuses %#', async (files, name, message) => {
    await expect(open(files, name)).rejects.toThrow(message);
  });
});

it.each(['model-00001-of-00002.safetensors', 'tiny.Q4_1.gguf', 'sha256-0a1b', 'pytorch_model.bin'])(
  'a lens names the weights in %s, whatever holds them',
  (name) => {
    const found = { 'config.json': 'a', 'tokenizer.json': 'b', 'vocab.txt': 'c', [name]: 'd' };
    expect(weightsFingerprint(found)).toEqual({ [name]: 'd' });
  },
);
