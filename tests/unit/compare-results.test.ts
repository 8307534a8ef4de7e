import { expect, test } from 'vitest';
import { compareResults } from '../../src/cli/compare-results.ts';

const same: readonly (readonly [unknown, unknown])[] = [
  [
    { a: 1, b: [1, { c: null }] },
    { b: [1, { c: null }], a: 1 },
  ],
  [[], []],
  [{}, {}],
  [-0, -0],
  [0.1 + 0.2, 0.30000000000000004],
];

test.each(same)('%j and %j are the same', (a, b) => {
  expect(compareResults(a, b)).toEqual({ allowed: [], count: 0, first: [] });
});

const different: readonly (readonly [unknown, unknown, number, string])[] = [
  [[], {}, 1, 'the result: [] before, {} now'],
  [{ a: [] }, { a: {} }, 1, 'a: [] before, {} now'],
  [{ a: {} }, { a: [] }, 1, 'a: {} before, [] now'],
  [{ a: [1, 2] }, { a: { 0: 1, 1: 2 } }, 1, 'a: a list of 2 before, an object of 2 now'],
  [{ a: [1, 2] }, { a: [1] }, 1, 'a.1: 2 before, absent now'],
  [{ a: [] }, { a: [[]] }, 1, 'a.0: absent before, [] now'],
  [{ a: null }, {}, 1, 'a: null before, absent now'],
  [{}, { a: null }, 1, 'a: absent before, null now'],
  [{ a: null }, { a: 0 }, 1, 'a: null before, 0 now'],
  [{ a: null }, { a: {} }, 1, 'a: null before, {} now'],
  [{ a: null }, { a: 'NaN' }, 1, 'a: null before, "NaN" now'],
  [{ a: 0 }, { a: -0 }, 1, 'a: 0 before, -0 now'],
  [{ a: [-0] }, { a: [0] }, 1, 'a.0: -0 before, 0 now'],
  [{ a: 1 }, { a: '1' }, 1, 'a: 1 before, "1" now'],
  [{ a: true }, { a: 1 }, 1, 'a: true before, 1 now'],
  [{ a: '' }, { a: null }, 1, 'a: "" before, null now'],
  [{ a: 1 }, { a: [1] }, 1, 'a: 1 before, a list of 1 now'],
  [{ a: 1e-17 }, { a: 1.0000000000000002e-17 }, 1, 'a: 1e-17 before, 1.0000000000000002e-17 now'],
  [{}, { constructor: 1 }, 1, 'constructor: absent before, 1 now'],
  [JSON.parse('{"__proto__": 1}'), {}, 1, '__proto__: 1 before, absent now'],
  [JSON.parse('{"__proto__": {"a": 1}}'), JSON.parse('{"__proto__": {"a": 2}}'), 1, '__proto__.a: 1 before, 2 now'],
  [{ a: 'x'.repeat(300) }, { a: '' }, 1, `a: "${'x'.repeat(196)}… before, "" now`],
];

test.each(different)('%j and %j differ', (a, b, count, line) => {
  const found = compareResults(a, b);
  expect(found).toEqual({ allowed: [], count, first: [line] });
});

test('all fields are counted, twenty are said in their order', () => {
  const before = { a: Array.from({ length: 30 }, (_, i) => i), b: 1 };
  const { count, first } = compareResults(before, { a: before.a.map((x) => x + 1), b: 2 });
  expect(count).toBe(31);
  expect(first).toHaveLength(20);
  expect(first[19]).toBe('a.19: 19 before, 20 now');
});

const differing = { a: { b: [{ c: 1, d: [1] }], 'b.0': 1 }, axb: 1 };
const other = { a: { b: [{ c: 2, d: [2, 3] }], 'b.0': 2 }, axb: 2 };

test.each<[readonly string[], readonly string[], number]>([
  [[], [], 5],
  [['a.b[].c'], ['a.b[].c'], 4],
  [['a.b[].d'], ['a.b[].d'], 3],
  [['a.b[].d[]', 'a.b[].c'], ['a.b[].c', 'a.b[].d[]'], 2],
  [['a'], ['a'], 1],
  [['a.b'], ['a.b'], 1],
  [['a[]', 'b', 'c', 'a.b[].x', 'x'], [], 5],
])('with %j free to differ, %j do, and %i others', (mayDiffer, allowed, count) => {
  expect(compareResults(differing, other, mayDiffer)).toMatchObject({ allowed, count });
});

test('nesting is bounded by memory only', () => {
  const nested = (inner: string) => JSON.parse(`${'['.repeat(100_000)}${inner}${']'.repeat(100_000)}`);
  expect(compareResults(nested('1'), nested('1')).count).toBe(0);
  expect(compareResults(nested('1'), nested('2')).count).toBe(1);
});
