import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ModelConfig } from './forward.ts';
import { readSafetensors, type Tensor } from './safetensors.ts';
import { LAYER_NORM_EPSILON, type Shape } from './shape.ts';

/** `config.json` as Hugging Face's GPT2LMHeadModel reads it. */
export function modelConfig({ V, T, D, H, L }: Shape, endOfText: number) {
  return {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    activation_function: 'gelu_new',
    n_embd: D,
    n_layer: L,
    n_head: H,
    n_positions: T,
    n_ctx: T,
    vocab_size: V,
    layer_norm_epsilon: LAYER_NORM_EPSILON,
    tie_word_embeddings: true,
    bos_token_id: endOfText,
    eos_token_id: endOfText,
    torch_dtype: 'float32',
  };
}

/** Write `value` as JSON, aside and renamed. */
export function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.part`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.part`, path);
}

/** The stored model of a folder. */
export function readModel(folder: string): {
  readonly config: ModelConfig & { readonly n_positions: number };
  readonly weights: Map<string, Tensor>;
} {
  return {
    config: JSON.parse(readFileSync(`${folder}/config.json`, 'utf8')),
    weights: readSafetensors(`${folder}/model.safetensors`),
  };
}
