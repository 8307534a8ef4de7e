import type { GgufMetadata } from '../../../../formats/gguf/metadata.ts';
import { quoteName } from '../../../../formats/json.ts';
import { addedTokens } from './added-tokens.ts';
import { type Frame, readFrame } from './frame.ts';
import { MOST_MERGES } from './piece-merges.ts';
import { preTokenizerRule } from './pre-tokenizers.ts';
import { type GgufVocabulary, KEY, namedId, readGgufVocabulary, tokenizerFault } from './vocabulary.ts';

const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

/**
 * `gpt2`: byte-level BPE, split by what `tokenizer.ggml.pre` names. `add_space_prefix` has no effect here, as in llama.cpp.
 *
 * @throws FormatError naming the key.
 */
export function byteLevelTokenizer(metadata: GgufMetadata): { readonly tokenizer: object; readonly frame: Frame } {
  const rule = preTokenizerRule(metadata);
  const vocabulary = readGgufVocabulary(metadata);
  const mask = rule.maskTakesLeft ? namedId(metadata, vocabulary, KEY.mask, null) : null;
  const frame = readFrame(metadata, vocabulary, {
    bos: null,
    eos: null,
    separator: null,
    // A file that names no BOS, and does not ask for one, has none.
    addBos: rule.addsBos && metadata.value(KEY.bos) !== undefined,
    addSeparator: false,
  });
  return {
    frame,
    tokenizer: {
      version: '1.0',
      added_tokens: addedTokens(vocabulary, { takesLeft: (id) => id === mask }),
      normalizer: rule.composes ? { type: 'NFC' } : null,
      pre_tokenizer: rule.preTokenizer,
      post_processor: frame.postProcessor,
      decoder: BYTE_LEVEL,
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: rule.ignoresMerges,
        vocab: Object.fromEntries(vocabulary.ids),
        merges: readMerges(metadata, vocabulary),
      },
    },
  };
}

/** Pairs of tokens, the first learned first. */
function readMerges(metadata: GgufMetadata, { ids }: GgufVocabulary): (readonly [string, string])[] {
  const merges = metadata.texts(KEY.merges);
  if (merges === undefined || merges.length > MOST_MERGES)
    throw tokenizerFault(metadata, KEY.merges, `list at most ${MOST_MERGES} merges`);
  return merges.map((merge, rank) => {
    const space = merge.indexOf(' ', 1);
    const [left, right] = [merge.slice(0, space), merge.slice(space + 1)];
    if (space < 0 || right === '')
      throw tokenizerFault(metadata, KEY.merges, 'be pairs of tokens with a space between', at(rank, merge));
    for (const text of [left, right, left + right])
      if (!ids.has(text)) {
        const found = `${at(rank, merge)}, and ${quoteName(text)} is none`;
        throw tokenizerFault(metadata, KEY.merges, 'join tokens into tokens', found);
      }
    return [left, right] as const;
  });
}

function at(rank: number, merge: string): string {
  return `${quoteName(merge)} at ${rank}`;
}
