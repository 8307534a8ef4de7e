/** The families of checkpoints that can be opened, each under its `model_type` in config.json. */

export { bloom } from './bloom.ts';
export { codeGen as codegen } from './codegen.ts';
export { cohere } from './cohere.ts';
export { falcon } from './falcon.ts';
export { gemma } from './gemma.ts';
export { gemma2 } from './gemma2.ts';
export { gemma3 as gemma3_text } from './gemma3.ts';
export { gptNeo as gpt_neo } from './gpt-neo.ts';
export { gptNeox as gpt_neox } from './gpt-neox.ts';
export { gpt2 } from './gpt2.ts';
export { gptJ as gptj } from './gptj.ts';
export { granite } from './granite.ts';
export { llama } from './llama.ts';
export { mistral } from './mistral.ts';
export { mpt } from './mpt.ts';
export { olmo2 } from './olmo2.ts';
export { olmo3 } from './olmo3.ts';
export { opt } from './opt.ts';
export { phi } from './phi.ts';
export { phi3 } from './phi3.ts';
export { postNormEncoder as post_norm_encoder } from './post-norm-encoder.ts';
export { qwen2 } from './qwen2.ts';
export { qwen3 } from './qwen3.ts';
export { smolLm3 as smollm3 } from './smollm3.ts';
export { stableLm as stablelm } from './stablelm.ts';
export { starcoder2 } from './starcoder2.ts';
