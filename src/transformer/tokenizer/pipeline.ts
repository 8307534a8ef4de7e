import { describeJson } from '../../formats/json.ts';
import { type AddedToken, AddedTokenFinder, readAddedTokens } from './added-tokens.ts';
import { type Decoder, readDecoder } from './decoders.ts';
import { Fields, refuse } from './fields.ts';
import { readModel } from './models/read-model.ts';
import { type Normalizer, readNormalizer } from './normalizers.ts';
import { wholeText } from './piece.ts';
import { checkPostProcessor } from './post-processors.ts';
import { type PreTokenizer, readPreTokenizer } from './pre-tokenizers.ts';
import { Fuel } from './regex/fuel.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A tokenizer.json, read. */
export interface Pipeline {
  /** One more than the largest id. */
  readonly size: number;
  /** Ids of a text, without those of the post-processor. @throws DomainError, CapacityError */
  encode(text: string): number[];
  /** The text of ids that all have one. */
  decode(ids: readonly number[]): string;
  /** The token of an id: an added one, or the text of one of the model; undefined if there is none. */
  token(id: number): AddedToken | string | undefined;
  id(token: string): number | undefined;
}

/**
 * Reads tokenizer.json: added tokens, normaliser, pre-tokeniser, model and decoder, each as Hugging Face's tokenizers 0.23
 * (Rust) has them. What is not known to give the same ids is refused by its name.
 *
 * @throws FormatError naming the field.
 */
export function readPipeline(file: object): Pipeline {
  const fields = new Fields(file, '');
  const version = fields.any('version') ?? '1.0';
  if (version !== '1.0') refuse('version', 'be "1.0"', `it is ${describeJson(version)}`);
  // Neither cuts nor pads a prompt: transformers switches both off, too.
  fields.skip('truncation', 'padding');
  const fuel = new Fuel();
  const optional = <T>(name: string, read: (value: unknown, path: string, fuel: Fuel) => T): T | null => {
    const value = fields.any(name) ?? null;
    return value === null ? null : read(value, name, fuel);
  };
  const normalize: Normalizer = optional('normalizer', readNormalizer) ?? ((piece) => piece);
  const preTokenize: PreTokenizer = optional('pre_tokenizer', readPreTokenizer) ?? ((piece) => [piece]);
  const decoder: Decoder = optional('decoder', readDecoder) ?? ((tokens) => [tokens.join(' ')]);
  optional('post_processor', checkPostProcessor);
  const model = readModel(fields.any('model'));
  const added = readAddedTokens(
    fields.has('added_tokens') ? fields.list('added_tokens') : [],
    model.vocabulary,
    normalize,
  );
  fields.skip('added_tokens').done();
  const raw = new AddedTokenFinder(added.filter(({ normalized }) => !normalized));
  const normalised = new AddedTokenFinder(added.filter(({ normalized }) => normalized));
  const byId = new Map(added.map((token) => [token.id, token]));
  const byContent = new Map(added.map((token) => [token.content, token.id]));

  return {
    size: sizeOf(model.vocabulary, added),
    encode(text) {
      fuel.refill(text.length);
      const ids: number[] = [];
      for (const part of raw.split(wholeText(text))) {
        for (const inner of typeof part === 'number' ? [part] : normalised.split(normalize(part))) {
          if (typeof inner === 'number') ids.push(inner);
          else
            for (const piece of preTokenize(inner))
              if (piece.text !== '') for (const id of model.encode(piece.text)) ids.push(id);
        }
      }
      return ids;
    },
    decode(ids) {
      const tokens = ids.map((id) => byId.get(id)?.spelling ?? model.vocabulary.text(id) ?? '');
      fuel.refill(tokens.reduce((sum, token) => sum + token.length, 0));
      return decoder(tokens).join('');
    },
    token: (id) => byId.get(id) ?? model.vocabulary.text(id),
    id: (token) => byContent.get(token) ?? model.vocabulary.id(token),
  };
}

function sizeOf(vocabulary: Vocabulary, added: readonly AddedToken[]): number {
  let size = 0;
  for (const id of vocabulary.ids) size = Math.max(size, id + 1);
  for (const { id } of added) size = Math.max(size, id + 1);
  return size;
}
