/** What the machine has free, from what the system says of itself. */
import os from 'node:os';
import process from 'node:process';
import { afterEach, expect, it, vi } from 'vitest';
import { freeMemory } from '../../src/core/free-memory.ts';

const GIB = 2 ** 30;
afterEach(() => vi.restoreAllMocks());

function machine(free: number, limit: number, platform: NodeJS.Platform = 'linux'): void {
  vi.spyOn(os, 'totalmem').mockReturnValue(16 * GIB);
  vi.spyOn(os, 'freemem').mockReturnValue(free);
  vi.spyOn(os, 'platform').mockReturnValue(platform);
  vi.spyOn(process, 'constrainedMemory').mockReturnValue(limit);
  vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(GIB);
}

it.each([
  ['no limit', 5 * GIB, 0, 5 * GIB],
  ['a limit beyond the machine, as unlimited groups have', 5 * GIB, 2 ** 60, 5 * GIB],
  ['a container that is smaller than what is free', 5 * GIB, 3 * GIB, 2 * GIB],
  ['a machine that is fuller than the container', GIB, 3 * GIB, GIB],
  ['a container that is full', 5 * GIB, GIB / 2, 0],
] as const)('%s', (_, free, limit, expected) => {
  machine(free, limit);
  expect(freeMemory()).toBe(expected);
});

it('macOS: half of the machine at least, since caches do not count as free there', () => {
  machine(GIB / 8, 0, 'darwin');
  expect(freeMemory()).toBe(8 * GIB);
  machine(9 * GIB, 0, 'darwin');
  expect(freeMemory()).toBe(9 * GIB);
});

it('of this machine: some, and no more than there is', () => {
  expect(freeMemory()).toBeGreaterThan(0);
  expect(freeMemory()).toBeLessThanOrEqual(os.totalmem());
});

it('nobody knows where there is no Node', () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  expect(freeMemory()).toBeNull();
});
