import type { GgufMetadata } from '../../../../formats/gguf/metadata.ts';
import { byteLevelTokenizer } from './byte-level.ts';
import { sentencePieceTokenizer } from './sentence-pieces.ts';
import { KEY, tokenizerFault } from './vocabulary.ts';
import { wordPieceTokenizer } from './word-pieces.ts';

const MODELS = { gpt2: byteLevelTokenizer, llama: sentencePieceTokenizer, bert: wordPieceTokenizer } as const;

/** What a folder would hold in tokenizer.json and tokenizer_config.json. */
export interface TokenizerFiles {
  readonly tokenizer: object;
  readonly config: object;
}

/**
 * The tokenizer that the metadata of a GGUF file describes, as the parsed tokenizer.json and tokenizer_config.json that say the same.
 *
 * @returns null if the file has no tokenizer.
 * @throws FormatError naming the key that is damaged, or the kind of tokenizer or of pre-tokenizer that is not known.
 * @source https://github.com/ggml-org/llama.cpp, src/llama-vocab.cpp
 */
export function ggufTokenizer(metadata: GgufMetadata): TokenizerFiles | null {
  const model = metadata.text(KEY.model);
  if (model === undefined || model === 'no_vocab' || model === 'none') return null;
  const known = Object.keys(MODELS);
  if (!known.includes(model)) throw tokenizerFault(metadata, KEY.model, `be one of ${known.join(', ')}`);
  const { tokenizer, frame } = MODELS[model as keyof typeof MODELS](metadata);
  return {
    tokenizer,
    config: {
      // The class that takes its post-processor from tokenizer.json, whatever the model.
      tokenizer_class: 'PreTrainedTokenizerFast',
      ...(frame.bosToken === null ? {} : { bos_token: frame.bosToken }),
    },
  };
}
