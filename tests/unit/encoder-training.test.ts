import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/philox.ts';
import { filesFolder } from '../../src/transformer/checkpoint/files-folder.ts';
import { encoderFiles } from '../../src/transformer/encoder/files.ts';
import { EncoderLoss } from '../../src/transformer/encoder/loss.ts';
import { type EncoderShape, TOY_SHAPE } from '../../src/transformer/encoder/shape.ts';
import { wordTokenizer } from '../../src/transformer/encoder/tokenizer.ts';
import { type LabelledText, trainEncoder } from '../../src/transformer/encoder/train.ts';
import { encodeWords, vocabularyOf, wordsOf } from '../../src/transformer/encoder/words.ts';
import { logProbabilities } from '../../src/transformer/law.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { tsBackend } from '../support/backends.ts';
import { bitsOf, expectClose } from '../support/numbers.ts';

const SMALL: EncoderShape = { V: 7, D: 6, L: 2, H: 2, F: 5, P: 5, C: 3 };

/** Parameters of order 1, so that nothing is near 0 by chance. */
function someParameters(length: number): Float64Array {
  const random = new RandomStream(5n);
  return Float64Array.from({ length }, () => 1.6 * random.next() - 0.8);
}

describe('the loss of an encoder', () => {
  it('has the gradient that differences give, in every parameter', () => {
    const loss = new EncoderLoss(SMALL);
    const w = someParameters(loss.layout.length);
    const ids = [0, 3, 6, 3, 1];
    const gradient = new Float64Array(w.length);
    const value = loss.of(w, ids, 2, 0.5, gradient);
    expect(loss.of(w, ids, 2, 0.5, null)).toBe(value);
    const h = 1e-6;
    for (const { name, offset, length } of loss.layout.tensors) {
      for (let i = offset; i < offset + length; i++) {
        const [up, down] = [h, -h].map((step) => {
          const moved = w.slice();
          moved[i]! += step;
          return loss.of(moved, ids, 2, 1, null);
        });
        expectClose(gradient[i]!, (0.5 * (up! - down!)) / (2 * h), 2e-8, `${name}[${i - offset}]`);
      }
    }
  });

  it('adds to a gradient', () => {
    const loss = new EncoderLoss(SMALL);
    const w = someParameters(loss.layout.length);
    const [once, twice] = [new Float64Array(w.length), new Float64Array(w.length)];
    loss.of(w, [0, 2], 1, 1, once);
    for (let i = 0; i < 2; i++) loss.of(w, [0, 2], 1, 1, twice);
    twice.forEach((value, i) => {
      expectClose(value, 2 * once[i]!, 1e-15);
    });
  });
});

describe('words', () => {
  it('are runs of letters and digits, and other characters alone', () => {
    expect(wordsOf('  Très SAFE, 24-hour ☃ naïve…')).toEqual([
      'très',
      'safe',
      ',',
      '24',
      '-',
      'hour',
      '☃',
      'naïve',
      '…',
    ]);
  });

  it('make a vocabulary, commonest first', () => {
    expect(vocabularyOf(['b b a', 'a b c', 'c d'], 2)).toEqual(['[CLS]', '[UNK]', 'b', 'a', 'c']);
  });
});

const WORDS = ['good', 'bad', 'the', 'street', 'is', 'not', 'a', 'park', '.'];

/** Texts that hold good or bad, and nothing else that tells. */
function texts(count: number): { text: string; label: number }[] {
  const random = new RandomStream(9n);
  return Array.from({ length: count }, (_, i) => {
    const rest = Array.from({ length: 5 }, () => WORDS[2 + Math.floor(7 * random.next())]!);
    return { text: [...rest, WORDS[i % 2]!, '.'].join(' '), label: (i + 1) % 2 };
  });
}

describe('training', () => {
  const corpus = texts(60);
  const vocabulary = vocabularyOf(
    corpus.map(({ text }) => text),
    1,
  );
  const ids = new Map(vocabulary.map((word, id) => [word, id]));
  const shape = { ...TOY_SHAPE, V: vocabulary.length, P: 12 };
  const labelled = corpus.map(({ text, label }): LabelledText => ({ ids: encodeWords(ids, text, 12), label }));

  it('learns what tells, depends on the seed alone, and is the model that the folder holds', async () => {
    const losses: number[] = [];
    const options = {
      rate: 0.01,
      wordDropout: { share: 0.1, as: 1 },
      onEpoch: (...[, , loss]: number[]) => losses.push(loss!),
    };
    const trained = trainEncoder(shape, labelled, options);
    expect(trained.losses).toEqual(losses);
    expect(losses).toHaveLength(12);
    expect(losses.at(-1)).toBeLessThan(0.3);
    expect(bitsOf(trainEncoder(shape, labelled, options).parameters)).toEqual(bitsOf(trained.parameters));
    expect(trainEncoder(shape, labelled, { ...options, seed: 2n }).losses).not.toEqual(trained.losses);

    const files = encoderFiles(trained, wordTokenizer(vocabulary), ['negative', 'positive']);
    const model = await openModel(
      filesFolder(
        'toy',
        [...files].map(([name, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], name)),
      ),
      { backend: tsBackend },
    );
    expect(model.warnings).toEqual([]);
    expect(model.front).toHaveLength(1);
    const loss = new EncoderLoss(shape);
    const rounded = Float64Array.from(trained.parameters, Math.fround);
    for (const [i, { text, label }] of corpus.entries()) {
      const prompt = promptOf(model, { text: ` ${text.toUpperCase()} ` });
      expect(prompt.ids).toEqual(labelled[i]!.ids);
      const { logits } = traceForward(model, prompt.ids, { precision: 'f64' });
      const expected = loss.of(rounded, prompt.ids, label, 1, null);
      expectClose(-logProbabilities(model.backend, logits)[label]!, expected, 1e-12);
    }
    expect(promptOf(model, { text: 'goods' }).ids).toEqual([0, 1]);
    model.release();
  });

  it.each([
    [[], {}, /at least one text/],
    [[{ ids: [99], label: 0 }], {}, /ids must lie in \[0, /],
    [[{ ids: [1], label: 2 }], {}, /label of texts\[0\] must be/],
    [[{ ids: new Array<number>(13).fill(1), label: 0 }], {}, /at most 12 tokens/],
    [[{ ids: [1], label: 0 }], { rate: Number.NaN }, /rate must be positive/],
    [[{ ids: [1], label: 0 }], { epochs: -1 }, /epochs must be/],
    [[{ ids: [1], label: 0 }], { wordDropout: { share: 1, as: 1 } }, /share must lie in/],
  ])('refuses %j with %j', (bad, options, message) => {
    expect(() => trainEncoder(shape, bad, options)).toThrow(message);
  });

  it('refuses words or classes that do not fit', () => {
    const trained = trainEncoder(shape, labelled, { epochs: 0 });
    expect(() => encoderFiles(trained, wordTokenizer(vocabulary.slice(1)), ['a', 'b'])).toThrow(/words and 2 classes/);
  });
});
