/** The families of checkpoints that can be opened, each under its `model_type` in config.json. */

export { gemma } from './gemma.ts';
export { gptNeo as gpt_neo } from './gpt-neo.ts';
export { gptNeox as gpt_neox } from './gpt-neox.ts';
export { gpt2 } from './gpt2.ts';
export { llama } from './llama.ts';
export { phi3 } from './phi3.ts';
export { postNormEncoder as post_norm_encoder } from './post-norm-encoder.ts';
export { qwen2 } from './qwen2.ts';
export { qwen3 } from './qwen3.ts';
export { smolLm3 as smollm3 } from './smollm3.ts';
export { starcoder2 } from './starcoder2.ts';
