import type { GgufFacts } from './architectures.ts';

/**
 * Keys of the vision tower that Ollama's files of Gemma 3 hold as well, without the architecture's name in front.
 *
 * @source https://github.com/ollama/ollama, convert/convert_gemma3.go
 */
export const VISION_KEYS: readonly string[] = [
  'vision.block_count',
  'vision.embedding_length',
  'vision.feed_forward_length',
  'vision.image_size',
  'vision.patch_size',
  'vision.num_channels',
  'vision.attention.head_count',
  'vision.attention.layer_norm_epsilon',
  'mm.tokens_per_image',
];

/**
 * Tensors of the vision tower (`v`) and of the map from it into the text (`mm`).
 *
 * @source https://github.com/ollama/ollama, convert/convert_gemma3.go and model/models/gemma3/model_vision.go (until May 2026)
 */
export const VISION_TENSORS =
  /^(v)\.(patch_embedding|position_embedding|post_layernorm|blk\.\d+\.(attn_[qkv]|attn_output|layer_norm[12]|mlp\.fc[12]))\.(weight|bias)$|^(mm)\.(mm_input_projection|mm_soft_emb_norm)\.weight$/;

const WINDOW_BASE = 'rope.local.freq_base';
const FULL_BASE = 'rope.global.freq_base';
const CAP = 'final_logit_softcapping';
const SCALING = ['rope.scaling.type', 'rope.scaling.factor', 'rope.scale_linear'];
/** Layers, and the context, of the models with 4, 12 and 27 billion numbers, whose positions in full layers are divided by 8. */
const LARGER = [34, 48, 62];
const LARGER_CONTEXT = 131_072;

/**
 * What Ollama's converter left out of its files or wrote without being asked, as Ollama sets it right when it runs them: the larger models' positions divided by 8
 * in full layers, and no cap of 30 on the logits.
 *
 * @source https://github.com/ollama/ollama, llama/compat/llama-ollama-compat.cpp; newTextModel in model/models/gemma3/model_text.go (until May 2026)
 */
export function ollamaCorrections({ metadata, keyOf, has }: GgufFacts): {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly notices: readonly string[];
} {
  const there = (part: string): boolean => metadata.value(keyOf(part)) !== undefined;
  const ownFile = [WINDOW_BASE, FULL_BASE, ...VISION_KEYS].some(there) || has('v.patch_embedding.weight');
  const larger =
    LARGER.includes(metadata.integer(keyOf('block_count')) ?? 0) ||
    (metadata.integer(keyOf('context_length')) ?? 0) >= LARGER_CONTEXT;
  const fields: Record<string, unknown> = {};
  const notices: string[] = [];
  if (ownFile && larger && !SCALING.some(there)) {
    fields.rope_parameters = { rope_type: 'linear', factor: 8 };
    notices.push(
      `${keyOf('rope.scaling.factor')} is missing, as in all of Ollama's files of Gemma 3; positions are divided by 8 in full layers, as in the published models of this size.`,
    );
  }
  if (there(FULL_BASE) && metadata.number(keyOf(CAP)) === 30) {
    fields.final_logit_softcapping = null;
    notices.push(
      `${keyOf(CAP)} = 30 is left out: Ollama's converter wrote it where the model has no cap, together with ${keyOf(FULL_BASE)}.`,
    );
  }
  return { fields, notices };
}
