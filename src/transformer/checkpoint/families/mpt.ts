import { isJsonObject } from '../../../formats/json.ts';
import { alibiSlopes } from '../alibi.ts';
import { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { IGNORED_FIELDS, REFUSED_FIELDS } from '../neutral-fields.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * MPT: slopes on distances in place of positions, q, k and v in one matrix one below the other, no biases anywhere, LayerNorm without β.
 *
 * The fields that transformers' class passes over (other slopes, other norms, a factor on logits) are refused where they are set.
 *
 * @source MosaicML NLP team, MPT-7B (2023); the documented fields of transformers' MptConfig.
 */
export const mpt: ModelFamily = {
  architectures: ['MptForCausalLM', 'MptModel', 'MPTForCausalLM'],
  config: mptConfig,
  prefix: 'transformer.',
  tokenizerClass: 'GPTNeoXTokenizer',
  tensors: [
    ['transformer.wte', 'embedding'],
    ['transformer.blocks.#.norm_1', 'norm1'],
    ['transformer.blocks.#.attn.Wqkv', ['q', 'k', 'v'], 'stacked'],
    ['transformer.blocks.#.attn.out_proj', 'out'],
    ['transformer.blocks.#.norm_2', 'norm2'],
    ['transformer.blocks.#.ffn.up_proj', 'pre'],
    ['transformer.blocks.#.ffn.down_proj', 'down'],
    ['transformer.norm_f', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function mptConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['d_model', 'n_layers', 'n_heads']);
  const maxPositions = fields.size('max_seq_len', LARGEST.positions, 2048);
  const attention = attentionFields(fields);
  fields.refuse([
    ['expansion_ratio', (value) => value === 4],
    ['no_bias', (value) => value === true],
    ['logit_scale', () => false],
    ['norm_type', (value) => value === 'low_precision_layernorm' || value === 'layernorm'],
    ['fc_type', (value) => value === 'torch'],
    ['sliding_window', () => false],
    ['window_size', () => false],
  ]);
  fields.ignore([
    'emb_pdrop',
    'embedding_fraction',
    'init_config',
    'init_device',
    'learned_pos_emb',
    'loss_fn',
    'tokenizer_name',
    'use_pad_tok_in_ffn',
    'verbose',
  ]);
  const scale = attention.positive('softmax_scale', 1 / Math.sqrt(K));
  // Without a number there is no cut.
  const clampQkv = attention.value('clip_qkv') ? attention.positive('clip_qkv') : null;
  // Newer files repeat in attn_config what they say outside.
  attention.refuse(REFUSED_FIELDS.filter(([name]) => !attention.knows(name)));
  attention.ignore(IGNORED_FIELDS);
  for (const name of attention.unknown()) warn(`config.json has a field this package does not know: ${name}.`);
  return {
    ...PLAIN_WIRING,
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: 4 * D,
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_epsilon', 1e-5), offset: 0, bias: false },
    activation: 'gelu',
    gated: false,
    positions: { kind: 'alibi', slopes: alibiSlopes(H) },
    clampQkv,
    attentionScale: new Array<number>(L).fill(scale),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}

/** `attn_config`: what it may say, and what has no effect. */
function attentionFields(fields: ConfigFields): ConfigFields {
  const given = fields.value('attn_config') ?? {};
  if (!isJsonObject(given)) throw fields.fault('attn_config', 'be an object', given);
  const attention = new ConfigFields(new Map(Object.entries(given)), 'attn_config.');
  attention.refuse([
    ['attn_type', (value) => value === 'multihead_attention'],
    ['alibi', (value) => value === true],
    ['alibi_bias_max', (value) => value === 8],
    ['prefix_lm', (value) => value === false],
    ['qk_ln', (value) => value === false],
    ['qk_gn', (value) => value === false],
    ['rope', (value) => value === false],
    ['sliding_window_size', (value) => value === -1],
  ]);
  attention.ignore(['attn_impl', 'attn_uses_sequence_id']);
  return attention;
}
