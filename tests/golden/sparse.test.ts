import { describe, expect, test } from 'vitest';
import { readAll } from '../../src/formats/array-file.ts';
import { openNpz } from '../../src/formats/read-npz.ts';
import { fromBase64 } from '../support/base64.ts';
import golden from './sparse.json' with { type: 'json' };

describe(`sparse matrices of ${golden.source}`, () => {
  test.each(golden.entries.map((entry) => [entry.name, entry] as const))('%s', (_name, entry) => {
    const [array, ...others] = readAll(openNpz(fromBase64(entry.bytes), 'a.npz'));
    const { name, shape, data, complex = false } = array!;
    expect({ name, shape, complex, others }).toEqual({
      name: 'a',
      shape: entry.shape,
      complex: entry.complex,
      others: [],
    });
    const whole = typeof data[0] === 'bigint';
    expect([...data]).toEqual(entry.values.map((text) => (whole ? BigInt(text) : Number(text))));
  });
});
