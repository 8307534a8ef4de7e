/** Rows of fused and interleaved tensors, against lists written out by hand and by nested loops, whole and in chunks. */
import { describe, expect, it } from 'vitest';
import { groupedRows, pairedRows, type RowMap, rowRuns } from '../../src/transformer/stored-rows.ts';

/** `part target` of each stored row, read in chunks of the given length. */
function placed(place: RowMap, rows: number, chunk = rows): string[] {
  const found: string[] = [];
  for (let first = 0; first < rows; first += chunk) {
    const count = Math.min(chunk, rows - first);
    let next = 0;
    for (const run of rowRuns(place, first, count)) {
      expect(run.at).toBe(next);
      expect(run.count).toBeGreaterThan(0);
      next += run.count;
      for (let i = 0; i < run.count; i++) found.push(`${'qkv'[run.part]}${run.target + i}`);
    }
    expect(next).toBe(count);
  }
  return found;
}

/** A layout, the rows it has, and what they are. */
const LAYOUTS: readonly (readonly [name: string, RowMap, readonly string[]])[] = [
  ['one part', groupedRows([3]), ['q0', 'q1', 'q2']],
  ['one below the other', groupedRows([4, 2, 2]), ['q0', 'q1', 'q2', 'q3', 'k0', 'k1', 'v0', 'v1']],
  [
    'by key/value head, H = 4, G = 2, K = 1',
    groupedRows([4, 2, 2], 2),
    ['q0', 'q1', 'k0', 'v0', 'q2', 'q3', 'k1', 'v1'],
  ],
  [
    'by head, H = 2, K = 2',
    groupedRows([4, 4, 4], 2),
    ['q0', 'q1', 'k0', 'k1', 'v0', 'v1', 'q2', 'q3', 'k2', 'k3', 'v2', 'v3'],
  ],
  [
    'neighbours of K = 4, all turned',
    pairedRows(groupedRows([8]), [true], 4, 4),
    ['q0', 'q2', 'q1', 'q3', 'q4', 'q6', 'q5', 'q7'],
  ],
  [
    'neighbours of K = 6, four turned, of q and k only',
    pairedRows(groupedRows([6, 6, 6]), [true, true, false], 6, 4),
    ['q0', 'q2', 'q1', 'q3', 'q4', 'q5', 'k0', 'k2', 'k1', 'k3', 'k4', 'k5', 'v0', 'v1', 'v2', 'v3', 'v4', 'v5'],
  ],
  [
    'neighbours in groups, H = 2, K = 4, two turned',
    pairedRows(groupedRows([8, 8, 8], 2), [true, true, false], 4, 2),
    [0, 4].flatMap((first) => ['q', 'k', 'v'].flatMap((part) => [0, 1, 2, 3].map((c) => `${part}${first + c}`))),
  ],
];

describe.each(LAYOUTS)('%s', (_, place, expected) => {
  it.each([1, 2, 3, 5, 7, 100])('in chunks of %i', (chunk) => {
    expect(placed(place, expected.length, chunk)).toEqual(expected);
  });
});

describe('a larger mixture', () => {
  const [H, G, K, R] = [6, 3, 10, 6];
  /** Groups of H/G heads of q, one of k, one of v; pairs of neighbours among the first R. */
  const expected = Array.from({ length: G }, (_, g) => [
    ...Array.from({ length: H / G }, (_, h) => ['q', g * (H / G) + h] as const),
    ['k', g] as const,
    ['v', g] as const,
  ])
    .flat()
    .flatMap(([part, head]) =>
      Array.from({ length: K }, (_, c) => {
        const turned = part !== 'v' && c < R;
        return `${part}${head * K + (turned ? (c % 2 === 0 ? c / 2 : R / 2 + (c - 1) / 2) : c)}`;
      }),
    );
  const place = pairedRows(groupedRows([H * K, G * K, G * K], G), [true, true, false], K, R);

  it.each([1, 4, 13, 1000])('in chunks of %i', (chunk) => {
    expect(placed(place, expected.length, chunk)).toEqual(expected);
    expect(new Set(expected).size).toBe(expected.length);
  });
});
