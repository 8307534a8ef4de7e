/** The families of {@link tinyConfig} and {@link tinyTensors} that are written down apart, each under its `model_type`. */
import type { Family } from '../../src/transformer/checkpoint/family-table.ts';
import { gemma, phi3, qwen3, smollm3 } from './tiny-gated.ts';
import { starcoder2 } from './tiny-plain.ts';
import type { TinyFamily } from './tiny-shapes.ts';

export const TINY_FAMILIES = { gemma, phi3, qwen3, smollm3, starcoder2 } satisfies Partial<Record<Family, TinyFamily>>;
