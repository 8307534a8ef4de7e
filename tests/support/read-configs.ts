/** What the tests of configurations read tiny ones with. */
import { expect } from 'vitest';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import type { TransformerConfig } from '../../src/transformer/config.ts';
import { expectClose } from './numbers.ts';
import { jsonBytes, type TinyOptions, tinyConfig } from './tiny-checkpoint.ts';

/** What the first families do without. */
export const PLAIN = {
  sharedNorm: false,
  firstNorm: true,
  headTransform: null,
  headless: false,
  finalNorm: true,
  embeddingNorm: false,
  embeddingWidth: null,
  embeddingScale: 1,
  residualScale: 1,
  logitScale: 1,
  logitCap: null,
  tokenTypes: 0,
  normWeights: true,
  clampQkv: null,
};

/** A table of rotary angles without a factor. */
export const ROTARY = { frequencies: expect.any(Float64Array), factor: 1, long: null };

/** What is read of these fields. */
export function readFields(config: Record<string, unknown>): ReturnType<typeof readConfig> {
  return readConfig(jsonBytes(config));
}

/** What is read of a tiny model's config.json. */
export function readTinyConfig(options: TinyOptions = {}): ReturnType<typeof readConfig> {
  return readFields(tinyConfig(options));
}

/** Frequencies are an exponential of a logarithm: a few units in the last place. */
export function expectFrequencies(actual: Float64Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [c, frequency] of expected.entries()) expectClose(actual[c]! / frequency, 1, 1e-15, `ω_${c}`);
}

/** The fewest fields of a family that its class has no default for here: the sizes. */
export const SIZES = {
  vocab_size: 31,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 2,
};

/** Coordinates of a head that turn. */
export function turned({ positions }: TransformerConfig): number {
  return positions.kind === 'rotary' ? 2 * positions.layers[0]!.frequencies.length : 0;
}
