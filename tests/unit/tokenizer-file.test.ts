import { describe, expect, test } from 'vitest';
import { encodeWords, tokenizerFile } from '../../src/transformer/encoder/words.ts';
import { graphemes } from '../../src/transformer/tokenizer/graphemes.ts';
import { readPipeline } from '../../src/transformer/tokenizer/pipeline.ts';

const wordLevel = (words: readonly string[]): object => ({
  type: 'WordLevel',
  vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  unk_token: words[0],
});

const bpe = (vocabulary: readonly string[], changes: object = {}): object => ({
  type: 'BPE',
  vocab: Object.fromEntries(vocabulary.map((piece, id) => [piece, id])),
  merges: [],
  ...changes,
});

const added = (id: number, content: unknown, changes: object = {}): object => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...changes,
});

const small = (changes: object = {}): object => ({ model: wordLevel(['?', 'a', 'b']), ...changes });

describe('components that are easy to read wrongly', () => {
  const split = (behavior: string) => ({ type: 'Split', pattern: { String: ' ' }, behavior, invert: false });
  const pieces = ['?', 'the', 'cat', ' ', '  ', 'the ', ' cat'];
  test.each([
    ['Whitespace beyond ASCII', { type: 'Whitespace' }, ['?', 'naïve', 'café', 'na', 'ï'], 'naïve café', [1, 2]],
    ['Split Removed', split('Removed'), pieces, 'the cat', [1, 2]],
    ['Split MergedWithPrevious', split('MergedWithPrevious'), pieces, 'the cat', [5, 2]],
    ['Split MergedWithNext', split('MergedWithNext'), pieces, 'the cat', [1, 6]],
    ['Split Contiguous', split('Contiguous'), pieces, 'the  cat', [1, 4, 2]],
    [
      'Digits beyond ASCII',
      { type: 'Digits', individual_digits: true },
      ['?', 'a', '²', '1'],
      'a²²1½',
      [1, 2, 2, 3, 0],
    ],
    ['the unknown word', { type: 'Whitespace' }, ['[UNK]', 'the', 'cat'], 'the dog', [1, 0]],
    ['FixedLength', { type: 'FixedLength', length: 2 }, ['?', '𝒳a', 'b'], '𝒳ab', [1, 2]],
    ['U+0085 is white space', { type: 'WhitespaceSplit' }, ['?', 'a', 'b'], 'a\u0085b', [1, 2]],
    ['U+FEFF is none', { type: 'WhitespaceSplit' }, ['?', 'a', 'b', 'a\ufeffb'], 'a\ufeffb', [3]],
  ])('%s', (_, preTokenizer, words, text, ids) => {
    expect(readPipeline({ pre_tokenizer: preTokenizer, model: wordLevel(words) }).encode(text)).toEqual(ids);
  });

  test('continuing_subword_prefix and end_of_word_suffix', () => {
    const merges = [
      ['t', '##h'],
      ['th', '##e'],
    ];
    const prefixed = bpe(['?', 't', '##h', '##e', 'th', 'the', 'h'], { merges, continuing_subword_prefix: '##' });
    expect(readPipeline({ model: prefixed }).encode('the')).toEqual([5]);
    const suffixed = bpe(['a', 'a$', 'aa$'], { merges: [['a', 'a$']], end_of_word_suffix: '$' });
    expect(readPipeline({ model: suffixed }).encode('aaa')).toEqual([0, 2]);
  });

  test('WordPiece beyond U+FFFF', () => {
    const file = {
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      model: {
        type: 'WordPiece',
        vocab: { '[UNK]': 0, ab: 1, 𠀀: 2, 𠀁: 3, '##𠀁': 4 },
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
      },
    };
    expect(readPipeline(file).encode('𠀀𠀁 ab')).toEqual([2, 3, 1]);
  });

  test('a decoder keeps U+FEFF', () => {
    const file = {
      model: bpe(['<0xEF>', '<0xBB>', '<0xBF>', 'a'], { byte_fallback: true }),
      decoder: { type: 'ByteFallback' },
    };
    const pipeline = readPipeline(file);
    expect(pipeline.decode(pipeline.encode('\ufeffa'))).toBe('\ufeffa');
  });

  test('text longer than what is segmented at a time', () => {
    const text = `${'e\u0301\r\n👩\u200d👩\u200d👧🇩🇪x𝅘𝅥𝅮'.repeat(200)}${'\u0301'.repeat(2000)}`;
    const whole = Array.from(
      new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text),
      ({ segment }) => segment,
    );
    expect([...graphemes(text)]).toEqual(whole);
  });
});

test('words of an encoder have the ids that its tokenizer.json gives', () => {
  const vocabulary = ['[CLS]', '[UNK]', 'οδοσ', 'ab', '!', 'i\u0307'];
  const ids = new Map(vocabulary.map((word, id) => [word, id]));
  const pipeline = readPipeline(tokenizerFile(vocabulary));
  for (const text of ['ΟΔΟΣ', 'AB! ΟΔΟΣ abc', 'a\u0085b\ufeffab', 'ab²'])
    expect([0, ...pipeline.encode(text)], text).toEqual(encodeWords(ids, text, 99));
  expect(pipeline.encode('ΟΔΟΣ')).toEqual([2]);
});

describe('refuses by the name of the field', () => {
  test.each([
    ['version', small({ version: '2.0' })],
    ['extra', small({ extra: 1 })],
    ['normalizer.type', small({ normalizer: { type: 'Reverse' } })],
    ['normalizer', small({ normalizer: 'NFC' })],
    ['normalizer.more', small({ normalizer: { type: 'NFC', more: true } })],
    ['normalizer.normalizers[1].type', small({ normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, {}] } })],
    ['normalizer.pattern.Regex', small({ normalizer: { type: 'Replace', pattern: { Regex: 'a*' }, content: '' } })],
    ['normalizer.pattern.String', small({ normalizer: { type: 'Replace', pattern: { String: 5 }, content: '' } })],
    ['normalizer.precompiled_charsmap', small({ normalizer: { type: 'Precompiled', precompiled_charsmap: '****' } })],
    [
      'normalizer.precompiled_charsmap',
      small({ normalizer: { type: 'Precompiled', precompiled_charsmap: '/////w==' } }),
    ],
    ['pre_tokenizer.type', small({ pre_tokenizer: { type: 'UnicodeScripts' } })],
    ['pre_tokenizer.type', small({ pre_tokenizer: { type: 'constructor' } })],
    ['pre_tokenizer.behavior', small({ pre_tokenizer: { type: 'Punctuation', behavior: 'Merged' } })],
    ['pre_tokenizer.individual_digits', small({ pre_tokenizer: { type: 'Digits', individual_digits: 'yes' } })],
    ['pre_tokenizer.length', small({ pre_tokenizer: { type: 'FixedLength', length: 0 } })],
    ['pre_tokenizer.delimiter', small({ pre_tokenizer: { type: 'CharDelimiterSplit', delimiter: 'ab' } })],
    [
      'pre_tokenizer.add_prefix_space',
      small({
        pre_tokenizer: { type: 'Metaspace', replacement: '_', add_prefix_space: false, prepend_scheme: 'always' },
      }),
    ],
    [
      'pre_tokenizer.pattern.Regex',
      small({ pre_tokenizer: { type: 'Split', pattern: { Regex: '(a)\\1' }, behavior: 'Isolated', invert: false } }),
    ],
    ['post_processor.type', small({ post_processor: { type: 'Magic' } })],
    ['decoder.type', small({ decoder: { type: 'CTC' } })],
    ['decoder.start', small({ decoder: { type: 'Strip', content: ' ', start: -1, stop: 0 } })],
    ['model', {}],
    ['model.type', { model: { type: 'Magic' } }],
    ['model.vocab', { model: { type: 'WordLevel', vocab: [], unk_token: '?' } }],
    ['model.vocab.a', { model: { type: 'WordLevel', vocab: { a: 2 ** 28 }, unk_token: 'a' } }],
    ['model.vocab.a', { model: { type: 'WordLevel', vocab: { a: -1 }, unk_token: 'a' } }],
    ['model.vocab', { model: { type: 'WordLevel', vocab: { a: 1, b: 1 }, unk_token: 'a' } }],
    ['model.vocab."\\ud800"', { model: { type: 'WordLevel', vocab: { '\ud800': 1 }, unk_token: 'a' } }],
    ['model.dropout', { model: bpe(['a'], { dropout: 0.1 }) }],
    ['model.merges[0]', { model: bpe(['a', 'b'], { merges: [['a', 'b']] }) }],
    ['model.merges[0]', { model: bpe(['a', 'b'], { merges: ['a b c'] }) }],
    ['model.merges[0]', { model: bpe(['a', 'ab'], { merges: [['a', 'a']], continuing_subword_prefix: '##' }) }],
    ['model.fuse_unk', { model: bpe(['a'], { fuse_unk: 1 }) }],
    ['model.alpha', { model: { type: 'Unigram', vocab: [['a', -1]], unk_id: 0, alpha: 0.1 } }],
    ['model.unk_id', { model: { type: 'Unigram', vocab: [['a', -1]], unk_id: 1 } }],
    ['model.vocab[0]', { model: { type: 'Unigram', vocab: [['a', '-1']], unk_id: 0 } }],
    ['added_tokens', small({ added_tokens: {} })],
    ['added_tokens[0].content', small({ added_tokens: [added(3, 5)] })],
    ['added_tokens[0].id', small({ added_tokens: [added(2 ** 28, '<s>')] })],
    ['added_tokens[0].id', small({ added_tokens: [added(7, '<s>')] })],
    ['added_tokens[0].id', small({ added_tokens: [added(3, 'a')] })],
    ['added_tokens[0].lstrip', small({ added_tokens: [added(3, '<s>', { lstrip: null })] })],
    [
      'added_tokens',
      small({
        normalizer: { type: 'Lowercase' },
        added_tokens: [added(3, 'X', { normalized: true }), added(4, 'x', { normalized: true })],
      }),
    ],
  ])('%s', (field, file) => {
    expect(() => readPipeline(file)).toThrow(
      expect.objectContaining({
        name: 'FormatError',
        source: 'tokenizer.json',
        field,
        message: expect.stringMatching(
          /^openTokenizer: .+ of tokenizer\.json must .+, but .+\. Give token ids with --ids\.$/s,
        ),
      }),
    );
  });

  test('sequences in sequences, 5,000 deep', () => {
    let deep: object = { type: 'Whitespace' };
    for (let i = 0; i < 5000; i++) deep = { type: 'Sequence', pretokenizers: [deep] };
    expect(() => readPipeline(small({ pre_tokenizer: deep }))).toThrow(/nested at most 32 deep/);
  });

  test('a text with a part that has no token', () => {
    const file = { model: { type: 'WordLevel', vocab: { a: 0 }, unk_token: '[UNK]' } };
    expect(readPipeline(file).encode('a')).toEqual([0]);
    expect(() => readPipeline(file).encode('b')).toThrow(
      'encode: text must consist of tokens of the tokenizer, but b is none and the vocabulary has no token "[UNK]", its unknown one. Give token ids with --ids.',
    );
  });
});

test('early files do not say the type of the model', () => {
  const { type: _, ...model } = bpe(['a', 'b', 'ab'], { merges: ['#version: 0.2', 'a b'] }) as { type: string };
  expect(readPipeline({ model }).encode('aab')).toEqual([0, 2]);
});

test('a long word takes time in proportion to its length', () => {
  const length = 200_000;
  const model = bpe(['a', 'aa', 'aaaa'], { merges: ['a a', 'aa aa'] });
  expect(readPipeline({ model }).encode('a'.repeat(length))).toHaveLength(length / 4);
  const unigram = {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['?', 0],
      ['a', -1],
      ['a'.repeat(1000), -2],
    ],
  };
  expect(readPipeline({ model: unigram }).encode('a'.repeat(2000))).toEqual([2, 2]);
});
