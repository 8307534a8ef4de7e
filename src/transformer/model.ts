import type { Backend } from '../backend/backend.ts';
import { BackendError, FormatError } from '../core/errors.ts';
import type { Checkpoint, Fingerprint } from './checkpoint/checkpoint.ts';
import type { TransformerConfig } from './config.ts';
import { type TextFrame, textFrame } from './text-frame.ts';
import { printablePiece } from './token-text.ts';
import { openTokenizer, type Tokenizer } from './tokenizer.ts';
import { type ModelWeights, weightBlocks } from './weights.ts';

/** A transformer whose weights are resident in a backend. */
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
  #weights: ModelWeights | null;

  constructor(backend: Backend, checkpoint: Checkpoint, weights: ModelWeights, fingerprint: Fingerprint) {
    this.label = checkpoint.label;
    this.checkpoint = checkpoint;
    this.config = checkpoint.config;
    this.backend = backend;
    this.fingerprint = fingerprint;
    this.parameterCount = checkpoint.parameterCount;
    const { tokenizer, frame, warnings } = usableTokenizer(checkpoint);
    this.tokenizer = tokenizer;
    this.front = frame.before;
    this.warnings = [...checkpoint.warnings, ...warnings];
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
    const behind = frame.after.map((id) => tokenizer.token(id)).join('');
    const warnings = frame.after.length === 0 ? [] : [`The tokenizer puts ${behind} behind a text; it is left out.`];
    return { tokenizer, frame, warnings };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { ...unused, warnings: [error.message] };
  }
}
