/** The fuzzer finds what it is there to find. */
import { expect, test } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { CaseRandom } from './random.ts';
import { runCase } from './run-case.ts';
import type { Target } from './target.ts';

const meter = (bytes: number) => ({ take: () => bytes });
const reading = (read: Target['read'], more: Partial<Target> = {}): Target => ({
  name: 't',
  make: () => 0,
  read,
  ...more,
});
const faultOf = async (target: Target, bytes = 0) => (await runCase(target, 1, 2, meter(bytes))).fault;

test('results and errors of this package are no faults, anything else is', async () => {
  const refuse = () => {
    throw new DomainError('no');
  };
  const fall = () => {
    throw new TypeError('x of undefined');
  };
  expect(await faultOf(reading(() => 1))).toBeNull();
  expect(await faultOf(reading(refuse))).toBeNull();
  expect(await faultOf(reading(refuse, { answers: 'all' }))).toContain('refused what has a result: no');
  expect(await faultOf(reading(fall))).toContain('threw TypeError: x of undefined');
  expect(await faultOf(reading(async () => fall()))).toContain('threw TypeError');
  expect(await faultOf(reading(fall, { refuses: (error) => error instanceof TypeError }))).toBeNull();
  expect(
    await faultOf(
      reading(() => 1),
      2 ** 26 + 1,
    ),
  ).toBe('asked for 67108865 bytes');
});

test('a case can be made again, and others differ', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, k) => k);
  const make = (seed: number, number: number) => mutateBytes(new CaseRandom(seed, 't', number), bytes);
  expect(make(1, 7)).toEqual(make(1, 7));
  const different = new Set(Array.from({ length: 200 }, (_, number) => make(1, number).join()));
  expect(different.size).toBeGreaterThan(150);
  expect(make(2, 7)).not.toEqual(make(1, 7));
  expect(bytes).toEqual(Uint8Array.from({ length: 100 }, (_, k) => k));
});

test('JSON is changed in many ways, the value given never', () => {
  const value = { a: [1, 2, { b: 'c' }], d: null };
  const found = new Set(
    Array.from({ length: 300 }, (_, number) => JSON.stringify(mutateJson(new CaseRandom(1, 't', number), value))),
  );
  expect(found.size).toBeGreaterThan(200);
  expect(value).toEqual({ a: [1, 2, { b: 'c' }], d: null });
});
