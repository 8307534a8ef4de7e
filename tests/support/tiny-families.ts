/** The families of {@link tinyConfig} and {@link tinyTensors} that are written down apart, each under its `model_type`. */
import type { Family } from '../../src/transformer/checkpoint/family-table.ts';
import { cohere, granite, phi3, qwen3, smollm3, stablelm } from './tiny-gated.ts';
import { bloom, codegen, falcon, gptj, mpt, opt, phi, starcoder2 } from './tiny-plain.ts';
import type { TinyFamily } from './tiny-shapes.ts';

export const TINY_FAMILIES = {
  bloom,
  codegen,
  cohere,
  falcon,
  gptj,
  granite,
  mpt,
  opt,
  phi,
  phi3,
  qwen3,
  smollm3,
  stablelm,
  starcoder2,
} satisfies Partial<Record<Family, TinyFamily>>;
