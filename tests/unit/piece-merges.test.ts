import { expect, test } from 'vitest';
import { RandomStream } from '../../src/core/philox.ts';
import { mergesByScore } from '../../src/transformer/checkpoint/gguf/tokenizer/piece-merges.ts';
import { PairTable } from '../../src/transformer/tokenizer/models/pair-table.ts';

const CHARACTERS = ['a', 'b', '▁', '𝔘', 'é'];

/** Every cut of every piece, sorted as a whole. */
function bruteForce(pieces: readonly { text: string; id: number; score: number }[], parts: readonly string[]) {
  const known = new Set(parts);
  const size = (text: string): number => Array.from(text).length;
  return pieces
    .flatMap(({ text, id, score }) =>
      Array.from(
        text,
        (_, at) => [Array.from(text).slice(0, at).join(''), Array.from(text).slice(at).join('')] as const,
      )
        .filter(([left, right]) => known.has(left) && known.has(right))
        .map((pair) => ({ pair, id, score })),
    )
    .sort(
      (a, b) =>
        b.score - a.score || size(b.pair[0]) - size(a.pair[0]) || size(b.pair[1]) - size(a.pair[1]) || a.id - b.id,
    )
    .map(({ pair }) => pair);
}

test('merges are all cuts into two pieces, by score', () => {
  const random = new RandomStream(3n);
  for (let round = 0; round < 60; round++) {
    const texts = new Set(CHARACTERS);
    const draw = (below: number): number => Math.floor(random.next() * below);
    for (let i = 0; i < 80; i++)
      texts.add(Array.from({ length: 1 + draw(5) }, () => CHARACTERS[draw(CHARACTERS.length)]).join(''));
    const pieces = [...texts].map((text, id) => ({ text, id, score: round % 3 === 0 ? -draw(4) : -id }));
    const merges = mergesByScore(pieces, [...texts]);
    expect(merges!.length).toBeGreaterThan(5);
    expect(merges).toEqual(bruteForce(pieces, [...texts]));
    const some = [...texts].filter((_, i) => i % 2 === 0);
    expect(mergesByScore(pieces, some)).toEqual(bruteForce(pieces, some));
  }
});

test('a table of pairs is a map from pairs', () => {
  const random = new RandomStream(4n);
  const [table, map] = [new PairTable(500), new Map<string, number>()];
  for (let i = 0; i < 500; i++) {
    const [first, second] = [
      Math.floor(random.next() * 40),
      Math.floor(random.next() * 40) * (i % 2 === 0 ? 1 : 400_000),
    ];
    table.set(first, second, i);
    map.set(`${first} ${second}`, i);
  }
  for (const [pair, value] of map) {
    const [first, second] = pair.split(' ').map(Number);
    expect(table.get(first!, second!)).toBe(value);
    expect(table.get(second! + 41, first!)).toBeUndefined();
  }
  expect(new PairTable(0).get(0, 0)).toBeUndefined();
});
