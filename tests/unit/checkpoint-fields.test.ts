import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { type Family, jsonBytes, LANGUAGE_MODELS, type TinyOptions, tinyConfig } from '../support/tiny-checkpoint.ts';

const read = (options: TinyOptions) => readConfig(jsonBytes(tinyConfig(options)));

describe('sizes beyond any model are refused before anything is computed from them', () => {
  const sizes: readonly (readonly [Family, readonly string[]])[] = [
    ['gpt2', ['vocab_size', 'n_embd', 'n_layer', 'n_head', 'n_inner', 'n_positions']],
    [
      'gpt_neo',
      [
        'vocab_size',
        'hidden_size',
        'num_layers',
        'num_heads',
        'intermediate_size',
        'max_position_embeddings',
        'window_size',
      ],
    ],
    [
      'gpt_neox',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'intermediate_size',
        'max_position_embeddings',
      ],
    ],
    [
      'llama',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
      ],
    ],
    [
      'mistral',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
        'sliding_window',
      ],
    ],
    [
      'qwen2',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
      ],
    ],
    [
      'starcoder2',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
        'sliding_window',
      ],
    ],
    [
      'phi',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
      ],
    ],
    [
      'phi3',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
        'sliding_window',
      ],
    ],
    [
      'granite',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
      ],
    ],
    [
      'cohere',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
      ],
    ],
    [
      'stablelm',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_key_value_heads',
        'head_dim',
        'intermediate_size',
        'max_position_embeddings',
      ],
    ],
    ['gptj', ['vocab_size', 'n_embd', 'n_layer', 'n_head', 'n_inner', 'n_positions', 'rotary_dim']],
    ['codegen', ['vocab_size', 'n_embd', 'n_layer', 'n_head', 'n_inner', 'n_positions', 'rotary_dim']],
    [
      'opt',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'ffn_dim',
        'word_embed_proj_dim',
        'max_position_embeddings',
      ],
    ],
    ['bloom', ['vocab_size', 'hidden_size', 'n_layer', 'n_head', 'seq_length', 'pretraining_tp']],
    ['mpt', ['vocab_size', 'd_model', 'n_layers', 'n_heads', 'max_seq_len']],
    [
      'falcon',
      [
        'vocab_size',
        'hidden_size',
        'num_hidden_layers',
        'num_attention_heads',
        'num_kv_heads',
        'ffn_hidden_size',
        'max_position_embeddings',
        'num_ln_in_parallel_attn',
      ],
    ],
  ];
  const literals = [
    '2147483648',
    '1e9',
    '1e12',
    '-1',
    '-0',
    '0',
    '1.5',
    '1e400',
    '"8"',
    '[8]',
    '{}',
    'true',
    '9007199254740993',
  ];

  test.each(sizes.flatMap(([family, names]) => names.map((name) => [family, name] as const)))(
    '%s: %s',
    (family, name) => {
      for (const literal of literals) {
        const text = JSON.stringify(tinyConfig({ family, config: { [name]: '§' } })).replace('"§"', literal);
        const shown = literal === '1e400' ? 'Infinity' : literal === '-0' ? '0' : JSON.stringify(JSON.parse(literal));
        expect(() => readConfig(new TextEncoder().encode(text)), literal).toThrow(
          expect.objectContaining({
            name: 'FormatError',
            field: name,
            message: expect.stringContaining(`but it is ${shown}.`),
          }),
        );
      }
      const text = JSON.stringify(tinyConfig({ family, config: { [name]: '§' } })).replace('"§"', 'NaN');
      expect(() => readConfig(new TextEncoder().encode(text))).toThrow('must be valid JSON');
    },
  );

  test.each(['gpt2', 'gpt_neox', 'llama'] as const)('%s: heads of millions of coordinates', (family) => {
    const [width, heads] = family === 'gpt2' ? ['n_embd', 'n_head'] : ['hidden_size', 'num_attention_heads'];
    const config = { [width]: 8_000_000, [heads]: 2, num_key_value_heads: 2, rotary_pct: 1 };
    expect(() =>
      read({ family, config: family === 'llama' ? config : { ...config, num_key_value_heads: undefined } }),
    ).toThrow(`${heads} in config.json must give heads of at most 65536 coordinates, but it is 2.`);
  });
});

describe('fields that do not change the computation are passed over in silence', () => {
  /** Values that transformers 4.20 to 5.24 write, none of them the default. */
  const harmless = {
    _name_or_path: '/models/x',
    _model_name_or_path: 'x',
    _commit_hash: 'abc',
    transformers_version: '4.20.1',
    dtype: 'float16',
    torch_dtype: 'bfloat16',
    use_bfloat16: true,
    torchscript: true,
    tf_legacy_loss: true,
    chunk_size_feed_forward: 8,
    output_attentions: true,
    _output_attentions: true,
    output_hidden_states: true,
    tie_last_hidden_states: true,
    return_dict: false,
    is_decoder: true,
    cross_attention_hidden_size: 8,
    tie_encoder_decoder: true,
    id2label: { 0: 'a', 1: 'b', 2: 'c' },
    label2id: { a: 0, b: 1, c: 2 },
    num_labels: 3,
    problem_type: 'regression',
    finetuning_task: 'x',
    task_specific_params: { a: { b: 1 } },
    tokenizer_class: 'PreTrainedTokenizerFast',
    prefix: 'a',
    pad_token_id: 3,
    sep_token_id: 3,
    cls_token_id: 3,
    decoder_start_token_id: 3,
    use_cache: false,
    initializer_range: 0.5,
    attention_dropout: 0.5,
    hidden_dropout: 0.5,
    hidden_dropout_prob: 0.5,
    attention_probs_dropout_prob: 0.5,
    classifier_dropout: 0.5,
    resid_dropout: 0.5,
    embed_dropout: 0.5,
    resid_pdrop: 0.5,
    embd_pdrop: 0.5,
    attn_pdrop: 0.5,
    summary_type: 'mean',
    summary_use_proj: false,
    summary_activation: 'tanh',
    summary_proj_to_labels: false,
    summary_first_dropout: 0.5,
    reorder_and_upcast_attn: true,
    attn_implementation: 'eager',
    _attn_implementation: 'sdpa',
    _attn_implementation_internal: 'sdpa',
    _attn_implementation_autoset: true,
    experts_implementation: 'eager',
    _experts_implementation: 'eager',
    // Generation.
    max_length: 50,
    min_length: 3,
    do_sample: true,
    early_stopping: true,
    num_beams: 4,
    num_beam_groups: 2,
    diversity_penalty: 0.5,
    temperature: 0.5,
    top_k: 5,
    top_p: 0.5,
    min_p: 0.5,
    typical_p: 0.5,
    epsilon_cutoff: 0.1,
    eta_cutoff: 0.1,
    repetition_penalty: 2,
    length_penalty: 2,
    no_repeat_ngram_size: 2,
    encoder_no_repeat_ngram_size: 2,
    bad_words_ids: [[1]],
    num_return_sequences: 2,
    output_scores: true,
    output_logits: true,
    return_dict_in_generate: true,
    forced_bos_token_id: 1,
    forced_eos_token_id: 1,
    remove_invalid_values: true,
    exponential_decay_length_penalty: [5, 1.5],
    suppress_tokens: [1],
    begin_suppress_tokens: [1],
    max_new_tokens: 5,
    guidance_scale: 1.5,
    penalty_alpha: 0.5,
    cache_implementation: 'static',
    generation_config: { do_sample: true },
    // Without effect at their neutral values.
    is_encoder_decoder: false,
    add_cross_attention: false,
    pruned_heads: {},
    per_layer_config: {},
  };

  test.each(LANGUAGE_MODELS)('%s', (family) => {
    const { config, warnings } = read({ family, config: harmless });
    expect(warnings).toEqual([]);
    expect(config).toEqual(read({ family }).config);
  });
});
