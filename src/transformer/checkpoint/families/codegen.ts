import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { gptJConfig } from './gptj.ts';

/**
 * CodeGen: GPT-J, but q, k and v are one matrix, in the order of the four processors that it was trained on: a quarter of q, of v, of k, then the next.
 *
 * @source E. Nijkamp et al., arXiv:2203.13474, appendix A; the documented fields of transformers' CodeGenConfig.
 */
export const codeGen: ModelFamily = {
  architectures: ['CodeGenForCausalLM', 'CodeGenModel'],
  config: codeGenConfig,
  prefix: 'transformer.',
  spares: /^transformer\.h\.\d+\.attn\.(causal_mask|bias|masked_bias|embed_positions)$/,
  rotaryPairs: 'neighbours',
  tensors: [
    ['transformer.wte', 'embedding'],
    ['transformer.h.#.ln_1', 'norm1'],
    ['transformer.h.#.attn.qkv_proj', ['q', 'v', 'k'], 'quarters'],
    ['transformer.h.#.attn.out_proj', 'out'],
    ['transformer.h.#.mlp.fc_in', 'pre'],
    ['transformer.h.#.mlp.fc_out', 'down'],
    ['transformer.ln_f', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function codeGenConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const config = gptJConfig(fields, warn);
  if (config.D % 4 !== 0) throw fields.fault('n_embd', 'be a multiple of 4', config.D);
  return config;
}
