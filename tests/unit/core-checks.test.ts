import { describe, expect, it } from 'vitest';
import { checkChoice, checkInteger } from '../../src/core/checks.ts';

const loose = (value: unknown): never => value as never;

describe('what came instead is said in words', () => {
  it.each([
    [{}, 'a plain object'],
    [Object.create(null), 'a plain object'],
    [[2], 'an array of 1 elements'],
    ['2', 'a string'],
    [2n, 'a bigint'],
    [null, 'null'],
    [undefined, 'undefined'],
    [2.5, '2.5'],
    [Number.NaN, 'NaN'],
  ])('%o', (value, words) => {
    expect(() => checkInteger('f', 'n', loose(value), 1)).toThrow(
      `f: n must be an integer of at least 1, but it is ${words}.`,
    );
  });

  it.each([
    [{}, 'a plain object'],
    [7, 'the number 7'],
    ['c', 'c'],
  ])('of a choice: %o', (value, words) => {
    expect(() => checkChoice('f', 'kind', loose(value), ['a', 'b'])).toThrow(
      `f: kind must be a or b, but it is ${words}.`,
    );
  });
});
