import { dequantise } from '../../backend/plain.ts';
import { FormatError, NonFiniteError } from '../../core/errors.ts';
import { decodeNumbers } from '../../formats/element-types.ts';
import { GGML_TYPES } from '../../formats/gguf/types.ts';
import type { Checkpoint, Fingerprint, FloatType, ReadOptions, WeightType } from '../checkpoint/checkpoint.ts';
import { weightName } from '../checkpoint/tensor-plan.ts';
import { isBlockType } from '../checkpoint/tensor-table.ts';
import { type EncoderTokenizer, extendedTokenizer } from './tokenizer.ts';

const NUMBERS = { F32: 'f4', F16: 'f2', BF16: 'bf2' } as const satisfies Record<FloatType, string>;

/** Rows of `width` numbers, one for each token and each position. */
export interface EmbeddingTables {
  /** Numbers in a row. */
  readonly width: number;
  /** One row for each token. */
  readonly words: Float32Array;
  /** One row for each position. */
  readonly positions: Float32Array;
}

/** What a pretrained model knows of single tokens, and its tokenizer with a class token. */
export interface PretrainedEmbeddings extends EmbeddingTables {
  /** Name of the model's folder. */
  readonly label: string;
  /** SHA-256 of each of its files. */
  readonly fingerprint: Fingerprint;
  /** Its tokenizer, with a class token. */
  readonly tokenizer: EncoderTokenizer;
}

/**
 * Token and position embeddings of a checkpoint with learned positions (GPT-2, GPT-Neo), and its tokenizer.
 *
 * @throws FormatError if the family has no learned positions or there is no tokenizer; NonFiniteError for a number that is NaN or
 *   infinite; DomainError if a token is called [CLS].
 * @cost reads all weights once for the fingerprint, and keeps only the two tables, in f32.
 */
export async function readEmbeddings(checkpoint: Checkpoint, options: ReadOptions = {}): Promise<PretrainedEmbeddings> {
  const { label, config, family } = checkpoint;
  const [embedding, position] = [weightName(family, 'embedding'), weightName(family, 'positions')];
  if (embedding === null || position === null) {
    throw new FormatError(
      `readEmbeddings: ${label} must have learned positions, as GPT-2 has, but it is of family ${config.family}. Give another checkpoint.`,
      { source: 'config.json', field: 'model_type' },
    );
  }
  if (config.embeddingWidth !== null) {
    throw new FormatError(
      `readEmbeddings: ${label} must keep its embedding in the width of its stream, ${config.D}, but it keeps it in width ${config.embeddingWidth}. Give another checkpoint.`,
      { source: 'config.json', field: 'model_type' },
    );
  }
  const skip = config.positions.kind === 'learned' ? config.positions.firstRow * config.D : 0;
  const words = new Float32Array(config.V * config.D);
  const positions = new Float32Array(config.maxPositions * config.D);
  const tables = new Map([
    [embedding, words],
    [position, positions],
  ]);
  const tokenizer = extendedTokenizer(checkpoint);
  const fingerprint = await checkpoint.readWeights(({ tensor, firstRow, bytes }) => {
    const table = tables.get(tensor.name);
    if (table === undefined) return;
    const numbers = widened(bytes, tensor.dtype);
    const start = firstRow * config.D;
    const wrong = numbers.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new NonFiniteError(
        `readEmbeddings: every weight must be finite, but element ${start + wrong} of ${tensor.name} in ${tensor.file} is ${numbers[wrong]}. Get the checkpoint again.`,
      );
    }
    const own = table === positions ? Math.max(0, skip - start) : 0;
    table.set(numbers.subarray(own), Math.max(0, start - (table === positions ? skip : 0)));
  }, options);
  return { label, fingerprint, width: config.D, words, positions, tokenizer };
}

/** Stored weights as f32. */
function widened(bytes: Uint8Array, dtype: WeightType): Float32Array {
  if (!isBlockType(dtype)) return decodeNumbers(bytes, NUMBERS[dtype], true) as Float32Array;
  const { code, elements, bytes: unit } = GGML_TYPES.get(dtype)!;
  const blocks = bytes.length / unit;
  const numbers = new Float32Array(blocks * elements);
  dequantise(bytes, numbers, blocks, code);
  return numbers;
}
