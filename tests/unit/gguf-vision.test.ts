/** Ollama's files of Gemma 3, which hold a vision tower as well, against folders of the same models (Gemma3ForConditionalGeneration). */
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { type GgufEntry, ggufBytes } from '../support/gguf-file.ts';
import { testNumbers } from '../support/numbers.ts';
import { jsonBytes, memoryFolder, safetensorsFile } from '../support/tiny-checkpoint.ts';

const [V, D, L, H, G, K, F, P] = [11, 8, 7, 2, 1, 4, 12, 8];
const IDS = [3, 2, 4, 0, 5, 9, 2, 6];

const TEXT = {
  model_type: 'gemma3_text',
  ...{ vocab_size: V, hidden_size: D, num_hidden_layers: L, num_attention_heads: H, num_key_value_heads: G },
  ...{ head_dim: K, intermediate_size: F, query_pre_attn_scalar: K, sliding_window: 3 },
  rope_scaling: { rope_type: 'linear', factor: 8 },
};

/** The text model's tensors: the name of the folder, the name that Ollama's converter makes of it, the shape. */
const LAYER: readonly (readonly [string, string, readonly number[]])[] = [
  ['input_layernorm', 'attn_norm', [D]],
  ['self_attn.q_proj', 'attn_q', [H * K, D]],
  ['self_attn.k_proj', 'attn_k', [G * K, D]],
  ['self_attn.v_proj', 'attn_v', [G * K, D]],
  ['self_attn.o_proj', 'attn_output', [D, H * K]],
  ['self_attn.q_norm', 'attn_q_norm', [K]],
  ['self_attn.k_norm', 'attn_k_norm', [K]],
  ['post_attention_layernorm', 'post_attention_norm', [D]],
  ['pre_feedforward_layernorm', 'ffn_norm', [D]],
  ['mlp.gate_proj', 'ffn_gate', [F, D]],
  ['mlp.up_proj', 'ffn_up', [F, D]],
  ['mlp.down_proj', 'ffn_down', [D, F]],
  ['post_feedforward_layernorm', 'post_ffw_norm', [D]],
];
const LAYERS = Array.from({ length: L }, (_, i) =>
  LAYER.map(([folder, file, shape]) => [`layers.${i}.${folder}`, `blk.${i}.${file}`, shape] as const),
);
const MODEL = [['embed_tokens', 'token_embd', [V, D]], ...LAYERS.flat(), ['norm', 'output_norm', [D]]] as const;

const TOWER: readonly (readonly [string, readonly number[]])[] = [
  ['v.patch_embedding.weight', [4, 3, 2, 2]],
  ['v.patch_embedding.bias', [4]],
  ['v.position_embedding.weight', [4, 4]],
  ['v.post_layernorm.weight', [4]],
  ['v.post_layernorm.bias', [4]],
  ...['attn_q', 'attn_k', 'attn_v', 'attn_output', 'mlp.fc1', 'mlp.fc2'].flatMap((part) => [
    [`v.blk.0.${part}.weight`, [4, 4]] as const,
    [`v.blk.0.${part}.bias`, [4]] as const,
  ]),
  ...['layer_norm1', 'layer_norm2'].flatMap((part) => [
    [`v.blk.0.${part}.weight`, [4]] as const,
    [`v.blk.0.${part}.bias`, [4]] as const,
  ]),
  ['mm.mm_input_projection.weight', [4, D]],
  ['mm.mm_soft_emb_norm.weight', [4]],
];

const KEYS: readonly GgufEntry[] = [
  ['general.architecture', 'gemma3'],
  ['gemma3.block_count', L, 'u32'],
  ['gemma3.attention.head_count', H, 'u32'],
  ['gemma3.attention.head_count_kv', G, 'u32'],
  ['gemma3.attention.key_length', K, 'u32'],
  ['gemma3.attention.value_length', K, 'u32'],
  ['gemma3.attention.sliding_window', 3, 'u32'],
  ['gemma3.context_length', 131_072, 'u32'],
  ['gemma3.embedding_length', D, 'u32'],
  ['gemma3.feed_forward_length', F, 'u32'],
  ['gemma3.vision.block_count', 1, 'u32'],
  ['gemma3.vision.embedding_length', 4, 'u32'],
  ['gemma3.vision.feed_forward_length', 4, 'u32'],
  ['gemma3.vision.image_size', 4, 'u32'],
  ['gemma3.vision.patch_size', 2, 'u32'],
  ['gemma3.vision.num_channels', 3, 'u32'],
  ['gemma3.vision.attention.head_count', 2, 'u32'],
  ['gemma3.vision.attention.layer_norm_epsilon', 1e-6, 'f32'],
  ['gemma3.mm.tokens_per_image', 4, 'u32'],
  ['tokenizer.ggml.bos_token_id', 2, 'u32'],
  ['tokenizer.ggml.eos_token_id', 1, 'u32'],
];

/** Multiples of 2⁻¹⁰, so that the 1 that converters add to norms is exact. */
function numbersOf(shape: readonly number[], seed: number): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from(testNumbers(count, seed), (value) => Math.floor(value * 512) / 1024);
}

function tensor(name: string, shape: readonly number[], values: Float32Array) {
  return { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
}

/** A file of Ollama's with some keys more, or others in place of its own. */
function file({ entries = [], tower = TOWER }: { entries?: readonly GgufEntry[]; tower?: typeof TOWER } = {}) {
  const given = new Set(entries.map(([key]) => key));
  const text = MODEL.map(([, name, shape], i) => {
    const values = numbersOf(shape, i + 1);
    return tensor(`${name}.weight`, shape, name.endsWith('_norm') ? values.map((value) => value + 1) : values);
  });
  const vision = tower.map(([name, shape]) => tensor(name, shape, numbersOf(shape, 99)));
  const bytes = ggufBytes({
    entries: [...KEYS.filter(([key]) => !given.has(key)), ...entries.filter(([, value]) => value !== '')],
    tensors: [...text, ...vision],
  });
  return openModel(memoryFolder(new Map([['model.gguf', bytes]])));
}

function folder(text: Readonly<Record<string, unknown>>, others: readonly string[] = []) {
  const config = {
    model_type: 'gemma3',
    architectures: ['Gemma3ForConditionalGeneration'],
    ...{ bos_token_id: 2, eos_token_id: 1, mm_tokens_per_image: 4, vision_config: { hidden_size: 4 } },
    text_config: text,
  };
  const stored = MODEL.map(([name, , shape], i) =>
    tensor(`language_model.model.${name}.weight`, shape, numbersOf(shape, i + 1)),
  );
  const extra = others.map((name) => tensor(name, [P], numbersOf([P], 99)));
  return openModel(
    memoryFolder(
      new Map([
        ['config.json', jsonBytes(config)],
        ['model.safetensors', safetensorsFile([...stored, ...extra])],
      ]),
    ),
  );
}

type Opened = Awaited<ReturnType<typeof openModel>>;

function traces(...models: readonly Opened[]) {
  return models.map((model) => traceForward(model, IDS, { precision: 'f64', keep: ['*'] }));
}

const LEFT_OUT = /^The text model alone is read: 23 tensors of other parts of a larger model \(v, mm\) are left out\.$/;
const SCALED = /^model\.gguf: gemma3\.rope\.scaling\.factor is missing, .* divided by 8 in full layers/;

describe('Ollama’s Gemma 3', () => {
  it('is its text model, to the bits of the folder, with what is left out and set right said', async () => {
    const [model, other] = [await file(), await folder(TEXT)];
    const [a, b] = traces(model, other);
    expect(a).toEqual(b);
    expect(model.warnings).toEqual([expect.stringMatching(SCALED), expect.stringMatching(LEFT_OUT)]);
    const [plain] = traces(await folder({ ...TEXT, rope_scaling: null }));
    expect(a!.logits).not.toEqual(plain!.logits);
  });

  it('takes a scaling from the file where there is one', async () => {
    const scaling: GgufEntry[] = [
      ['gemma3.rope.scaling.type', 'linear'],
      ['gemma3.rope.scaling.factor', 2, 'f32'],
    ];
    const model = await file({ entries: scaling });
    const [a, b] = traces(model, await folder({ ...TEXT, rope_scaling: { rope_type: 'linear', factor: 2 } }));
    expect(a).toEqual(b);
    expect(model.warnings).toEqual([expect.stringMatching(LEFT_OUT)]);
  });

  it('of the smallest size has neither a scaling nor the cap that the converter wrote', async () => {
    const entries: GgufEntry[] = [
      ['gemma3.context_length', 32_768, 'u32'],
      ['gemma3.rope.local.freq_base', 10_000, 'f32'],
      ['gemma3.rope.global.freq_base', 1_000_000, 'f32'],
      ['gemma3.final_logit_softcapping', 30, 'f32'],
    ];
    const model = await file({ entries, tower: [] });
    const [a, b] = traces(model, await folder({ ...TEXT, rope_scaling: null, max_position_embeddings: 32_768 }));
    expect(a).toEqual(b);
    expect(model.warnings).toEqual([
      expect.stringMatching(/^model\.gguf: gemma3\.final_logit_softcapping = 30 is left out/),
    ]);
    const other = await file({
      entries: [...entries.slice(0, 3), ['gemma3.final_logit_softcapping', 20, 'f32']],
      tower: [],
    });
    expect(other.config.logitCap).toBe(20);
  });

  it.each(['v.blk.0.attn_sinks.weight', 'v.class_embedding', 'mm.0.weight', 'a.blk.0.attn_q.weight', 'dense.0.weight'])(
    'is refused by name with a tensor %s',
    async (name) => {
      await expect(file({ tower: [...TOWER, [name, [4]]] })).rejects.toThrow(
        `openCheckpoint: tensor ${name} of tiny must belong to a model of architecture gemma3 with these metadata, but it does not.`,
      );
    },
  );

  it('says what key it does not know', async () => {
    const model = await file({ entries: [['gemma3.vision.trick', 3, 'u32']] });
    expect(model.warnings).toContain('model.gguf has a key this package does not know: gemma3.vision.trick.');
  });
});

it('folders of larger models say what is left out', async () => {
  const others = ['vision_tower.vision_model.post_layernorm.weight', 'multi_modal_projector.mm_soft_emb_norm.weight'];
  expect((await folder(TEXT, others)).warnings).toEqual([
    'The text model alone is read: 2 tensors of other parts of a larger model (vision_tower, multi_modal_projector) are left out.',
  ]);
  expect((await folder(TEXT, ['audio_tower.norm.weight'])).warnings).toEqual([
    'model.safetensors has a tensor the configuration does not use: audio_tower.norm.weight.',
  ]);
});
