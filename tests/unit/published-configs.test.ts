/** config.json of published models: read without a warning, and as many weights as transformers counts in them. */
import { expect, it } from 'vitest';
import { familyOf } from '../../src/transformer/checkpoint/family-table.ts';
import { plannedTensors } from '../../src/transformer/checkpoint/planned-tensors.ts';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import published from '../golden/published-counts.json' with { type: 'json' };
import { jsonBytes } from '../support/tiny-checkpoint.ts';

it.each(published.models.map(({ name, weights, config }) => [name, weights, config] as const))(
  '%s has %i weights',
  (_, weights, file) => {
    const { config, warnings } = readConfig(jsonBytes(file));
    expect(warnings).toEqual([]);
    const sizes = plannedTensors(familyOf(config), config).map(({ shape }) => shape.reduce((a, b) => a * b));
    expect(sizes.reduce((a, b) => a + b)).toBe(weights);
  },
);
