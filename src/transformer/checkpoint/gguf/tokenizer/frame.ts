import type { GgufMetadata } from '../../../../formats/gguf/metadata.ts';
import { type GgufVocabulary, KEY, namedId, tokenizerFault } from './vocabulary.ts';

/** What a kind of tokenizer does where the file does not say, as llama.cpp has it. */
export interface FrameDefaults {
  readonly bos: number | null;
  readonly eos: number | null;
  readonly separator: number | null;
  readonly addBos: boolean;
  /** Whether a text ends in the separator unless it ends in EOS. */
  readonly addSeparator: boolean;
}

/** The tokens around a text. */
export interface Frame {
  /** Text of the token that begins texts; null if none is named. */
  readonly bosToken: string | null;
  /** The post-processor that tokenizer.json would have; null if nothing is added. */
  readonly postProcessor: object | null;
}

/**
 * The tokens that a GGUF file puts around a text.
 *
 * @throws FormatError if the file asks for a token that it does not name, or names one that it does not have.
 */
export function readFrame(metadata: GgufMetadata, vocabulary: GgufVocabulary, defaults: FrameDefaults): Frame {
  const bos = namedId(metadata, vocabulary, KEY.bos, defaults.bos);
  const before = (metadata.flag(KEY.addBos) ?? defaults.addBos) ? [needed(metadata, KEY.bos, bos)] : [];
  const after = tokensBehind(metadata, vocabulary, defaults);
  const text = (id: number): string => vocabulary.tokens[id]!;
  const bosToken = bos === null ? null : text(bos);
  if (before.length + after.length === 0) return { bosToken, postProcessor: null };
  const special = (id: number) => ({ SpecialToken: { id: text(id), type_id: 0 } });
  const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  const [front, back] = [before.map(special), after.map(special)];
  return {
    bosToken,
    postProcessor: {
      type: 'TemplateProcessing',
      single: [...front, sequence('A'), ...back],
      pair: [...front, sequence('A'), ...back, sequence('B'), ...back],
      special_tokens: Object.fromEntries(
        [...before, ...after].map((id) => [text(id), { id: text(id), ids: [id], tokens: [text(id)] }]),
      ),
    },
  };
}

function tokensBehind(metadata: GgufMetadata, vocabulary: GgufVocabulary, defaults: FrameDefaults): number[] {
  if (metadata.flag(KEY.addEos) ?? false)
    return [needed(metadata, KEY.eos, namedId(metadata, vocabulary, KEY.eos, defaults.eos))];
  // Elsewhere the flag is about pairs of texts.
  if (!defaults.addSeparator || !(metadata.flag(KEY.addSeparator) ?? true)) return [];
  return [needed(metadata, KEY.separator, namedId(metadata, vocabulary, KEY.separator, defaults.separator))];
}

function needed(metadata: GgufMetadata, key: string, id: number | null): number {
  if (id === null) throw tokenizerFault(metadata, key, 'name the token that is put around texts');
  return id;
}
