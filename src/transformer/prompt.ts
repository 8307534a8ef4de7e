import { DomainError } from '../core/errors.ts';
import type { Model } from './model.ts';
import { checkTokenIds } from './token-ids.ts';
import { openTokenizer } from './tokenizer.ts';

/** A prompt as the model reads it. */
export interface Prompt {
  /** null when ids were given. */
  readonly text: string | null;
  /** Token ids as the model reads them. */
  readonly ids: readonly number[];
  /** Printable text of each id; ⟨id 17⟩ without a tokenizer. */
  readonly tokens: readonly string[];
  /** Whether the beginning-of-text token was put in front; of a model whose tokens see the whole text, whether its tokens stand around the text. */
  readonly bos: boolean;
}

/** What a prompt is made of: a text, or token ids. */
export interface PromptSource {
  /** The text. */
  readonly text?: string;
  /** Token ids instead of text. */
  readonly ids?: readonly number[];
  /**
   * Put the beginning-of-text token in front; default: as the tokenizer itself does, and never before ids. Of a model whose tokens see the whole text it stands for
   * all that the tokenizer puts around one, such as [CLS] and [SEP].
   */
  readonly bos?: boolean;
}

/**
 * Reads a prompt for a model. Whether it fits the context is for the pass to say.
 *
 * @throws DomainError if it is empty or holds an id outside the vocabulary, or if the beginning-of-text token is asked for and there is none; FormatError for text
 * without a tokenizer.
 */
export function promptOf(model: Model, { text, ids, bos }: PromptSource): Prompt {
  const bosId = model.tokenizer?.bosId ?? model.config.bosId;
  if ((text !== undefined && text.length === 0) || (text === undefined && (ids === undefined || ids.length === 0))) {
    throw new DomainError('promptOf: the prompt must hold at least one token, but it is empty. Give some text.');
  }
  let read: readonly number[];
  let withBos: boolean;
  if (!model.config.causal && model.front.length + model.back.length > 0) {
    withBos = bos ?? text !== undefined;
    const inner = text === undefined ? ids! : model.tokenizer!.encode(text, { bos: false });
    read = withBos ? [...model.front, ...inner, ...model.back] : [...inner];
  } else if (text !== undefined) {
    withBos = bos ?? model.front.length > 0;
    const tokenizer = model.tokenizer ?? openTokenizer(model.checkpoint);
    const encoded = tokenizer.encode(text, { bos: bos ?? false });
    read = bos === undefined ? [...model.front, ...encoded] : encoded;
  } else {
    withBos = bos ?? false;
    if (withBos && bosId === null)
      throw new DomainError(
        'promptOf: bos must be false for this checkpoint, but it is true. No token begins its texts.',
      );
    read = withBos ? [bosId!, ...ids!] : [...ids!];
  }
  checkTokenIds('promptOf', read, model.config.V);
  return { text: text ?? null, ids: read, tokens: read.map((id) => model.tokenText(id)), bos: withBos };
}
