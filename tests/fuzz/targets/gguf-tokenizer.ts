import { ggufTokenizer } from '../../../src/transformer/checkpoint/gguf/tokenizer/tokenizer.ts';
import { textFrame } from '../../../src/transformer/text-frame.ts';
import { openTokenizer } from '../../../src/transformer/tokenizer.ts';
import { ACTING } from '../../support/acting.ts';
import { ggufMetadata } from '../../support/gguf-tokenizers.ts';
import { mutateJson } from '../mutate-json.ts';
import { target, WrongAnswer } from '../target.ts';

interface Case {
  readonly fields: unknown;
  readonly text: string;
}

const BYTES = {
  model: 'gpt2',
  pre: 'gpt-2',
  tokens: ['a', 'b', 'ab', '<s>', 'Ġ', '</s>', '  ', 'Ġab'],
  token_type: [1, 1, 1, 3, 1, 3, 4, 5],
  merges: ['a b', 'Ġ ab'],
  bos_token_id: 3,
  eos_token_id: 5,
  add_bos_token: true,
};
const PIECES = {
  model: 'llama',
  tokens: ['<unk>', '<s>', '</s>', '▁', 'a', 'b', '▁a', 'ab', '<0x0A>', '  ', '\n'],
  token_type: [2, 3, 3, 1, 1, 1, 1, 1, 6, 4, 4],
  scores: [0, 0, 0, -3, -4, -5, -1, -2, 0, -1000, -1000],
  unknown_token_id: 0,
  add_space_prefix: false,
};
const WORDS = {
  model: 'bert',
  tokens: ['[UNK]', '[CLS]', '[SEP]', '▁ab', 'b', '▁a', '▁', '▁e'],
  token_type: [3, 3, 3, 1, 1, 1, 1, 1],
  unknown_token_id: 0,
  bos_token_id: 1,
  seperator_token_id: 2,
  'normalizer.lowercase': true,
};
const NAMES = [
  'gpt-2',
  'smollm',
  'llama-bpe',
  'qwen2',
  'tekken',
  'gpt-4o',
  'falcon',
  'bloom',
  'deepseek-coder',
  'deepseek-v3',
];
const SEEDS = [PIECES, WORDS, { ...PIECES, add_space_prefix: true }, ...NAMES.map((pre) => ({ ...BYTES, pre }))];
const TEXTS = ['ab c', '', ' the  bank ', '½ naïve 𝔘\n', ACTING, 'a'.repeat(200), '<s>ab</s>  12345 x'];

/** What a file can say: lists are of texts or of numbers. */
function stored(value: unknown): unknown {
  if (!Array.isArray(value)) return typeof value === 'object' ? undefined : value;
  if (value.every((entry) => typeof entry === 'string')) return value;
  const numbers = value.map((entry) => (typeof entry === 'number' ? entry : entry === null ? 7 : Number.NaN));
  return numbers.every(Number.isInteger) ? Int32Array.from(numbers) : Float32Array.from(numbers);
}

export const GGUF_TOKENIZER_TARGETS = [
  target<Case>({
    name: 'gguf-tokenizer',
    weight: 2,
    make: (random) => ({ fields: mutateJson(random, random.pick(SEEDS)), text: random.pick(TEXTS) }),
    read({ fields, text }) {
      if (typeof fields !== 'object' || fields === null) return;
      const entries = Object.entries(fields).map(([key, value]) => [`tokenizer.ggml.${key}`, stored(value)] as const);
      const tokenizerFiles = ggufTokenizer(ggufMetadata(Object.fromEntries(entries)));
      if (tokenizerFiles === null) return;
      const config = { family: 'llama', V: 1 << 24, bosId: null } as never;
      const tokenizer = openTokenizer({ label: 'x', config, tokenizerFiles });
      const frame = textFrame({ config, tokenizerFiles });
      const ids = [...frame.before, ...tokenizer.encode(text, { bos: false }), ...frame.after];
      const wrong = ids.find((id) => !(Number.isSafeInteger(id) && id >= 0 && id < tokenizer.size));
      if (wrong !== undefined) throw new WrongAnswer(`id ${wrong} of ${tokenizer.size}`);
      if (typeof tokenizer.decode(ids) !== 'string') throw new WrongAnswer('no text');
      for (let id = 0; id < Math.min(tokenizer.size, 40); id++) tokenizer.token(id);
    },
  }),
];
