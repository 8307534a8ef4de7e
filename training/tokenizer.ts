import { END_OF_TEXT } from './corpus.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * `tokenizer.json`: byte-level BPE without merges. With `ignore_merges` a pre-token that is in the vocabulary is one
 * token, so every corpus word is; any other text falls apart into bytes.
 */
export function tokenizerFile({ spellings, endOfText }: Vocabulary) {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: endOfText,
        content: END_OF_TEXT,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab: Object.fromEntries(spellings.map((spelling, id) => [spelling, id])),
      merges: [],
    },
  };
}

/** `tokenizer_config.json`. */
export function tokenizerConfig(positions: number) {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: END_OF_TEXT,
    eos_token: END_OF_TEXT,
    model_max_length: positions,
  };
}
