import { isJsonObject } from '../../formats/json.ts';
import type { IsNeutral } from './config-fields.ts';
import { GENERATION_FIELDS } from './generation-fields.ts';

const isOff: IsNeutral = (value) => value === false;
const isOne: IsNeutral = (value) => value === 1;
const isZeroOrOff: IsNeutral = (value) => value === false || value === 0;
const isEmpty: IsNeutral = (value) =>
  (Array.isArray(value) && value.length === 0) || (isJsonObject(value) && Object.keys(value).length === 0);
const never: IsNeutral = () => false;
const isFull: IsNeutral = (value) => Array.isArray(value) && value.every((type) => type === 'full_attention');

/** Fields of any family that never change what a forward pass in evaluation mode computes. */
export const IGNORED_FIELDS: readonly string[] = [
  // What wrote the file, and for whom.
  'model_type',
  'architectures',
  'transformers_version',
  '_name_or_path',
  '_model_name_or_path',
  'name_or_path',
  '_commit_hash',
  'tokenizer_class',
  'unsloth_version',
  'unsloth_fixed',
  'is_llama_config',
  'transformers.js_config',
  'license',
  // The stored tensors say what type they have.
  'torch_dtype',
  'dtype',
  'use_bfloat16',
  'torchscript',
  'tf_legacy_loss',
  // Training.
  'attn_pdrop',
  'embd_pdrop',
  'embed_dropout',
  'embedding_dropout',
  'classifier_dropout',
  'resid_pdrop',
  'resid_dropout',
  'residual_dropout',
  'attention_dropout',
  'hidden_dropout',
  'attention_probs_dropout_prob',
  'hidden_dropout_prob',
  'dropout',
  'initializer_range',
  'gradient_checkpointing',
  'use_gradient_checkpointing',
  'finetuning_task',
  'problem_type',
  'label2id',
  'id2label',
  'num_labels',
  'summary_type',
  'summary_use_proj',
  'summary_activation',
  'summary_proj_to_labels',
  'summary_first_dropout',
  'task_specific_params',
  // How the library runs the same mathematics.
  'use_cache',
  'reorder_and_upcast_attn',
  'attn_implementation',
  '_attn_implementation',
  '_attn_implementation_autoset',
  '_attn_implementation_internal',
  'experts_implementation',
  '_experts_implementation',
  '_experts_implementation_internal',
  'use_flash_attn',
  '_flash_attn_2_enabled',
  'chunk_size_feed_forward',
  'output_attentions',
  '_output_attentions',
  'output_hidden_states',
  'tie_last_hidden_states',
  'output_past',
  'output_scores',
  'return_dict',
  'return_dict_in_generate',
  'is_decoder',
  'tie_encoder_decoder',
  'cross_attention_hidden_size',
  ...GENERATION_FIELDS,
];

/** Fields of any family that change the computation unless they have the value given here. */
export const REFUSED_FIELDS: readonly (readonly [name: string, isNeutral: IsNeutral])[] = [
  ['quantization_config', never],
  ['compression_config', never],
  ['pruned_heads', isEmpty],
  ['is_encoder_decoder', isOff],
  ['add_cross_attention', isOff],
  ['per_layer_config', isEmpty],
  // Attention.
  ['attn_logit_softcapping', isZeroOrOff],
  ['final_logit_softcapping', isZeroOrOff],
  ['logit_softcapping', isZeroOrOff],
  ['attention_chunk_size', never],
  ['layer_types', isFull],
  ['clip_qkv', isZeroOrOff],
  ['qk_layernorm', isOff],
  ['use_qk_norm', isOff],
  ['qk_norm', isOff],
  ['query_pre_attn_scalar', never],
  ['attention_sink', isOff],
  ['alibi', isOff],
  ['use_alibi', isOff],
  ['multi_query', isOff],
  // Positions.
  ['partial_rotary_factor', isOne],
  ['rotary_pct', isOne],
  ['rotary_dim', never],
  ['rope_interleaved', isOff],
  ['rope_interleave', isOff],
  ['no_rope_layers', isEmpty],
  ['no_rope_layer_interval', isZeroOrOff],
  ['position_embedding_type', (value) => value === 'absolute'],
  // Scales.
  ['embedding_multiplier', isOne],
  ['residual_multiplier', isOne],
  ['attention_multiplier', never],
  ['logits_scaling', isOne],
  ['logit_scale', isOne],
  ['scale_emb', isOne],
  ['scale_depth', never],
  ['dim_model_base', never],
  // Blocks.
  ['use_parallel_residual', isOff],
  ['parallel_attn', isOff],
  ['parallel_residual', isOff],
  ['num_experts', isZeroOrOff],
  ['num_local_experts', isZeroOrOff],
  ['n_routed_experts', isZeroOrOff],
];
