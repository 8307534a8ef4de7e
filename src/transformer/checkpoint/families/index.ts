/** The families of checkpoints that can be opened, each under its `model_type` in config.json. */

export { gptNeo as gpt_neo } from './gpt-neo.ts';
export { gptNeox as gpt_neox } from './gpt-neox.ts';
export { gpt2 } from './gpt2.ts';
export { llama } from './llama.ts';
export { postNormEncoder as post_norm_encoder } from './post-norm-encoder.ts';
export { qwen2 } from './qwen2.ts';
export { starcoder2 } from './starcoder2.ts';
