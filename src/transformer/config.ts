import type { Activation } from '../backend/contract/network.ts';
import type { Family } from './checkpoint/family-table.ts';

/** Angles by which queries and keys of a layer turn. */
export interface RotaryTable {
  /** R/2 angular frequencies, radians per position: the first R of a head's K coordinates turn. */
  readonly frequencies: Float64Array;
  /** Factor on the coordinates that turn, of queries and of keys: their part of a score carries its square. 1 in most models. */
  readonly factor: number;
  /** All tokens of a sequence of more than `beyond` turn by these frequencies instead; null where the length changes nothing. */
  readonly long: { readonly beyond: number; readonly frequencies: Float64Array } | null;
}

/**
 * What the forward pass needs to know of a model, the same for every family. Sizes in the dimension alphabet: V vocabulary,
 * D model width, L layers, H query heads, G key/value heads, K head width, F MLP width.
 */
export interface TransformerConfig {
  /** Family it was read as. */
  readonly family: Family;
  /** Names of the classes that a classifier tells apart, its output units; null where the output units are the V tokens. */
  readonly classes: readonly string[] | null;
  /** false: every token sees the whole text, and the first token's stream gives the output. */
  readonly causal: boolean;
  /**
   * Where the norms of a sublayer f stand: `pre` x + f(N x); `post` N(x + f(x)); `output` x + N(f(x)); `sandwich` x + N′(f(N x)).
   */
  readonly normPlacement: 'pre' | 'post' | 'output' | 'sandwich';
  /** `sequential`: the MLP reads what attention wrote; `parallel`: both read the block's input, x + attention(norm₁ x) + mlp(norm₂ x). */
  readonly residual: 'sequential' | 'parallel';
  /** Size of the vocabulary. */
  readonly V: number;
  /** Width of the residual stream. */
  readonly D: number;
  /** Number of layers. */
  readonly L: number;
  /** Query heads of a layer. */
  readonly H: number;
  /** Key/value heads of a layer; a divisor of H. */
  readonly G: number;
  /** Width of a head. */
  readonly K: number;
  /** Width of the MLP. */
  readonly F: number;
  /** Longest sequence the model was built for. */
  readonly maxPositions: number;
  /** Its norms. */
  readonly norm: {
    /** LayerNorm or RMSNorm. */
    readonly kind: 'layer' | 'rms';
    /** ε under the root. */
    readonly eps: number;
    /** Added to every stored γ: 1 where a checkpoint holds w of a norm that multiplies by 1 + w. */
    readonly offset: 0 | 1;
    /** Whether a β is added. */
    readonly bias: boolean;
  };
  /**
   * Norm of queries and keys before they turn, of the kind, ε and offset above; null for none. `head`: of each head's K coordinates, with one weight of
   * width K; `heads`: the same with a weight for each head, H·K and G·K numbers; `vector`: of all heads together. `bias`: whether a β is added (not with `heads`).
   */
  readonly queryKeyNorm: { readonly per: 'head' | 'heads' | 'vector'; readonly bias: boolean } | null;
  /** false: no γ is stored for the norms of the stream, and it is 1. */
  readonly normWeights: boolean;
  /** true: a parallel block has one norm, which both sublayers read. */
  readonly sharedNorm: boolean;
  /** Whether the first attention has a norm before it, as all others have. */
  readonly firstNorm: boolean;
  /** Whether a norm stands before the unembedding. */
  readonly finalNorm: boolean;
  /** Whether a norm stands after the embedding. */
  readonly embeddingNorm: boolean;
  /** Width of the embedding and the unembedding where it is not D: maps between the two widths follow the one and precede the other. */
  readonly embeddingWidth: number | null;
  /** Factor on the embedding of a token. */
  readonly embeddingScale: number;
  /** Factor on what a sublayer adds to the stream. */
  readonly residualScale: number;
  /** Factor on the logits. */
  readonly logitScale: number;
  /** c of the soft cap c·tanh(s/c) on the logits s, after their factor; null without one. */
  readonly logitCap: number | null;
  /** Rows of a table of token types, of which the first is added to every embedding; 0 without one. */
  readonly tokenTypes: number;
  /** Nonlinearity of the MLP. */
  readonly activation: Activation;
  /** true: W_down(r(z_gate)·z_gate ⊙ z_up) (SwiGLU); false: W_out g(z). */
  readonly gated: boolean;
  /** How positions enter: a learned table added to the embedding, rotations of queries and keys, or slopes on distances. */
  readonly positions:
    | {
        readonly kind: 'learned';
        /** Row of the stored table that belongs to the first position; the rows before it are not read. */
        readonly firstRow: number;
      }
    | {
        readonly kind: 'rotary';
        /** The table of each layer, L of them; layers that turn alike share one. null: queries and keys of that layer stay as they are. */
        readonly layers: readonly (RotaryTable | null)[];
      }
    | {
        readonly kind: 'alibi';
        /** H numbers: the score of a query at t and a key at j gains slope·(j − t). */
        readonly slopes: readonly number[];
      };
  /** Factor on the attention scores of each layer, L numbers. */
  readonly attentionScale: readonly number[];
  /** c where queries, keys and values are cut to [−c, c] before anything is done with them; null where they are not. */
  readonly clampQkv: number | null;
  /** c of the soft cap c·tanh(s/c) on scaled scores, before what is not seen is left out; null for none. */
  readonly scoreCap: number | null;
  /**
   * Window W of each layer, L numbers: a query sees positions less than W away, its own and W − 1 before it, and as many after it where the model is not
   * causal; maxPositions is all of them.
   */
  readonly attentionWindow: readonly number[];
  /** true: the unembedding is the transposed embedding. */
  readonly tied: boolean;
  /** Biases on q, k, v / on the attention output / on the MLP / on the logits; those of classes always have one. */
  readonly biases: {
    readonly qkv: boolean;
    readonly attentionOut: boolean;
    readonly mlp: boolean;
    readonly head: boolean;
  };
  /** Beginning-of-text token; null where config.json names none. */
  readonly bosId: number | null;
  /** End-of-text tokens; empty where config.json names none. */
  readonly eosIds: readonly number[];
}

/** Output units: classes of a classifier, else tokens. */
export function unitCount({ classes, V }: Pick<TransformerConfig, 'classes' | 'V'>): number {
  return classes?.length ?? V;
}

/** Width of the embedding and of the unembedding. */
export function embeddingWidth({ embeddingWidth: width, D }: Pick<TransformerConfig, 'embeddingWidth' | 'D'>): number {
  return width ?? D;
}

/** The row whose stream gives the output of a text of T tokens. */
export function predictingRow({ causal }: Pick<TransformerConfig, 'causal'>, T: number): number {
  return causal ? T - 1 : 0;
}

/** The table of a layer's rotations; null where nothing turns. */
export function rotaryTableOf({ positions }: Pick<TransformerConfig, 'positions'>, layer: number): RotaryTable | null {
  return positions.kind === 'rotary' ? positions.layers[layer]! : null;
}

/** Coordinates of a head that turn; the most of any layer, 0 where nothing turns. */
export function rotaryWidth({ positions }: Pick<TransformerConfig, 'positions'>): number {
  if (positions.kind !== 'rotary') return 0;
  return Math.max(...positions.layers.map((table) => 2 * (table?.frequencies.length ?? 0)));
}

/** The frequencies by which a sequence of `length` tokens turns. */
export function frequenciesOf({ frequencies, long }: RotaryTable, length: number): Float64Array {
  return long !== null && length > long.beyond ? long.frequencies : frequencies;
}

/**
 * Sequences whose lengths have the same number turn alike: how many of the lengths at which rotations change lie below `length`. What was computed for a prefix
 * holds within a longer sequence of the same number only.
 */
export function lengthClass({ positions }: Pick<TransformerConfig, 'positions'>, length: number): number {
  if (positions.kind !== 'rotary') return 0;
  const bounds = new Set(positions.layers.map((table) => table?.long?.beyond ?? Infinity));
  return [...bounds].filter((beyond) => beyond < length).length;
}
