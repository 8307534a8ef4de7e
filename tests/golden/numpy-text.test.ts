/** Matrices as NumPy prints them, by text and by its hash. */
import { expect, it } from 'vitest';
import { portableSha256 } from '../../src/transformer/checkpoint/sha256.ts';
import { numpyText } from '../../src/transformer/lens/numpy-text.ts';
import { testNumbers } from '../support/numbers.ts';
import golden from './numpy-text.json' with { type: 'json' };

it.each(golden.random.map((row, i) => [...row, i + 1] as [number, number, number, number, string, number]))(
  '%i×%i times %d, to the power %i',
  (rows, columns, scale, power, hash, seed) => {
    const numbers = Float32Array.from(testNumbers(rows * columns, seed), (value) => {
      let product = value;
      for (let i = 1; i < power; i++) product *= value;
      return product * scale;
    });
    const text = numpyText(rows, columns, (row, column) => numbers[row * columns + column]!);
    const sha = portableSha256();
    sha.update(new TextEncoder().encode(text));
    expect(sha.hex(), text).toBe(hash);
  },
);

it.each(golden.exact as unknown as [(number | string)[][], string][])('%j', (values, text) => {
  const matrix = values.map((row) => Float32Array.from(row, Number));
  expect(numpyText(matrix.length, matrix[0]!.length, (row, column) => matrix[row]![column]!)).toBe(text);
});
