/** Tiny encoders: the BERTs with their heads of masked words. */
import { affine, layered, type Shapes, type TinyFamily } from './tiny-shapes.ts';

const PARTS = {
  attention: ['self.query', 'self.key', 'self.value', 'output.dense'],
  distil: ['q_lin', 'k_lin', 'v_lin', 'out_lin'],
};

/** BERT's body under a prefix. */
function bertBody(prefix: string, types: number): TinyFamily['shapes'] {
  return (_, { V, D, L, F, maxPositions }) => [
    ...affine(`${prefix}.embeddings.word_embeddings`, [V, D], false),
    ...affine(`${prefix}.embeddings.position_embeddings`, [maxPositions, D], false),
    ...affine(`${prefix}.embeddings.token_type_embeddings`, [types, D], false),
    ...affine(`${prefix}.embeddings.LayerNorm`, [D]),
    ...layered(L, (i) => [
      ...PARTS.attention.flatMap((part) => affine(`${prefix}.encoder.layer.${i}.attention.${part}`, [D, D])),
      ...affine(`${prefix}.encoder.layer.${i}.attention.output.LayerNorm`, [D]),
      ...affine(`${prefix}.encoder.layer.${i}.intermediate.dense`, [F, D]),
      ...affine(`${prefix}.encoder.layer.${i}.output.dense`, [D, F]),
      ...affine(`${prefix}.encoder.layer.${i}.output.LayerNorm`, [D]),
    ]),
  ];
}

/** The decoder, whose bias a tied one has in `tiedBias`. */
function decoder(name: string, { V, D }: { V: number; D: number }, tied: boolean, tiedBias = `${name}.bias`): Shapes {
  return tied ? [[tiedBias, [V]]] : affine(name, [V, D]);
}

function bertFields({ tied = true, activation = 'gelu' }, sizes: Parameters<TinyFamily['config']>[1]) {
  return {
    hidden_size: sizes.D,
    num_hidden_layers: sizes.L,
    num_attention_heads: sizes.H,
    intermediate_size: sizes.F,
    max_position_embeddings: sizes.maxPositions,
    hidden_act: activation,
    tie_word_embeddings: tied,
  };
}

export const bert: TinyFamily = {
  grouped: false,
  config: (options, sizes) => ({
    architectures: ['BertForMaskedLM'],
    model_type: 'bert',
    ...bertFields(options, sizes),
    type_vocab_size: 2,
  }),
  shapes: (options, sizes) => [
    ...bertBody('bert', 2)(options, sizes),
    ...affine('cls.predictions.transform.dense', [sizes.D, sizes.D]),
    ...affine('cls.predictions.transform.LayerNorm', [sizes.D]),
    ...decoder('cls.predictions.decoder', sizes, options.tied ?? true, 'cls.predictions.bias'),
  ],
};

export const roberta: TinyFamily = {
  grouped: false,
  config: (options, sizes) => ({
    architectures: ['RobertaForMaskedLM'],
    model_type: 'roberta',
    ...bertFields(options, sizes),
    type_vocab_size: 1,
    layer_norm_eps: 1e-5,
    pad_token_id: 1,
  }),
  shapes: (options, sizes) => [
    ...bertBody('roberta', 1)(options, sizes),
    ...affine('lm_head.dense', [sizes.D, sizes.D]),
    ...affine('lm_head.layer_norm', [sizes.D]),
    ...decoder('lm_head.decoder', sizes, options.tied ?? true, 'lm_head.bias'),
  ],
};

export const distilbert: TinyFamily = {
  grouped: false,
  config: ({ tied = true, activation = 'gelu' }, { D, L, H, F, maxPositions }) => ({
    architectures: ['DistilBertForMaskedLM'],
    model_type: 'distilbert',
    ...{ dim: D, n_layers: L, n_heads: H, hidden_dim: F, max_position_embeddings: maxPositions },
    activation,
    tie_word_embeddings: tied,
  }),
  shapes: ({ tied = true }, { V, D, L, F, maxPositions }) => [
    ...affine('distilbert.embeddings.word_embeddings', [V, D], false),
    ...affine('distilbert.embeddings.position_embeddings', [maxPositions, D], false),
    ...affine('distilbert.embeddings.LayerNorm', [D]),
    ...layered(L, (i) => [
      ...PARTS.distil.flatMap((part) => affine(`distilbert.transformer.layer.${i}.attention.${part}`, [D, D])),
      ...affine(`distilbert.transformer.layer.${i}.sa_layer_norm`, [D]),
      ...affine(`distilbert.transformer.layer.${i}.ffn.lin1`, [F, D]),
      ...affine(`distilbert.transformer.layer.${i}.ffn.lin2`, [D, F]),
      ...affine(`distilbert.transformer.layer.${i}.output_layer_norm`, [D]),
    ]),
    ...affine('vocab_transform', [D, D]),
    ...affine('vocab_layer_norm', [D]),
    ...decoder('vocab_projector', { V, D }, tied),
  ],
};

export const modernbert: TinyFamily = {
  grouped: false,
  config: ({ attentionBias = false, mlpBias = false, ...options }, sizes) => ({
    architectures: ['ModernBertForMaskedLM'],
    model_type: 'modernbert',
    hidden_size: sizes.D,
    num_hidden_layers: sizes.L,
    num_attention_heads: sizes.H,
    intermediate_size: sizes.F,
    max_position_embeddings: sizes.maxPositions,
    hidden_activation: options.activation ?? 'gelu',
    local_attention: options.window ?? 4,
    global_attn_every_n_layers: 2,
    attention_bias: attentionBias,
    mlp_bias: mlpBias,
    tie_word_embeddings: options.tied ?? true,
  }),
  shapes: ({ attentionBias = false, mlpBias = false, tied = true }, { V, D, L, F }) => [
    ...affine('model.embeddings.tok_embeddings', [V, D], false),
    ...affine('model.embeddings.norm', [D], false),
    ...layered(L, (i) => [
      ...(i === 0 ? [] : affine(`model.layers.${i}.attn_norm`, [D], false)),
      ...affine(`model.layers.${i}.attn.Wqkv`, [3 * D, D], attentionBias),
      ...affine(`model.layers.${i}.attn.Wo`, [D, D], attentionBias),
      ...affine(`model.layers.${i}.mlp_norm`, [D], false),
      ...affine(`model.layers.${i}.mlp.Wi`, [2 * F, D], mlpBias),
      ...affine(`model.layers.${i}.mlp.Wo`, [D, F], mlpBias),
    ]),
    ...affine('model.final_norm', [D], false),
    ...affine('head.dense', [D, D], false),
    ...affine('head.norm', [D], false),
    ...decoder('decoder', { V, D }, tied),
  ],
};
