/** A tokenizer of seven words as BERT's: word pieces, [CLS] and [SEP] around a text, [MASK] for a word. */
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const WORDS = ['the', 'cat', 'sat', 'dog', 'a', '##s', 'on'];

/** tokenizer.json and tokenizer_config.json, with fields of the former besides. */
export function wordTokenizerFiles(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const vocab = Object.fromEntries([...SPECIAL, ...WORDS].map((token, id) => [token, id]));
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  return {
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: SPECIAL.map((content, id) => ({ id, content, ...flags })),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: {
        type: 'TemplateProcessing',
        single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
        pair: [],
        special_tokens: Object.fromEntries(
          ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [SPECIAL.indexOf(id)], tokens: [id] }]),
        ),
      },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab,
      },
      ...more,
    },
    'tokenizer_config.json': { tokenizer_class: 'BertTokenizer', mask_token: '[MASK]' },
  };
}
