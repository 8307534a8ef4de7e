import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { printablePiece } from '../../src/transformer/token-text.ts';
import { openTokenizer, type Tokenizer } from '../../src/transformer/tokenizer.ts';
import { byteTokenizer } from '../support/byte-tokenizer.ts';
import { jsonBytes, memoryFolder, type TinyOptions, tinyCheckpoint, tinyFiles } from '../support/tiny-checkpoint.ts';

const open = async (options: TinyOptions = { V: 260 }): Promise<Tokenizer> =>
  openTokenizer(await openCheckpoint(tinyCheckpoint(options)));

/** The tokenizer with other files than the tiny checkpoint's. */
async function openWith(tokenizer: object, config: object, options: TinyOptions = { V: 260 }): Promise<Tokenizer> {
  const files = tinyFiles(options)
    .set('tokenizer.json', jsonBytes(tokenizer))
    .set('tokenizer_config.json', jsonBytes(config));
  return openTokenizer(await openCheckpoint(memoryFolder(files)));
}

describe('encode', () => {
  test('gives the bytes of the text, in their vocabulary', async () => {
    const tokenizer = await open();
    // a…z are 0…25, the space is 26.
    expect(tokenizer.encode('ab z', { bos: false })).toEqual([0, 1, 26, 25]);
    expect(tokenizer.encode('', { bos: false })).toEqual([]);
  });

  test('adds the first token when asked, and nothing else', async () => {
    const tokenizer = await open();
    expect(tokenizer.bosId).toBe(259);
    expect(tokenizer.encode('a', { bos: true })).toEqual([259, 0]);
    expect(tokenizer.encode('', { bos: true })).toEqual([259]);
  });

  test('adds no tokens of a post-processor', async () => {
    const { tokenizer, config } = byteTokenizer(260);
    const template = {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '<|endoftext|>', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '<|endoftext|>', type_id: 0 } },
      ],
      pair: [],
      special_tokens: { '<|endoftext|>': { id: '<|endoftext|>', ids: [259], tokens: ['<|endoftext|>'] } },
    };
    const opened = await openWith({ ...tokenizer, post_processor: template }, config);
    expect(opened.encode('ab', { bos: false })).toEqual([0, 1]);
    expect(opened.encode('ab', { bos: true })).toEqual([259, 0, 1]);
  });

  test('reads special tokens in the text', async () => {
    expect((await open()).encode('a<|endoftext|>b', { bos: false })).toEqual([0, 259, 1]);
  });

  test('takes bos from tokenizer_config.json, as text or object, then from config.json', async () => {
    const { tokenizer } = byteTokenizer(260);
    expect((await openWith(tokenizer, { bos_token: 'a' })).bosId).toBe(0);
    expect((await openWith(tokenizer, { bos_token: { content: 'b' } })).bosId).toBe(1);
    expect((await openWith(tokenizer, {}, { V: 260, config: { bos_token_id: 7 } })).bosId).toBe(7);
  });

  test('refuses bos where no token begins a text', async () => {
    const tokenizer = await openWith(byteTokenizer(260).tokenizer, {}, { V: 260, config: { bos_token_id: null } });
    expect(() => tokenizer.encode('a', { bos: true })).toThrow(
      expect.objectContaining({
        name: 'DomainError',
        message: 'encode: bos must be false for this checkpoint, but it is true. No token begins its texts.',
      }),
    );
    expect(tokenizer.encode('a', { bos: false })).toEqual([0]);
  });

  test('refuses ids beyond the vocabulary of the model', async () => {
    const { tokenizer, config } = byteTokenizer(260);
    const opened = await openWith(tokenizer, config, { V: 20 });
    expect(opened.encode('a', { bos: false })).toEqual([0]);
    expect(() => opened.encode('az', { bos: false })).toThrow(
      "encode: every token must have an id below the model's vocabulary of 20, but token 1 has 25. The tokenizer may belong to another model.",
    );
  });
});

describe('decode', () => {
  test('is the inverse of encode', async () => {
    const tokenizer = await open();
    for (const text of ['', 'plain', "don't  clean , this .", 'é 🙂 \u0000\n\t', '<|endoftext|>x', '日本語']) {
      expect(tokenizer.decode(tokenizer.encode(text, { bos: false }))).toBe(text);
    }
  });

  test('shows ids without a text', async () => {
    const tokenizer = await open();
    expect(tokenizer.size).toBe(260);
    expect(tokenizer.decode([0, 300, 1])).toBe('a⟨id 300⟩b');
    expect(() => tokenizer.decode([-1])).toThrow('decode: every id must be an integer of at least 0, but one is -1.');
    expect(() => tokenizer.decode([0.5])).toThrow('but one is 0.5');
  });
});

describe('token', () => {
  test('shows one token on one line', async () => {
    const tokenizer = await open();
    const shown = (text: string): string[] => tokenizer.encode(text, { bos: false }).map((id) => tokenizer.token(id));
    expect(shown('a \n\t')).toEqual(['a', ' ', '\\n', '\\t']);
    expect(shown('é')).toEqual(['⟨0xC3⟩', '⟨0xA9⟩']);
    expect(tokenizer.token(259)).toBe('<|endoftext|>');
    expect(tokenizer.token(300)).toBe('⟨id 300⟩');
    expect(() => tokenizer.token(Number.NaN)).toThrow('token: every id must be an integer');
  });

  test('shows added tokens as they are', async () => {
    const { tokenizer, config } = byteTokenizer(260);
    const added = {
      id: 260,
      content: 'Ġ<x>',
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: false,
    };
    expect((await openWith({ ...tokenizer, added_tokens: [added] }, config)).token(260)).toBe('Ġ<x>');
  });

  test.each([
    ['bytes', 'Ġlight', ' light'],
    ['bytes', 'Ã©', 'é'],
    ['bytes', 'Ð¯', 'Я'],
    ['bytes', 'Ń', '⟨0xAD⟩'],
    ['bytes', 'aÃ©ðŁĻĤ', 'aé🙂'],
    ['bytes', 'ðŁĻ', '⟨0xF0⟩⟨0x9F⟩⟨0x99⟩'],
    ['bytes', '©a', '⟨0xA9⟩a'],
    ['bytes', 'ÃĊ', '⟨0xC3⟩\\n'],
    ['bytes', 'íłĢ', '⟨0xED⟩⟨0xA0⟩⟨0x80⟩'], // a surrogate is no character
    ['bytes', 'âĢ¨', '\\u2028'],
    ['bytes', '日', '日'], // not in the alphabet of bytes: as it is
    ['words', '▁light', ' light'],
    ['words', '<0x0A>', '\\n'],
    ['words', '<0xE2>', '⟨0xE2⟩'],
    ['words', '<0xe2>', '<0xe2>'],
    ['plain', '<s>▁', '<s>▁'],
  ] as const)('%s: %s is %s', (spelling, piece, text) => {
    expect(printablePiece(piece, spelling)).toBe(text);
  });
});

describe('openTokenizer refuses', () => {
  test('a checkpoint without one, with advice', async () => {
    await expect(open({ tokenizer: false })).rejects.toMatchObject({
      name: 'FormatError',
      source: 'tokenizer.json',
      message:
        'openTokenizer: tiny-gpt2 must have a tokenizer to read text (tokenizer.json, or the metadata of a GGUF file), but it has none. Give token ids with --ids.',
    });
  });

  test.each([{}, { model: { type: 'Magic' } }, { model: { type: 'BPE' } }, { model: null }])(
    '%j',
    async (tokenizer) => {
      await expect(openWith(tokenizer, {})).rejects.toMatchObject({ name: 'FormatError', source: 'tokenizer.json' });
    },
  );
});
