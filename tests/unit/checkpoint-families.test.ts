/** The rows of every family against the tensors that tests/support writes down a second time, and families whose rows are wrong. */
import { describe, expect, it } from 'vitest';
import type { ModelFamily, TensorRow } from '../../src/transformer/checkpoint/family.ts';
import { familyOf } from '../../src/transformer/checkpoint/family-table.ts';
import { plannedTensors } from '../../src/transformer/checkpoint/planned-tensors.ts';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { tensorPlan } from '../../src/transformer/checkpoint/tensor-plan.ts';
import { weightSlots } from '../../src/transformer/weight-slots.ts';
import { allocateWeights, weightBlocks } from '../../src/transformer/weights.ts';
import { tsBackend } from '../support/backends.ts';
import { FAMILIES, jsonBytes, type TinyOptions, tinyConfig, tinyTensors } from '../support/tiny-checkpoint.ts';

const configOf = (options: TinyOptions) => readConfig(jsonBytes(tinyConfig(options))).config;

function slotsOf(family: ModelFamily, options: TinyOptions) {
  const config = configOf(options);
  const weights = allocateWeights(tsBackend.memory, config);
  try {
    return weightSlots(plannedTensors(family, config), weights, config);
  } finally {
    for (const block of weightBlocks(weights)) tsBackend.memory.release(block);
  }
}

describe.each(FAMILIES)('%s', (name) => {
  const family = familyOf({ family: name });

  it.each([
    {},
    { tied: true },
    { tied: false, L: 1 },
    { attentionBias: true, mlpBias: true, L: 3 },
    { attentionBias: false, D: 12, H: 6, G: 2, F: 5 },
  ] satisfies TinyOptions[])('asks for the tensors that files hold, and fills every block, with %j', (options) => {
    const asked = tensorPlan(family, configOf({ family: name, ...options })).shapes;
    const stored = new Map([...tinyTensors({ family: name, ...options }).values()].map((one) => [one.name, one.shape]));
    expect(new Map([...asked].sort())).toEqual(new Map([...stored].sort()));
    expect([...slotsOf(family, { family: name, ...options }).keys()]).toEqual([...asked.keys()]);
  });

  it('cannot leave out a row or state it twice', () => {
    const config = configOf({ family: name, tied: false });
    for (const row of family.tensors) {
      // Parts that this configuration does without.
      if (plannedTensors({ ...family, tensors: [row] }, config).length === 0) continue;
      const others = family.tensors.filter((other) => other !== row);
      const twin = [`${row[0]}_again`, ...row.slice(1)] as unknown as TensorRow;
      for (const tensors of [others, [...family.tensors, twin]])
        expect(() => slotsOf({ ...family, tensors }, { family: name, tied: false }), row[0]).toThrow(
          /^weightSlots: the tensors of a family must fill each of the \d+ weights of the model once, but \d+ of them fill \d+/,
        );
    }
  });
});

describe('rows of parts that the configuration lacks are refused', () => {
  it.each([
    ['gpt2', ['h.#.mlp.gate', 'up'], 'h.0.mlp.gate'],
    ['llama', ['model.wpe', 'positions'], 'model.wpe'],
    ['gpt2', ['ln_1', 'norm1'], 'ln_1'],
    ['llama', ['q_outside', 'q'], 'q_outside'],
    ['gpt2', ['h.#.ln_f', 'finalNorm'], 'h.0.ln_f'],
  ] as const)('%s: %j', (name, row, tensor) => {
    const family = familyOf({ family: name });
    expect(() => slotsOf({ ...family, tensors: [...family.tensors, row] }, { family: name })).toThrow(
      `weightSlots: ${tensor} must hold a part of the model, but the configuration has none of its kind.`,
    );
  });
});

describe('names', () => {
  it('are those of the rows, whether files have the prefix or not', () => {
    const canonical = (family: (typeof FAMILIES)[number], name: string) =>
      tensorPlan(familyOf({ family }), configOf({ family })).canonicalName(name);
    expect(canonical('gpt2', 'transformer.wte.weight')).toBe('wte.weight');
    expect(canonical('gpt2', 'wte.weight')).toBe('wte.weight');
    expect(canonical('gpt_neox', 'lm_head.weight')).toBe('embed_out.weight');
    expect(canonical('gpt_neox', 'layers.0.attention.bias')).toBe('gpt_neox.layers.0.attention.bias');
    for (const name of ['model.norm.weight', 'norm.weight']) expect(canonical('llama', name)).toBe('model.norm.weight');
    for (const name of ['norm', 'lm_head.weight', 'model.model.norm.weight', '__proto__.weight', 'constructor', ''])
      expect(canonical('llama', name)).toBe(name);
  });
});
