/** What Qwen3, SmolLM3, the Gemmas and the OLMos read from config.json: class defaults of transformers, honoured fields, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import type { RotaryTable, TransformerConfig } from '../../src/transformer/config.ts';
import { expectClose } from '../support/numbers.ts';
import { jsonBytes } from '../support/tiny-checkpoint.ts';

const SIZES = {
  vocab_size: 31,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 4,
  num_attention_heads: 4,
};
const reader =
  (model_type: string, sizes: Record<string, unknown> = SIZES) =>
  (more: Record<string, unknown> = {}) =>
    readConfig(jsonBytes({ model_type, ...sizes, ...more }));

/** The tables of the layers. */
function layersOf({ positions }: TransformerConfig): readonly (RotaryTable | null)[] {
  if (positions.kind !== 'rotary') throw new Error('unreachable');
  return positions.layers;
}

/** ω of the second pair of heads of four coordinates: 1/√θ. */
function expectBases(config: TransformerConfig, bases: readonly (number | null)[]): void {
  const found = layersOf(config);
  expect(found).toHaveLength(bases.length);
  for (const [i, base] of bases.entries()) {
    if (base === null) expect(found[i]).toBeNull();
    else expectClose(found[i]!.frequencies[1]! * Math.sqrt(base), 1, 1e-14, `base of layer ${i}`);
  }
}

describe('qwen3', () => {
  const qwen3 = reader('qwen3', { ...SIZES, num_attention_heads: 64 });

  it('has the defaults of its class', () => {
    const { config, warnings } = qwen3();
    expect(config).toMatchObject({
      ...{ family: 'qwen3', H: 64, G: 32, K: 128, maxPositions: 32_768, gated: true, activation: 'silu', tied: false },
      norm: { kind: 'rms', eps: 1e-6, offset: 0, bias: false },
      queryKeyNorm: { per: 'head', bias: false },
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
      attentionWindow: [32_768, 32_768, 32_768, 32_768],
    });
    expect(config.attentionScale[0]).toBe(1 / Math.sqrt(128));
    expect(warnings).toEqual([]);
    expect(qwen3({ num_key_value_heads: null }).config.G).toBe(64);
  });

  it('has windows as Qwen2, of 4,096 positions where the file does not say', () => {
    const windows = { use_sliding_window: true, max_window_layers: 3 };
    expect(qwen3(windows).config.attentionWindow).toEqual([32_768, 32_768, 32_768, 4096]);
    expect(qwen3({ ...windows, sliding_window: 7 }).config.attentionWindow).toEqual([32_768, 32_768, 32_768, 7]);
    const layer_types = ['sliding_attention', 'full_attention', 'full_attention', 'sliding_attention'];
    expect(qwen3({ ...windows, layer_types }).config.attentionWindow).toEqual([4096, 32_768, 32_768, 4096]);
    expect(() => qwen3({ ...windows, layer_types: ['chunked_attention'] })).toThrow('layer_types in config.json must');
    expect(qwen3({ attention_bias: true }).config.biases).toMatchObject({ qkv: true, attentionOut: true, mlp: false });
  });
});

describe('smollm3', () => {
  const smollm3 = reader('smollm3', { ...SIZES, hidden_size: 16 });

  it('turns all layers but every fourth, by a base of 2,000,000', () => {
    const { config, warnings } = smollm3();
    expect(config).toMatchObject({ G: 4, K: 4, maxPositions: 32_768, tied: true, queryKeyNorm: null });
    expectBases(config, [2e6, 2e6, 2e6, null]);
    expect(warnings).toEqual([]);
    expectBases(smollm3({ no_rope_layer_interval: 2 }).config, [2e6, null, 2e6, null]);
    expectBases(smollm3({ no_rope_layers: [0, 1, 1, 0, 1], rope_theta: 10 }).config, [null, 10, 10, null]);
  });

  it('has windows in the layers that do not turn, if it has any', () => {
    const full = [32_768, 32_768, 32_768, 32_768];
    expect(smollm3({ sliding_window: 5 }).config.attentionWindow).toEqual(full);
    expect(smollm3({ use_sliding_window: true }).config.attentionWindow).toEqual(full);
    const both = { use_sliding_window: true, sliding_window: 5 };
    expect(smollm3(both).config.attentionWindow).toEqual([32_768, 32_768, 32_768, 5]);
  });

  it('refuses lists that do not say it of every layer', () => {
    for (const no_rope_layers of [[1, 1, 1], [1, 1, 1, 2], 'none'])
      expect(() => smollm3({ no_rope_layers })).toThrow(
        'no_rope_layers in config.json must list 1 (turns) or 0 for each',
      );
  });
});

describe('gemma', () => {
  const gemma = reader('gemma', {});

  it('has the sizes of its class, 1 + w, √D and the tanh form of GELU', () => {
    const { config, warnings } = gemma();
    expect(config).toMatchObject({
      ...{ V: 256_000, D: 3072, L: 28, H: 16, G: 16, K: 256, F: 24_576, maxPositions: 8192 },
      norm: { kind: 'rms', eps: 1e-6, offset: 1, bias: false },
      embeddingScale: Math.sqrt(3072),
      activation: 'gelu_tanh',
      normPlacement: 'pre',
      tied: true,
    });
    expect(warnings).toEqual([]);
    for (const fields of [{ hidden_act: 'gelu' }, { hidden_activation: 'gelu_pytorch_tanh', hidden_act: 'gelu' }])
      expect(gemma(fields)).toEqual(gemma());
    expect(() => gemma({ hidden_act: 'silu' })).toThrow('hidden_act in config.json must be off, but it is "silu"');
  });
});

describe('gemma2', () => {
  const gemma2 = reader('gemma2', { ...SIZES, num_key_value_heads: 2, head_dim: 4 });

  it('has caps, norms on both sides and windows in every other layer, the first included', () => {
    const { config, warnings } = gemma2();
    expect(config).toMatchObject({
      normPlacement: 'sandwich',
      scoreCap: 50,
      logitCap: 30,
      attentionWindow: [4096, 8192, 4096, 8192],
      attentionScale: [1 / 16, 1 / 16, 1 / 16, 1 / 16],
      activation: 'gelu_tanh',
      norm: { offset: 1 },
    });
    expect(warnings).toEqual([]);
  });

  it('has no caps where the file says null, which is not the same as nothing', () => {
    const none = { attn_logit_softcapping: null, final_logit_softcapping: null };
    expect(gemma2(none).config).toMatchObject({ scoreCap: null, logitCap: null });
    expect(gemma2({ attn_logit_softcapping: 7 }).config).toMatchObject({ scoreCap: 7, logitCap: 30 });
    expect(() => gemma2({ attn_logit_softcapping: 0 })).toThrow('must be a number above zero');
    expect(() => gemma2({ sliding_window: null })).toThrow(
      'sliding_window in config.json must be a number where layers are windowed, but it is null.',
    );
  });

  it('refuses attention to both sides', () => {
    expect(() => gemma2({ use_bidirectional_attention: true })).toThrow('use_bidirectional_attention');
  });
});

describe('gemma3_text', () => {
  const sizes = { ...SIZES, num_key_value_heads: 2, head_dim: 4, num_hidden_layers: 6 };
  const gemma3 = reader('gemma3_text', sizes);
  const five = [4096, 4096, 4096, 4096, 4096, 131_072];

  it('has five windowed layers to a full one, each kind with its base, and no caps', () => {
    const { config, warnings } = gemma3();
    expect(config).toMatchObject({
      ...{ scoreCap: null, logitCap: null, queryKeyNorm: { per: 'head', bias: false }, attentionWindow: five },
    });
    expectBases(config, [1e4, 1e4, 1e4, 1e4, 1e4, 1e6]);
    expect(warnings).toEqual([]);
    expect(gemma3({ final_logit_softcapping: 20 }).config.logitCap).toBe(20);
  });

  it.each([
    ['older files', { rope_theta: 500, rope_local_base_freq: 20, rope_scaling: { rope_type: 'linear', factor: 4 } }],
    [
      'files of version 5',
      {
        rope_parameters: {
          full_attention: { rope_type: 'linear', factor: 4, rope_theta: 500 },
          sliding_attention: { rope_type: 'default', rope_theta: 20 },
        },
      },
    ],
    [
      'a flat rope_parameters',
      { rope_local_base_freq: 20, rope_parameters: { rope_type: 'linear', factor: 4, rope_theta: 500 } },
    ],
  ])('scales the full layers alone, in %s', (_, fields) => {
    const layers = layersOf(gemma3({ sliding_window_pattern: 3, ...fields }).config);
    expectClose(layers[0]!.frequencies[1]!, 1 / Math.sqrt(20), 1e-15);
    expectClose(layers[2]!.frequencies[0]!, 1 / 4, 1e-15);
    expectClose(layers[2]!.frequencies[1]!, 1 / (4 * Math.sqrt(500)), 1e-15);
    expect(layers.map((table) => table === layers[0])).toEqual([true, true, false, true, true, false]);
  });

  it('takes no scaling beside one by kinds of layers', () => {
    const rope_parameters = { full_attention: { rope_theta: 500 } };
    expect(() => gemma3({ rope_parameters, rope_scaling: { rope_type: 'linear', factor: 2 } })).toThrow('rope_scaling');
    expect(gemma3({ rope_parameters: { ...rope_parameters, spin: 3 } }).warnings).toEqual([
      'config.json has a field this package does not know: rope_parameters.spin.',
    ]);
    expect(() => gemma3({ rope_parameters: { full_attention: 3 } })).toThrow(
      'rope_parameters.full_attention in config.json must be an object',
    );
  });

  it('stands in text_config of a multimodal file, whose own special tokens count', () => {
    const outer = {
      model_type: 'gemma3',
      architectures: ['Gemma3ForConditionalGeneration'],
      boi_token_index: 1,
      eoi_token_index: 2,
      image_token_index: 3,
      mm_tokens_per_image: 256,
      eos_token_id: [1, 30],
      vision_config: { hidden_size: 1152 },
      text_config: { ...sizes, model_type: 'gemma3_text', eos_token_id: 1, rope_theta: 500, head_dim: undefined },
    };
    const { config, warnings } = readConfig(jsonBytes(outer));
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({ family: 'gemma3_text', D: 8, K: 256, eosIds: [1, 30] });
    expect(config.attentionWindow).toEqual(five);
    const unknown = { ...outer, text_config: { ...outer.text_config, per_layer_trick: 3 } };
    expect(readConfig(jsonBytes(unknown)).warnings).toEqual([
      'config.json has a field this package does not know: per_layer_trick.',
    ]);
    expect(() => readConfig(jsonBytes({ ...outer, quantization_config: {} }))).toThrow('quantization_config');
  });
});

describe('olmo2 and olmo3', () => {
  const sizes = { ...SIZES, hidden_size: 16 };
  const [olmo2, olmo3] = [reader('olmo2', sizes), reader('olmo3', sizes)];

  it('have norms of outputs and of all queries and keys', () => {
    for (const { config, warnings } of [olmo2(), olmo3()]) {
      expect(config).toMatchObject({
        ...{ normPlacement: 'output', queryKeyNorm: { per: 'vector', bias: false }, G: 4, K: 4, tied: false },
        norm: { kind: 'rms', eps: 1e-5, offset: 0, bias: false },
      });
      expect(warnings).toEqual([]);
    }
    expectBases(olmo2().config, [1e4, 1e4, 1e4, 1e4]);
    expectBases(olmo3().config, [5e5, 5e5, 5e5, 5e5]);
    expect(olmo2().config.attentionWindow).toEqual([2048, 2048, 2048, 2048]);
    expect(olmo3({ sliding_window: 7 }).config.attentionWindow).toEqual([7, 7, 7, 2048]);
    expect(() => olmo2({ sliding_window: 7 })).toThrow('sliding_window in config.json must be off');
  });

  const yarn = { rope_type: 'yarn', factor: 8, original_max_position_embeddings: 256 };
  it.each([
    ['older files', { rope_theta: 500, rope_scaling: yarn }],
    ['a flat rope_parameters', { rope_parameters: { ...yarn, rope_theta: 500 } }],
    [
      'kinds of layers',
      {
        rope_parameters: {
          full_attention: { ...yarn, rope_theta: 500 },
          sliding_attention: { rope_type: 'default', rope_theta: 500 },
        },
      },
    ],
  ])('olmo3 has the base everywhere and the scaling in full layers alone, from %s', (_, fields) => {
    const layers = layersOf(olmo3(fields).config);
    expectClose(layers[0]!.frequencies[1]!, 1 / Math.sqrt(500), 1e-15);
    expect(layers[0]!.factor).toBe(1);
    expectClose(layers[3]!.factor, 1 + 0.1 * Math.log(8), 1e-15);
    expect(layers.map((table) => table === layers[0])).toEqual([true, true, true, false]);
  });
});
