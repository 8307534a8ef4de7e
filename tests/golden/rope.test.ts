/** Rotary scalings against transformers in double precision: frequencies, attention factors, and what long sequences turn by. */
import { expect, it } from 'vitest';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { expectClose } from '../support/numbers.ts';
import { jsonBytes } from '../support/tiny-checkpoint.ts';
import golden from './rope.json' with { type: 'json' };

/** ω is an exponential of a logarithm, and some are divided or mixed: a few units in the last place. */
const ROUNDING = 2e-15;

it.each(golden.cases.map(({ name, ...found }) => [name, found] as const))(
  '%s',
  (_, { rope, frequencies, factor, long }) => {
    const fields = { model_type: 'llama', ...golden.sizes, rope_parameters: rope };
    const { config, warnings } = readConfig(jsonBytes(fields));
    expect(warnings).toEqual([]);
    if (config.positions.kind !== 'rotary') throw new Error('unreachable');
    const table = config.positions.layers[0]!;
    expectClose(table.factor, factor, ROUNDING, 'factor');
    const near = (found: Float64Array, expected: readonly number[]) => {
      expect(found).toHaveLength(expected.length);
      for (const [c, value] of expected.entries()) expectClose(found[c]! / value, 1, ROUNDING, `ω_${c}`);
    };
    near(table.frequencies, frequencies);
    if (long === null) expect(table.long).toBeNull();
    else near(table.long!.frequencies, long);
  },
);
