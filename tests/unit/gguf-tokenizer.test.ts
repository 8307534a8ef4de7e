import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/core/errors.ts';
import { PRE_TOKENIZERS } from '../../src/transformer/checkpoint/gguf/tokenizer/pre-tokenizers.ts';
import { ggufTokenizer } from '../../src/transformer/checkpoint/gguf/tokenizer/tokenizer.ts';
import { textFrame } from '../../src/transformer/text-frame.ts';
import { readPipeline } from '../../src/transformer/tokenizer/pipeline.ts';
import { openTokenizer } from '../../src/transformer/tokenizer.ts';
import { ggufMetadata } from '../support/gguf-tokenizers.ts';

type Fields = Readonly<Record<string, unknown>>;

const ggml = (fields: Fields) =>
  ggufMetadata(
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key.includes('.') ? key : `tokenizer.ggml.${key}`, value]),
    ),
  );

const BYTES: Fields = {
  model: 'gpt2',
  pre: 'gpt-2',
  tokens: ['a', 'b', 'ab', '<s>', 'Ġ', '</s>', '[MASK]'],
  token_type: Int32Array.of(1, 1, 1, 3, 1, 3, 3),
  merges: ['a b'],
};
const PIECES: Fields = {
  model: 'llama',
  tokens: ['<unk>', '<s>', '</s>', '▁', 'a', 'b', '▁a', 'ab', '<0x0A>', '  ', '\n'],
  token_type: Int32Array.of(2, 3, 3, 1, 1, 1, 1, 1, 6, 4, 4),
  scores: Float32Array.of(0, 0, 0, -3, -4, -5, -1, -2, 0, -1000, -1000),
};
const WORDS: Fields = {
  model: 'bert',
  tokens: ['[UNK]', '[CLS]', '[SEP]', '▁ab', 'b', '▁a', '▁é', '▁e'],
  token_type: Int32Array.of(3, 3, 3, 1, 1, 1, 1, 1),
  unknown_token_id: 0,
  bos_token_id: 1,
  seperator_token_id: 2,
};

const read = (fields: Fields) => ggufTokenizer(ggml(fields))!;
const pipelineOf = (fields: Fields) => readPipeline(read(fields).tokenizer);
const ids = (fields: Fields, text: string) => pipelineOf(fields).encode(text);

function frameOf(fields: Fields, family: 'llama' | 'gpt_neox' = 'llama') {
  const tokenizerFiles = read(fields);
  const config = { family, V: 11, bosId: null } as never;
  const { bosId } = openTokenizer({ label: 'x', config, tokenizerFiles });
  return { ...textFrame({ config, tokenizerFiles }), bosId };
}

describe('what begins and ends a text', () => {
  const bos = { bos_token_id: 3, eos_token_id: 5 };

  test.each<[string, Fields, number[], number[], number | null]>([
    ['byte-level without flags', BYTES, [], [], null],
    ['byte-level with ids', { ...BYTES, ...bos }, [], [], 3],
    ['llama-bpe', { ...BYTES, ...bos, pre: 'llama-bpe' }, [3], [], 3],
    ['tekken', { ...BYTES, ...bos, pre: 'tekken' }, [3], [], 3],
    ['llama-bpe without a BOS', { ...BYTES, pre: 'llama-bpe' }, [], [], null],
    ['llama-bpe that says no', { ...BYTES, ...bos, pre: 'llama-bpe', add_bos_token: false }, [], [], 3],
    ['byte-level with flags', { ...BYTES, ...bos, add_bos_token: true, add_eos_token: true }, [3], [5], 3],
    ['a separator that is for pairs', { ...BYTES, ...bos, add_sep_token: true }, [], [], 3],
    ['pieces', PIECES, [1], [], 1],
    ['pieces that say no', { ...PIECES, add_bos_token: false }, [], [], 1],
    ['pieces with their own ids', { ...PIECES, bos_token_id: 2, add_eos_token: true, eos_token_id: 1 }, [2], [1], 2],
    ['word pieces', WORDS, [1], [2], 1],
    [
      'word pieces that end in EOS',
      { ...WORDS, add_eos_token: true, eos_token_id: 2, add_sep_token: false },
      [1],
      [2],
      1,
    ],
    ['word pieces that say no', { ...WORDS, add_bos_token: false, add_sep_token: false }, [], [], 1],
  ])('%s', (_, fields, before, after, bosId) => {
    expect(frameOf(fields)).toEqual({ before, after, bosId });
    expect(frameOf(fields, 'gpt_neox')).toEqual({ before, after, bosId });
  });
});

describe('byte-level', () => {
  test('control and user-defined tokens are found in the text, others only by merges', () => {
    expect(ids(BYTES, 'ab<s> </s>b')).toEqual([2, 3, 4, 5, 1]);
    expect(ids({ ...BYTES, token_type: undefined }, 'a<s>')).toEqual([0]);
    // Neither are tokens that are not used: those of other models' rows.
    expect(ids({ ...BYTES, token_type: Int32Array.of(1, 1, 1, 5, 1, 3, 3) }, 'a<s>')).toEqual([0]);
  });

  test('a mask takes the white space before it only where the name says so', () => {
    const masked = { ...BYTES, mask_token_id: 6 };
    expect(ids(masked, 'a [MASK]')).toEqual([0, 4, 6]);
    expect(ids({ ...masked, pre: 'roberta-bpe' }, 'a [MASK]')).toEqual([0, 6]);
  });

  test('whole tokens come before merges where the name says so', () => {
    const whole = { ...BYTES, tokens: ['a', 'b', 'ba', '<s>', 'Ġ', '</s>', '[MASK]'], merges: [], bos_token_id: 3 };
    expect(ids(whole, 'ba')).toEqual([1, 0]);
    expect(ids({ ...whole, pre: 'llama-bpe' }, 'ba')).toEqual([2]);
  });

  test('form C where the name says so', () => {
    const composed = { ...BYTES, tokens: ['Ã', '©', 'e'], token_type: Int32Array.of(1, 1, 1), merges: [] };
    expect(ids(composed, 'e\u0301')).toEqual([2]);
    expect(ids({ ...composed, pre: 'qwen2' }, 'e\u0301')).toEqual([0, 1]);
  });

  test('an id without a text has none', () => {
    const pipeline = pipelineOf({ ...BYTES, tokens: ['a', 'b', 'ab', '<s>', '', '', ''] });
    expect(pipeline.token(5)).toBeUndefined();
    expect(pipeline.encode('ab')).toEqual([2]);
  });

  test.each(['__proto__', 'constructor', 'toString', '0', '17'])('a token may be called %s', (name) => {
    const pipeline = pipelineOf({ ...BYTES, tokens: ['a', 'b', 'ab', name, 'Ġ', '</s>', '[MASK]'] });
    expect([pipeline.id(name), pipeline.token(3)]).toMatchObject([3, { content: name }]);
    expect(pipeline.encode(`a${name}`)).toEqual([0, 3]);
  });
});

describe('pieces', () => {
  test('higher scores are merged first, with a space in front unless the file says no', () => {
    expect(ids(PIECES, 'ab')).toEqual([6, 5]);
    expect(ids({ ...PIECES, add_space_prefix: false }, 'ab')).toEqual([7]);
    expect(pipelineOf(PIECES).decode([6, 5])).toBe('ab');
    expect(pipelineOf({ ...PIECES, add_space_prefix: false }).decode([6, 5])).toBe(' ab');
  });

  test('a space is put in front of a text that begins with one, and of each part', () => {
    expect(ids({ ...PIECES, token_type: Int32Array.of(2, 3, 3, 1, 1, 1, 1, 1, 6, 1, 4) }, ' ab')).toEqual([3, 6, 5]);
    expect(ids(PIECES, 'b<s>b')).toEqual([3, 5, 1, 3, 5]);
  });

  test('runs of spaces that are user-defined merge before all else', () => {
    const spaced = { ...PIECES, add_space_prefix: false };
    expect(ids(spaced, '  ab')).toEqual([9, 7]);
    expect(pipelineOf(spaced).decode([9, 7])).toBe('  ab');
  });

  test('bytes stand for what has no piece; unknown characters that follow one another are one', () => {
    const fields = {
      ...PIECES,
      token_type: Int32Array.of(2, 3, 3, 1, 1, 1, 1, 1, 6, 4, 1),
      tokens: [...(PIECES.tokens as string[]).slice(0, 10), 'c'],
    };
    expect(ids(fields, '\n')).toEqual([3, 8]);
    expect(ids(fields, 'äöa')).toEqual([3, 0, 4]);
  });

  test('Phi-3 leaves white space behind its tokens in the text, but three', () => {
    const plain = { ...PIECES, token_type: Int32Array.of(2, 3, 3, 1, 1, 1, 1, 1, 6, 1, 4) };
    const phi3 = { ...plain, 'general.architecture': 'phi3' };
    expect(ids(plain, '</s> b')).toEqual([2, 3, 3, 5]);
    expect(ids(phi3, '</s> b')).toEqual([2, 3, 5]);
    expect(ids(phi3, '<s> b')).toEqual([1, 3, 3, 5]);
  });
});

describe('word pieces', () => {
  test('beginnings and continuations', () => {
    expect(ids(WORDS, 'abb ab c')).toEqual([3, 4, 3, 0]);
    expect(pipelineOf(WORDS).decode([3, 4, 5])).toBe('abb a');
    // An id without a text is none of them.
    const empty = pipelineOf({ ...WORDS, tokens: ['[UNK]', '[CLS]', '[SEP]', '▁ab', 'b', '▁a', '', '▁'] });
    expect([6, 7].map((id) => empty.token(id))).toEqual([undefined, '##▁']);
  });

  test('capitals are kept if the vocabulary has some, or the file says so', () => {
    expect(ids(WORDS, 'AB É')).toEqual([3, 7]);
    expect(ids({ ...WORDS, 'tokenizer.ggml.normalizer.lowercase': false }, 'AB é')).toEqual([0, 6]);
    expect(ids({ ...WORDS, 'tokenizer.ggml.normalizer.strip_accents': false }, 'AB É')).toEqual([3, 6]);
    const cased = { ...WORDS, tokens: ['[UNK]', '[CLS]', '[SEP]', '▁ab', 'b', '▁a', '▁é', '▁E'] };
    expect(ids(cased, 'E ab é')).toEqual([7, 3, 6]);
    expect(ids({ ...cased, 'tokenizer.ggml.normalizer.lowercase': true }, 'AB')).toEqual([3]);
  });
});

test('a file without a tokenizer has none', () => {
  expect(ggufTokenizer(ggml({}))).toBeNull();
  expect(ggufTokenizer(ggml({ model: 'no_vocab' }))).toBeNull();
});

describe('refused in one line that names the key', () => {
  const replaced = (list: unknown, at: number, value: unknown) =>
    (list as unknown[]).map((v, i) => (i === at ? value : v));

  test.each<[string, Fields, RegExp]>([
    ['another kind', { ...BYTES, model: 't5' }, /ggml\.model .* one of gpt2, llama, bert, but it is "t5"/],
    ['a kind that is inherited', { ...BYTES, model: 'constructor' }, /ggml\.model .* "constructor"/],
    ['a kind that is a number', { ...BYTES, model: 3 }, /ggml\.model .* be a text/],
    ['another pre-tokenizer', { ...BYTES, pre: 'kimi-k2' }, /ggml\.pre .* gpt-2, .*deepseek-v3, but it is "kimi-k2"/],
    ['no pre-tokenizer', { ...BYTES, pre: undefined }, /ggml\.pre .* but it is absent/],
    ['an unknown pre-tokenizer of byte-level', { ...BYTES, pre: 'default' }, /ggml\.pre .* "default"/],
    ['a pre-tokenizer that is inherited', { ...BYTES, pre: '__proto__' }, /ggml\.pre .* "__proto__"/],
    ['no tokens', { ...BYTES, tokens: undefined }, /ggml\.tokens .* absent/],
    ['an empty list of tokens', { ...BYTES, tokens: [] }, /ggml\.tokens .* list 1 to/],
    ['tokens without texts', { ...BYTES, tokens: ['', '', '', '', '', '', ''] }, /ggml\.tokens .* have a text/],
    ['tokens that are numbers', { ...BYTES, tokens: Int32Array.of(1) }, /ggml\.tokens .* list of texts/],
    ['a token twice', { ...BYTES, tokens: replaced(BYTES.tokens, 4, 'a') }, /every token once, but it is a as 0 and 4/],
    [
      'too few kinds',
      { ...BYTES, token_type: Int32Array.of(1, 1) },
      /token_type .* each of 7 tokens, but it is a list of 2/,
    ],
    [
      'another kind of token',
      { ...BYTES, token_type: Int32Array.of(1, 1, 1, 7, 1, 1, 1) },
      /token_type .* 7 for token 3/,
    ],
    ['no merges', { ...BYTES, merges: undefined }, /ggml\.merges .* absent/],
    ['a merge of one', { ...BYTES, merges: ['ab'] }, /ggml\.merges .* ab at 0/],
    ['a merge with nothing', { ...BYTES, merges: ['a b', 'a '] }, /ggml\.merges .* "a " at 1/],
    ['a merge of what is no token', { ...BYTES, merges: ['a b', 'a x'] }, /ggml\.merges .* "a x" at 1, and x is none/],
    ['a merge into what is no token', { ...BYTES, merges: ['b a'] }, /ggml\.merges .* and ba is none/],
    ['a BOS out of range', { ...BYTES, bos_token_id: 7 }, /bos_token_id .* from 0 to 6, but it is 7/],
    ['a BOS below zero', { ...BYTES, bos_token_id: -1 }, /bos_token_id .* integer from 0/],
    [
      'a BOS that is asked for, but not named',
      { ...BYTES, add_bos_token: true },
      /bos_token_id .* around texts, but it is absent/,
    ],
    ['an EOS that is not named', { ...BYTES, add_eos_token: true }, /eos_token_id .* around texts/],
    ['a flag that is a number', { ...BYTES, add_bos_token: 1 }, /add_bos_token .* true or false/],
    ['no scores', { ...PIECES, scores: undefined }, /ggml\.scores .* absent/],
    [
      'too few scores',
      { ...PIECES, scores: Float32Array.of(1) },
      /ggml\.scores .* each of 11 tokens, but it is a list of 1/,
    ],
    [
      'a score that is no number',
      { ...PIECES, scores: new Float32Array(11).fill(Number.NaN) },
      /ggml\.scores .* NaN for token 0/,
    ],
    [
      'scores that say nothing',
      { ...PIECES, scores: new Float32Array(11).fill(-1000) },
      /ggml\.scores .* -1000 for all/,
    ],
    [
      'bytes that are none',
      { ...PIECES, tokens: replaced(PIECES.tokens, 8, '<0x0a>') },
      /<0x00> to <0xFF>, .* "<0x0a>" for 8/,
    ],
    [
      'a long piece',
      { ...PIECES, tokens: replaced(PIECES.tokens, 7, 'a'.repeat(600)) },
      /at most 512 .* one of 600 for 7/,
    ],
    ['a compiled normaliser', { ...PIECES, precompiled_charsmap: Int32Array.of(1) }, /precompiled_charsmap .* absent/],
    ['spaces that go', { ...PIECES, remove_extra_whitespaces: true }, /remove_extra_whitespaces .* false/],
    ['an unknown token out of range', { ...PIECES, unknown_token_id: 11 }, /unknown_token_id .* it is 11/],
    [
      'word pieces without an unknown token',
      { ...WORDS, unknown_token_id: undefined },
      /unknown_token_id .* unknown words/,
    ],
    [
      'word pieces without a separator',
      { ...WORDS, seperator_token_id: undefined },
      /seperator_token_id .* around texts/,
    ],
  ])('%s', (_, fields, message) => {
    const fault = (): unknown => ggufTokenizer(ggml(fields));
    expect(fault).toThrow(FormatError);
    expect(fault).toThrow(message);
    expect(fault).toThrow(/^openCheckpoint: [^\n]{1,1000}$/);
  });

  test('every name is listed once', () => {
    expect(new Set(PRE_TOKENIZERS).size).toBe(PRE_TOKENIZERS.length);
  });
});
