/** The token that begins and ends texts in the tokenizers made here. */
export const END_OF_TEXT = '<|endoftext|>';

/**
 * A valid tokenizer.json with exactly `size` tokens and no merges: one token per byte (lower-case letters and the space
 * first, so that a vocabulary of 28 already reads simple words), then fillers that no text reaches, and {@link END_OF_TEXT}
 * with the id `endId`.
 */
export function byteTokenizer(size: number, endId = size - 1): { readonly tokenizer: object; readonly config: object } {
  const pieces = byteAlphabet().slice(0, size - 1);
  while (pieces.length < size - 1) pieces.push(`filler${pieces.length}`);
  pieces.splice(endId, 0, END_OF_TEXT);
  const end = {
    id: endId,
    content: END_OF_TEXT,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [end],
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: { ...byteLevel, trim_offsets: false },
      decoder: byteLevel,
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: '',
        end_of_word_suffix: '',
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
        merges: [],
      },
    },
    config: { tokenizer_class: 'PreTrainedTokenizerFast', bos_token: END_OF_TEXT, eos_token: END_OF_TEXT },
  };
}

/** GPT-2's 256 characters for bytes, the letters a–z and the space in front. */
function byteAlphabet(): string[] {
  const printing = [...range(0x21, 0x7e), ...range(0xa1, 0xac), ...range(0xae, 0xff)];
  const others = range(0, 255).filter((byte) => !printing.includes(byte));
  const characters = [...printing, ...others.map((_, i) => 0x100 + i)].map((code) => String.fromCharCode(code));
  const first = [...range(0x61, 0x7a).map((code) => String.fromCharCode(code)), 'Ġ'];
  return [...first, ...characters.filter((character) => !first.includes(character))];
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
