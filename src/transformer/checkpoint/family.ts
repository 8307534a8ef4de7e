import type { TransformerConfig } from '../config.ts';
import type { LinearPart, NormPart } from '../weights.ts';
import type { ConfigFields } from './config-fields.ts';

/** A family of checkpoints: how its config.json is read, and how its tensors are stored. */
export interface ModelFamily {
  /** What older files call it in `model_type`. */
  readonly modelTypes?: readonly string[];
  /** Classes in `architectures` that compute what this package computes. */
  readonly architectures: readonly string[];
  /** @throws FormatError naming the field. `warn` takes what is worth telling the user. */
  readonly config: (fields: ConfigFields, warn: (warning: string) => void) => ModelConfig;
  /**
   * Every tensor of the family once. Those of a tied unembedding, and of biases, norms, token types and maps about the embedding that a
   * configuration does without, are left out.
   */
  readonly tensors: readonly TensorRow[];
  /** Names that a configuration has for rows in place of those in `tensors`, by the latter. */
  readonly renamed?: (config: ModelConfig) => Readonly<Record<string, string>>;
  /** Where files of a larger model have the fields of this one, and which of their other fields say nothing of it. */
  readonly nested?: { readonly field: string; readonly others: readonly string[] };
  /** What files of a larger model put in front of names, each with what stands there by itself; the first that fits is taken. */
  readonly wrapped?: readonly (readonly [prefix: string, instead: string])[];
  /** What files may put in front of the body's names or leave out; results name tensors as the rows do. */
  readonly prefix?: string;
  /** A stored name as files of today have it, where those of former times had another spelling. */
  readonly respelt?: (stored: string) => string;
  /** Other names that files have for a tensor, with the name from the rows. */
  readonly aliases?: ReadonlyMap<string, string>;
  /** Names of tensors that files carry without need, such as masks. */
  readonly spares?: RegExp;
  /** Names of tensors of other parts of a larger model, such as a vision tower; its first group that is there names the part. They are left out, with a notice. */
  readonly others?: RegExp;
  /**
   * Which coordinates of a stored head turn together: `halves` (the default), c and c + R/2; `neighbours`, 2c and 2c + 1, whose rows of q and k are brought
   * into the order of `halves` as they are loaded. Activations of q and k then have that order; scores are the same.
   */
  readonly rotaryPairs?: 'halves' | 'neighbours';
  /** The class of tokenizer where tokenizer_config.json names none, if it treats tokenizer.json in a way of its own. */
  readonly tokenizerClass?: string;
}

/** What a family reads from config.json: all but its own name. */
export type ModelConfig = Omit<TransformerConfig, 'family'>;

/**
 * A tensor: its name without `.weight` or `.bias`, `#` for the layer's index, `%` for a head's where each has a norm of its own, and the part of the model that it holds. Sizes and biases
 * follow from the configuration. Matrices are stored [out, in] where no layout stands; see {@link StoredLayout} for the others.
 */
export type TensorRow =
  | readonly [name: string, part: 'embedding' | 'positions' | 'tokenTypes' | NormPart | LinearPart]
  | readonly [name: string, parts: readonly [LinearPart, ...LinearPart[]], layout: StoredLayout];

/**
 * How one tensor holds the matrices of one part or several. `in-out` stores [in, out], side by side; the others [out, in]: `stacked` has the rows of the first part,
 * then those of the next; `grouped` has, for the first key/value head, its share of each part's rows (K of k and v, K·H/G of q), then the same for the next;
 * `quarters` has a quarter of each part's rows, then the next quarter.
 */
export type StoredLayout = 'in-out' | 'stacked' | 'grouped' | 'quarters';
