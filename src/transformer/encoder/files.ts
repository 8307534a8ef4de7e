import { ShapeError } from '../../core/errors.ts';
import { safetensorsBytes } from '../../formats/safetensors.ts';
import { postNormEncoder } from '../checkpoint/families/post-norm-encoder.ts';
import { layoutOf, NORM_EPS } from './shape.ts';
import type { EncoderTokenizer } from './tokenizer.ts';
import type { TrainedEncoder } from './train.ts';

/**
 * A trained encoder as the files of a checkpoint folder, by name: config.json, model.safetensors (F32, rounded once),
 * tokenizer.json, tokenizer_config.json.
 *
 * @param tokenizer as `wordTokenizer` or `readEmbeddings` gives it
 * @param classes names of the C classes
 * @throws ShapeError if these do not fit the shape.
 */
export function encoderFiles(
  { shape, parameters }: Pick<TrainedEncoder, 'shape' | 'parameters'>,
  tokenizer: EncoderTokenizer,
  classes: readonly string[],
): Map<string, Uint8Array> {
  const { V, D, L, H, F, P, C } = shape;
  if (tokenizer.size !== V || classes.length !== C) {
    throw new ShapeError(
      `encoderFiles: there must be ${V} words and ${C} classes, but there are ${tokenizer.size} and ${classes.length}.`,
    );
  }
  const tensors = layoutOf(shape).tensors.map(({ name, shape, offset, length }) => ({
    name,
    shape,
    data: Float32Array.from(parameters.subarray(offset, offset + length)),
  }));
  const config = {
    architectures: postNormEncoder.architectures,
    model_type: 'post_norm_encoder',
    vocab_size: V,
    hidden_size: D,
    num_hidden_layers: L,
    num_attention_heads: H,
    intermediate_size: F,
    max_position_embeddings: P,
    layer_norm_eps: NORM_EPS,
    hidden_act: 'relu',
    id2label: Object.fromEntries(classes.entries()),
    bos_token_id: tokenizer.classId,
    torch_dtype: 'float32',
  };
  return new Map([
    ['config.json', jsonBytes(config)],
    ['model.safetensors', safetensorsBytes(tensors, { format: 'pt' })],
    ['tokenizer.json', jsonBytes(tokenizer.files.tokenizer)],
    ['tokenizer_config.json', jsonBytes({ ...tokenizer.files.config, model_max_length: P })],
  ]);
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);
}
