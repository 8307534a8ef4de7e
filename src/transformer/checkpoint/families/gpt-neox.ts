import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * GPT-NeoX, the family of Pythia: LayerNorm, rotary positions on the first `rotary_pct` of every head, attention and MLP in parallel unless
 * `use_parallel_residual` is false, q, k and v in one matrix stored [out, in], head by head.
 *
 * @source S. Black et al., arXiv:2204.06745; S. Biderman et al., arXiv:2304.01373; the documented fields of transformers' GPTNeoXConfig.
 */
export const gptNeox: ModelFamily = {
  architectures: ['GPTNeoXForCausalLM', 'GPTNeoXModel'],
  config: gptNeoxConfig,
  prefix: 'gpt_neox.',
  // transformers from version 5 on writes the head under the other families' name.
  aliases: new Map([['lm_head.weight', 'embed_out.weight']]),
  spares: /^gpt_neox\.layers\.\d+\.attention\.(bias|masked_bias|rotary_emb\.inv_freq)$/,
  tokenizerClass: 'GPTNeoXTokenizer',
  tensors: [
    ['gpt_neox.embed_in', 'embedding'],
    ['gpt_neox.layers.#.input_layernorm', 'norm1'],
    ['gpt_neox.layers.#.attention.query_key_value', ['q', 'k', 'v'], 'grouped'],
    ['gpt_neox.layers.#.attention.dense', 'out'],
    ['gpt_neox.layers.#.post_attention_layernorm', 'norm2'],
    ['gpt_neox.layers.#.mlp.dense_h_to_4h', 'pre'],
    ['gpt_neox.layers.#.mlp.dense_4h_to_h', 'down'],
    ['gpt_neox.final_layer_norm', 'finalNorm'],
    ['embed_out', 'unembedding'],
  ],
};

function gptNeoxConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_hidden_layers', 'num_attention_heads']);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 2048);
  const bias = fields.boolean('attention_bias', true);
  fields.refuse([
    ['window_size', () => false],
    ['sliding_window', () => false],
  ]);
  return {
    ...PLAIN_WIRING,
    residual: fields.boolean('use_parallel_residual', true) ? 'parallel' : 'sequential',
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_eps', 1e-5), offset: 0, bias: true },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'gelu'),
    gated: false,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn, {
      bases: ['rotary_emb_base', 'rope_theta'],
      shares: { names: ['rotary_pct', 'partial_rotary_factor'], fallback: 0.25 },
    }),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: bias, attentionOut: bias, mlp: true, head: false },
    ...specialTokens(fields, V, warn),
  };
}
