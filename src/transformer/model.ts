import type { Backend } from '../backend/backend.ts';
import { BackendError, FormatError } from '../core/errors.ts';
import { addsBos } from './adds-bos.ts';
import type { Checkpoint, Fingerprint } from './checkpoint/checkpoint.ts';
import type { TransformerConfig } from './config.ts';
import { printablePiece } from './token-text.ts';
import { openTokenizer, type Tokenizer } from './tokenizer.ts';
import { type ModelWeights, weightBlocks } from './weights.ts';

/** A transformer whose weights are resident in a backend. */
export class Model {
  readonly label: string;
  readonly checkpoint: Checkpoint;
  readonly config: TransformerConfig;
  readonly backend: Backend;
  readonly fingerprint: Fingerprint;
  readonly parameterCount: number;
  /** What the reader noticed and could not judge, for people to see. */
  readonly warnings: readonly string[];
  /** null when the folder has no tokenizer.json that can be used: such a model takes ids only. */
  readonly tokenizer: Tokenizer | null;
  #weights: ModelWeights | null;

  constructor(backend: Backend, checkpoint: Checkpoint, weights: ModelWeights, fingerprint: Fingerprint) {
    this.label = checkpoint.label;
    this.checkpoint = checkpoint;
    this.config = checkpoint.config;
    this.backend = backend;
    this.fingerprint = fingerprint;
    this.parameterCount = checkpoint.parameterCount;
    const { tokenizer, warning } = usableTokenizer(checkpoint);
    this.tokenizer = tokenizer;
    this.warnings = warning === null ? checkpoint.warnings : [...checkpoint.warnings, warning];
    this.#weights = weights;
  }

  /** @throws BackendError after `release`. */
  get weights(): ModelWeights {
    if (this.#weights === null) {
      throw new BackendError(`Model: ${this.label} must be resident, but it was released. Open it again.`);
    }
    return this.#weights;
  }

  /** Whether its tokenizer by itself puts the beginning-of-text token in front. */
  get addsBos(): boolean {
    return (this.tokenizer?.bosId ?? null) !== null && addsBos(this.checkpoint);
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

/** A tokenizer that cannot be read is a warning: the model still takes ids. */
function usableTokenizer(checkpoint: Checkpoint): { tokenizer: Tokenizer | null; warning: string | null } {
  if (checkpoint.tokenizerFiles === null) return { tokenizer: null, warning: null };
  try {
    return { tokenizer: openTokenizer(checkpoint), warning: null };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { tokenizer: null, warning: error.message };
  }
}
