import type { Block } from '../backend/memory.ts';
import type { Family, TransformerConfig } from './config.ts';
import type { LinearWeights, ModelWeights, NormWeights } from './weights.ts';

/**
 * Where the rows of a stored tensor go: `vector` copies elements, `rows` copies a row-major matrix, `in-out` packs columns of a
 * matrix stored [in, out] (Conv1D; one tensor may feed q, k and v), `out-in` packs a matrix stored [out, in]. Of `heads` the rows are
 * those of the first head's q, then k, then v, K each, then those of the next.
 */
export type WeightSlot =
  | { readonly layout: 'vector'; readonly parts: readonly Block<'f32'>[] }
  | { readonly layout: 'rows'; readonly block: Block<'f32'>; readonly width: number }
  | { readonly layout: 'in-out'; readonly parts: readonly LinearWeights[] }
  | { readonly layout: 'out-in'; readonly weights: Block<'f32'>; readonly k: number }
  | { readonly layout: 'heads'; readonly parts: readonly LinearWeights[]; readonly K: number }
  | { readonly layout: 'heads-vector'; readonly parts: readonly Block<'f32'>[]; readonly K: number };

/** Slot of every tensor the model uses, by canonical tensor name. */
export function weightSlots(config: TransformerConfig, weights: ModelWeights): Map<string, WeightSlot> {
  return SLOTS[config.family](config, weights);
}

const SLOTS: Readonly<Record<Family, (config: TransformerConfig, weights: ModelWeights) => Map<string, WeightSlot>>> = {
  gpt2: gpt2Slots,
  gpt_neo: gptNeoSlots,
  gpt_neox: gptNeoxSlots,
  llama: llamaSlots,
  post_norm_encoder: encoderSlots,
};

function gpt2Slots({ D, tied }: TransformerConfig, weights: ModelWeights): Map<string, WeightSlot> {
  const slots = new Map<string, WeightSlot>();
  const norm = normInto(slots);
  const conv = (name: string, ...parts: LinearWeights[]) => {
    slots.set(`${name}.weight`, { layout: 'in-out', parts });
    slots.set(`${name}.bias`, { layout: 'vector', parts: parts.map((part) => part.bias!) });
  };
  slots.set('wte.weight', { layout: 'out-in', weights: weights.embedding, k: D });
  slots.set('wpe.weight', { layout: 'rows', block: weights.positions!, width: D });
  weights.layers.forEach((layer, i) => {
    norm(`h.${i}.ln_1`, layer.norm1);
    conv(`h.${i}.attn.c_attn`, layer.q, layer.k, layer.v);
    conv(`h.${i}.attn.c_proj`, layer.out);
    norm(`h.${i}.ln_2`, layer.norm2);
    conv(`h.${i}.mlp.c_fc`, layer.pre);
    conv(`h.${i}.mlp.c_proj`, layer.down);
  });
  norm('ln_f', weights.finalNorm!);
  if (!tied) slots.set('lm_head.weight', { layout: 'out-in', weights: weights.unembedding.weights, k: D });
  return slots;
}

function gptNeoSlots({ D, tied }: TransformerConfig, weights: ModelWeights): Map<string, WeightSlot> {
  const slots = new Map<string, WeightSlot>();
  const norm = normInto(slots);
  const linear = linearInto(slots);
  slots.set('wte.weight', { layout: 'out-in', weights: weights.embedding, k: D });
  slots.set('wpe.weight', { layout: 'rows', block: weights.positions!, width: D });
  weights.layers.forEach((layer, i) => {
    norm(`h.${i}.ln_1`, layer.norm1);
    linear(`h.${i}.attn.attention.q_proj`, layer.q);
    linear(`h.${i}.attn.attention.k_proj`, layer.k);
    linear(`h.${i}.attn.attention.v_proj`, layer.v);
    linear(`h.${i}.attn.attention.out_proj`, layer.out);
    norm(`h.${i}.ln_2`, layer.norm2);
    linear(`h.${i}.mlp.c_fc`, layer.pre);
    linear(`h.${i}.mlp.c_proj`, layer.down);
  });
  norm('ln_f', weights.finalNorm!);
  if (!tied) linear('lm_head', weights.unembedding);
  return slots;
}

function gptNeoxSlots({ D, K, biases, tied }: TransformerConfig, weights: ModelWeights): Map<string, WeightSlot> {
  const slots = new Map<string, WeightSlot>();
  const norm = normInto(slots);
  const linear = linearInto(slots);
  slots.set('gpt_neox.embed_in.weight', { layout: 'out-in', weights: weights.embedding, k: D });
  weights.layers.forEach((layer, i) => {
    const name = `gpt_neox.layers.${i}`;
    const parts = [layer.q, layer.k, layer.v];
    norm(`${name}.input_layernorm`, layer.norm1);
    slots.set(`${name}.attention.query_key_value.weight`, { layout: 'heads', parts, K });
    if (biases.qkv) {
      const vectors = parts.map(({ bias }) => bias!);
      slots.set(`${name}.attention.query_key_value.bias`, { layout: 'heads-vector', parts: vectors, K });
    }
    linear(`${name}.attention.dense`, layer.out);
    norm(`${name}.post_attention_layernorm`, layer.norm2);
    linear(`${name}.mlp.dense_h_to_4h`, layer.pre);
    linear(`${name}.mlp.dense_4h_to_h`, layer.down);
  });
  norm('gpt_neox.final_layer_norm', weights.finalNorm!);
  if (!tied) linear('embed_out', weights.unembedding);
  return slots;
}

function llamaSlots({ D, tied }: TransformerConfig, weights: ModelWeights): Map<string, WeightSlot> {
  const slots = new Map<string, WeightSlot>();
  const norm = normInto(slots);
  const linear = linearInto(slots);
  slots.set('model.embed_tokens.weight', { layout: 'out-in', weights: weights.embedding, k: D });
  weights.layers.forEach((layer, i) => {
    const name = `model.layers.${i}`;
    norm(`${name}.input_layernorm`, layer.norm1);
    linear(`${name}.self_attn.q_proj`, layer.q);
    linear(`${name}.self_attn.k_proj`, layer.k);
    linear(`${name}.self_attn.v_proj`, layer.v);
    linear(`${name}.self_attn.o_proj`, layer.out);
    norm(`${name}.post_attention_layernorm`, layer.norm2);
    linear(`${name}.mlp.gate_proj`, layer.pre);
    if (layer.up !== null) linear(`${name}.mlp.up_proj`, layer.up);
    linear(`${name}.mlp.down_proj`, layer.down);
  });
  norm('model.norm', weights.finalNorm!);
  if (!tied) linear('lm_head', weights.unembedding);
  return slots;
}

function encoderSlots({ D }: TransformerConfig, weights: ModelWeights): Map<string, WeightSlot> {
  const slots = new Map<string, WeightSlot>();
  const norm = normInto(slots);
  const linear = linearInto(slots);
  slots.set('embeddings.word.weight', { layout: 'out-in', weights: weights.embedding, k: D });
  slots.set('embeddings.position.weight', { layout: 'rows', block: weights.positions!, width: D });
  weights.layers.forEach((layer, i) => {
    linear(`layers.${i}.attention.query`, layer.q);
    linear(`layers.${i}.attention.key`, layer.k);
    linear(`layers.${i}.attention.value`, layer.v);
    linear(`layers.${i}.attention.output`, layer.out);
    norm(`layers.${i}.attention_norm`, layer.norm1);
    linear(`layers.${i}.mlp.in`, layer.pre);
    linear(`layers.${i}.mlp.out`, layer.down);
    norm(`layers.${i}.mlp_norm`, layer.norm2);
  });
  linear('classifier', weights.unembedding);
  return slots;
}

/** Adds a norm's γ and, if there is one, its β. */
function normInto(slots: Map<string, WeightSlot>) {
  return (name: string, { gamma, beta }: NormWeights): void => {
    slots.set(`${name}.weight`, { layout: 'vector', parts: [gamma] });
    if (beta !== null) slots.set(`${name}.bias`, { layout: 'vector', parts: [beta] });
  };
}

/** Adds a matrix stored [out, in], and its bias if there is one. */
function linearInto(slots: Map<string, WeightSlot>) {
  return (name: string, { weights, bias, k }: LinearWeights): void => {
    slots.set(`${name}.weight`, { layout: 'out-in', weights, k });
    if (bias !== null) slots.set(`${name}.bias`, { layout: 'vector', parts: [bias] });
  };
}
