import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/philox.ts';
import { filesFolder } from '../../src/transformer/checkpoint/files-folder.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { encoderFiles } from '../../src/transformer/encoder/files.ts';
import { EncoderLoss } from '../../src/transformer/encoder/loss.ts';
import { type EmbeddingTables, readEmbeddings } from '../../src/transformer/encoder/pretrained.ts';
import { Projection } from '../../src/transformer/encoder/projection.ts';
import { type EncoderShape, layoutOf, TOY_SHAPE } from '../../src/transformer/encoder/shape.ts';
import { trainEncoder } from '../../src/transformer/encoder/train.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { readPipeline } from '../../src/transformer/tokenizer/pipeline.ts';
import { tsBackend } from '../support/backends.ts';
import { byteTokenizer } from '../support/byte-tokenizer.ts';
import { ggufBytes } from '../support/gguf-file.ts';
import { ggufParts, tokenizerEntries } from '../support/gguf-model.ts';
import { dequantised } from '../support/gguf-quantise.ts';
import { bitsOf, expectClose } from '../support/numbers.ts';
import { jsonBytes, memoryFolder, tinyConfig, tinyFiles, tinyTensors } from '../support/tiny-checkpoint.ts';

/** Six words of which four are known, and more positions than are read. */
const SHAPE: EncoderShape = { V: 6, D: 6, L: 1, H: 2, F: 5, P: 4, C: 2 };
const random = new RandomStream(3n);
const numbers = (length: number) => Float32Array.from({ length }, () => 2 * random.next() - 1);
const TABLES: EmbeddingTables = { width: 3, words: numbers(4 * 3), positions: numbers(7 * 3) };
// Word 2 is word 0 + word 1 − word 3, and position 3 is 2·position 0 − position 1.
for (let e = 0; e < 3; e++) {
  TABLES.words[6 + e] = TABLES.words[e]! + TABLES.words[3 + e]! - TABLES.words[9 + e]!;
  TABLES.positions[9 + e] = 2 * TABLES.positions[e]! - TABLES.positions[3 + e]!;
}
const TEXTS = [
  { ids: [5, 0, 3, 3], label: 0 },
  { ids: [4, 1], label: 1 },
];

describe('embeddings as a map of pretrained ones', () => {
  it('have the gradient that differences give', () => {
    const loss = new EncoderLoss(SHAPE);
    const { words, positions } = loss.layout;
    const all = Float64Array.from({ length: loss.layout.length }, () => 1.6 * random.next() - 0.8);
    const projection = new Projection(SHAPE, TABLES, random);
    for (let i = 0; i < projection.parameters.length; i++) projection.parameters[i] = 2 * random.next() - 1;
    const ids = new Set(TEXTS.flatMap((text) => text.ids));
    const tables = (array: Float64Array) => [array.subarray(words, words + 36), array.subarray(positions)] as const;
    const value = (gradient: Float64Array | null) => {
      projection.write(ids, 4, ...tables(all));
      return TEXTS.reduce((sum, text) => sum + loss.of(all, text.ids, text.label, 1, gradient), 0);
    };
    const gradient = new Float64Array(all.length);
    value(gradient);
    projection.pull(ids, 4, ...tables(gradient));
    const h = 1e-6;
    projection.gradient.forEach((slope, i) => {
      const at = projection.parameters[i]!;
      const [up, down] = [at + h, at - h].map((moved) => {
        projection.parameters[i] = moved;
        return value(null);
      });
      projection.parameters[i] = at;
      expectClose(slope, (up! - down!) / (2 * h), 5e-8, `parameter ${i}`);
    });
  });

  it('end as tables of which every known row is an image, read in training or not', () => {
    const { parameters, losses } = trainEncoder(SHAPE, TEXTS, { epochs: 200, embeddings: TABLES });
    expect(losses.at(-1)).toBeLessThan(0.1);
    expect(bitsOf(trainEncoder(SHAPE, TEXTS, { epochs: 200, embeddings: TABLES }).parameters)).toEqual(
      bitsOf(parameters),
    );
    const { words, positions } = layoutOf(SHAPE);
    const row = (from: number, i: number) => parameters.subarray(from + 6 * i, from + 6 * (i + 1));
    for (let c = 0; c < 6; c++) {
      // Word 2 occurs in no text.
      expectClose(row(words, 2)[c]!, row(words, 0)[c]! + row(words, 1)[c]! - row(words, 3)[c]!, 1e-6);
      expectClose(row(positions, 3)[c]!, 2 * row(positions, 0)[c]! - row(positions, 1)[c]!, 1e-6);
    }
    expect(row(words, 4).every((x) => x !== 0)).toBe(true);
  });

  it.each([
    [{ ...TABLES, words: numbers(11) }, /embeddings.words must be whole rows of 3, 1 to 6/],
    [{ ...TABLES, words: numbers(21) }, /embeddings.words must be whole rows/],
    [{ ...TABLES, positions: numbers(9) }, /embeddings.positions must be whole rows of 3, 4 to/],
    [{ ...TABLES, width: 0 }, /embeddings.width must be/],
  ])('refuse tables that do not fit', (embeddings, message) => {
    expect(() => trainEncoder(SHAPE, TEXTS, { embeddings })).toThrow(message);
  });
});

describe('pretrained embeddings', () => {
  it.each(['F32', 'BF16'] as const)(
    'are the tables of a checkpoint in %s, with its tokenizer and a class token',
    async (dtype) => {
      const options = { dtype };
      const checkpoint = await openCheckpoint(memoryFolder(tinyFiles(options)));
      const embeddings = await readEmbeddings(checkpoint);
      const { V, D, maxPositions } = checkpoint.config;
      expect(embeddings).toMatchObject({ width: D, tokenizer: { size: V + 1, classId: V } });
      expect(embeddings.words).toHaveLength(V * D);
      expect(embeddings.positions).toHaveLength(maxPositions * D);
      const wte = tinyTensors(options).get('wte.weight')!.values;
      embeddings.words.forEach((value, i) => {
        expectClose(value, wte[i]!, dtype === 'F32' ? 1e-7 : 1e-2);
      });
      expect(Object.keys(embeddings.fingerprint)).toContain('model.safetensors');

      const shape = { ...TOY_SHAPE, V: V + 1, P: 8 };
      const text = 'safe';
      const ids = embeddings.tokenizer.encode(text, 8);
      expect(ids).toHaveLength(5);
      expect(ids[0]).toBe(V);
      expect(embeddings.tokenizer.encode('unsafe street', 8)).toHaveLength(8);
      const trained = trainEncoder(shape, [{ ids, label: 1 }], { epochs: 1, embeddings });
      const files = [...encoderFiles(trained, embeddings.tokenizer, ['negative', 'positive'])].map(
        ([name, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], name),
      );
      const model = await openModel(filesFolder('toy', files), { backend: tsBackend });
      expect(model.warnings).toEqual([]);
      expect(promptOf(model, { text }).ids).toEqual(ids);
      model.release();
    },
  );

  it.each(['F32', 'BF16', 'Q8_0', 'Q4_1'])('are read from GGUF files too, here of %s', async (dtype) => {
    const options = { family: 'gpt2', D: 32, V: 300 } as const;
    const { entries, tensors } = ggufParts(tinyTensors(options).values(), tinyConfig(options), dtype);
    const file = ggufBytes({ entries: [...entries, ...tokenizerEntries(300)], tensors });
    const read = await readEmbeddings(await openCheckpoint(memoryFolder(new Map([['m.gguf', file]]))));
    const stored = (name: string) => {
      const { dtype: type, bytes } = tensors.find((tensor) => tensor.name === name)!;
      return dequantised(type, bytes);
    };
    expect([read.words, read.positions]).toEqual([stored('token_embd.weight'), stored('position_embd.weight')]);
    expect(read.tokenizer.encode('a b', 8)).toEqual([300, ...readPipeline(byteTokenizer(300).tokenizer).encode('a b')]);
  });

  it.each(['gpt_neo', 'post_norm_encoder'] as const)('are found whatever the family calls them: %s', async (family) => {
    const [words, positions] = tinyTensors({ family }).values();
    const read = await readEmbeddings(await openCheckpoint(memoryFolder(tinyFiles({ family }))));
    expect([read.words, read.positions]).toEqual([words!.values, positions!.values]);
  });

  it('have a class token behind the rows that pad the vocabulary, and none where ids lie beyond it', async () => {
    const read = async (size: number) => {
      const { tokenizer, config } = byteTokenizer(size);
      const files = tinyFiles({ V: 260 })
        .set('tokenizer.json', jsonBytes(tokenizer))
        .set('tokenizer_config.json', jsonBytes(config));
      return readEmbeddings(await openCheckpoint(memoryFolder(files)));
    };
    const { tokenizer } = await read(257);
    expect(tokenizer.classId).toBe(260);
    const written = readPipeline(tokenizer.files.tokenizer);
    expect([written.size, written.id('[CLS]'), written.encode('[CLS]a')]).toEqual([261, 260, [260, 0]]);
    await expect(read(261)).rejects.toThrow(/must have no ids from 260 on, the model's vocabulary, but it has 260/);
  });

  it('are refused where positions are not learned, without a tokenizer, for a number that is not finite', async () => {
    const read = async (files: Map<string, Uint8Array>) => readEmbeddings(await openCheckpoint(memoryFolder(files)));
    await expect(read(tinyFiles({ family: 'llama' }))).rejects.toThrow(/must have learned positions, .* family llama/);
    await expect(read(tinyFiles({ tokenizer: false }))).rejects.toThrow(/must have a tokenizer to read text/);
    const taken = tinyFiles();
    const text = new TextDecoder().decode(taken.get('tokenizer.json'));
    taken.set('tokenizer.json', new TextEncoder().encode(text.replaceAll('<|endoftext|>', '[CLS]')));
    await expect(read(taken)).rejects.toThrow(/must have no token \[CLS\]/);
    const broken = tinyFiles();
    const weights = broken.get('model.safetensors')!;
    const header = 8 + Number(new DataView(weights.buffer, weights.byteOffset).getBigUint64(0, true));
    weights.fill(0xff, header);
    await expect(read(broken)).rejects.toThrow(/element 0 of w[pt]e.weight in model.safetensors is NaN/);
  });
});
