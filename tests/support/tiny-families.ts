/** The families of {@link tinyConfig} and {@link tinyTensors} that are written down apart, each under its `model_type`. */
import type { Family } from '../../src/transformer/checkpoint/family-table.ts';
import { cohere, granite, phi3, qwen3, smollm3, stablelm } from './tiny-gated.ts';
import { gemma, gemma2, gemma3_text, olmo2, olmo3 } from './tiny-normed.ts';
import { bloom, codegen, falcon, gptj, mpt, opt, phi, starcoder2 } from './tiny-plain.ts';
import type { TinyFamily } from './tiny-shapes.ts';

export const TINY_FAMILIES = {
  bloom,
  codegen,
  cohere,
  falcon,
  gemma,
  gemma2,
  gemma3_text,
  gptj,
  granite,
  mpt,
  olmo2,
  olmo3,
  opt,
  phi,
  phi3,
  qwen3,
  smollm3,
  stablelm,
  starcoder2,
} satisfies Partial<Record<Family, TinyFamily>>;
