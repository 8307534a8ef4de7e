import { describe, expect, it } from 'vitest';
import { nearNames, notAmong } from '../../src/core/names.ts';

const stages = ['embed', 'blocks.0.resid_mid', 'blocks.0.resid_post', 'blocks.1.resid_mid', 'blocks.1.resid_post', 'x'];

describe('nearNames', () => {
  it('finds slips of a few characters, and parts, nearest first', () => {
    expect(nearNames(stages, 'emebd')).toEqual(['embed']);
    expect(nearNames(stages, 'blocks.1.resid_mad', 1)).toEqual(['blocks.1.resid_mid']);
    expect(nearNames(stages, 'resid_post')).toEqual(['blocks.0.resid_post', 'blocks.1.resid_post']);
    expect(nearNames(stages, 'Embed')).toEqual(['embed']);
    expect(nearNames(['pattern', 'patrons'], 'pattren')).toEqual(['pattern', 'patrons']);
    expect(nearNames(['abcdef'], 'badcfe')).toEqual([]);
    expect(nearNames(['abcdef'], 'bacdfe')).toEqual(['abcdef']);
    expect(nearNames(['kitten', 'mitten', 'sitting'], 'sitten')).toEqual(['kitten', 'mitten', 'sitting']);
  });

  it('finds nothing where nothing is like it', () => {
    expect(nearNames(stages, 'logits')).toEqual([]);
    expect(nearNames([], 'a')).toEqual([]);
    expect(nearNames(stages, '')).toEqual([]);
  });

  it('does not compare names of hostile length or number', () => {
    const long = 'a'.repeat(1e6);
    expect(nearNames([long, 'b'], long)).toEqual([]);
    expect(
      nearNames(
        Array.from({ length: 1e5 }, (_, k) => `name.${k}`),
        'name.99999',
      ),
    ).toHaveLength(3);
    expect(nearNames(Array(1000).fill(long), 'aaaa')).toEqual([]);
  });
});

describe('notAmong', () => {
  it('tells names from indices', () => {
    const list = "is none of the 6 stages 'embed', 'blocks.0.resid_mid', 'blocks.0.resid_post', …, 'x'";
    expect(notAmong('blocks.0.resid_mod', stages, 'stages')).toBe(
      `'blocks.0.resid_mod' ${list}; near it are 'blocks.0.resid_mid', 'blocks.1.resid_mid', 'blocks.0.resid_post'`,
    );
    expect(notAmong('2', stages, 'stages')).toBe(
      `'2' ${list}: they go by name, and the one with index 2 is 'blocks.0.resid_post'`,
    );
    expect(notAmong('6', stages, 'stages')).toBe(`'6' ${list}: they go by name, and as an index it is beyond 0 to 5`);
    expect(notAmong('z', ['1', '2'], 'arrays')).toBe("'z' is none of the 2 arrays '1', '2'");
    expect(notAmong('z', [], 'arrays')).toBe('there is none');
  });
});
