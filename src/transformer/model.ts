import type { Backend } from '../backend/backend.ts';
import { BackendError, FormatError } from '../core/errors.ts';
import { isJsonObject } from '../formats/json.ts';
import type { Checkpoint, Fingerprint } from './checkpoint/checkpoint.ts';
import type { TransformerConfig } from './config.ts';
import { type TextFrame, textFrame } from './text-frame.ts';
import { printablePiece } from './token-text.ts';
import { openTokenizer, type Tokenizer } from './tokenizer.ts';
import { type ModelWeights, weightBlocks } from './weights.ts';

/** Weights that stay in their files, for want of memory. */
export interface StreamedWeights {
  /** Most bytes that the weights take, an eighth of it left free. */
  readonly budget: number;
  /** Bytes that a sweep over the layers reads. */
  readonly bytesPerSweep: number;
  /** Bytes that were read so far, since the model was opened. */
  readonly bytesRead: number;
}

/** A transformer whose weights are resident in a backend, or read from their files when they are needed. */
export class Model {
  /** Name of its folder. */
  readonly label: string;
  /** The checkpoint it was loaded from. */
  readonly checkpoint: Checkpoint;
  /** What the forward pass needs to know. */
  readonly config: TransformerConfig;
  /** Where its weights lie. */
  readonly backend: Backend;
  /** SHA-256 of each file. */
  readonly fingerprint: Fingerprint;
  /** Numbers in the tensors it uses; a tied unembedding counts once. */
  readonly parameterCount: number;
  /** What the reader noticed and could not judge, for people to see. */
  readonly warnings: readonly string[];
  /** null when the folder has no tokenizer.json that can be used: such a model takes ids only. */
  readonly tokenizer: Tokenizer | null;
  /** Ids that its tokenizer by itself puts in front of a text: usually none, or the beginning-of-text token. */
  readonly front: readonly number[];
  /** Ids that it puts behind a text, of a model whose tokens see the whole text: usually none, or the token that separates texts. */
  readonly back: readonly number[];
  /** The token that stands for a masked word, of a model whose tokens see the whole text; null where none is named. */
  readonly maskId: number | null;
  /** What stays in files; null where all weights are in memory. */
  readonly streamed: StreamedWeights | null;
  #weights: ModelWeights | null;

  constructor(
    backend: Backend,
    checkpoint: Checkpoint,
    weights: ModelWeights,
    fingerprint: Fingerprint,
    streamed: StreamedWeights | null = null,
  ) {
    this.label = checkpoint.label;
    this.checkpoint = checkpoint;
    this.config = checkpoint.config;
    this.backend = backend;
    this.fingerprint = fingerprint;
    this.parameterCount = checkpoint.parameterCount;
    const { tokenizer, frame, warnings } = usableTokenizer(checkpoint);
    this.tokenizer = tokenizer;
    this.front = frame.before;
    this.back = frame.after;
    this.maskId = checkpoint.config.causal ? null : (tokenizer?.maskId ?? null);
    this.warnings = [...checkpoint.warnings, ...warnings];
    this.streamed = streamed;
    this.#weights = weights;
  }

  /** Its tensors as blocks of the backend. @throws BackendError after `release`. */
  get weights(): ModelWeights {
    if (this.#weights === null) {
      throw new BackendError(`Model: ${this.label} must be resident, but it was released. Open it again.`);
    }
    return this.#weights;
  }

  /** Printable text of a token on one line; ⟨id 17⟩ without a tokenizer. */
  tokenText(id: number): string {
    return this.tokenizer?.token(id) ?? `⟨id ${id}⟩`;
  }

  /** Printable text of an output unit: a class, or a token. */
  unitText(unit: number): string {
    const { classes } = this.config;
    return classes === null ? this.tokenText(unit) : printablePiece(classes[unit] ?? `⟨class ${unit}⟩`, 'plain');
  }

  /** Gives the weights' memory back; any later use throws. Calling it twice is harmless. */
  release(): void {
    if (this.#weights === null) return;
    for (const block of weightBlocks(this.#weights)) this.backend.memory.release(block);
    this.#weights = null;
  }
}

interface UsableTokenizer {
  readonly tokenizer: Tokenizer | null;
  readonly frame: TextFrame;
  readonly warnings: readonly string[];
}

/** A tokenizer that cannot be read is a warning: the model still takes ids. So is a token behind a text, where the model goes on. */
function usableTokenizer(checkpoint: Checkpoint): UsableTokenizer {
  const unused: UsableTokenizer = { tokenizer: null, frame: { before: [], after: [] }, warnings: [] };
  if (checkpoint.tokenizerFiles === null) return unused;
  try {
    const tokenizer = openTokenizer(checkpoint);
    const frame = textFrame(checkpoint);
    const cut = changesOfLength(checkpoint.tokenizerFiles.tokenizer);
    if (!checkpoint.config.causal) return { tokenizer, frame, warnings: cut };
    const behind = frame.after.map((id) => tokenizer.token(id)).join('');
    const warnings = frame.after.length === 0 ? [] : [`The tokenizer puts ${behind} behind a text; it is left out.`];
    return { tokenizer, frame: { before: frame.before, after: [] }, warnings };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { ...unused, warnings: [error.message] };
  }
}

/** What tokenizer.json does about the length of a text, which is not done here. */
function changesOfLength(tokenizer: object): string[] {
  const set = (name: string): unknown => (name in tokenizer ? (tokenizer as Record<string, unknown>)[name] : null);
  const [truncation, padding] = [set('truncation'), set('padding')];
  const most = isJsonObject(truncation) ? truncation.max_length : null;
  const does = [
    ...(typeof most === 'number' ? [`cuts texts after ${most} tokens`] : []),
    ...(isJsonObject(padding) ? ['fills up short ones'] : []),
  ];
  return does.length === 0 ? [] : [`tokenizer.json ${does.join(' and ')}; texts are read as they are.`];
}
