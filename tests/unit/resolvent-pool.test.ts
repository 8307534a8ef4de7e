import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConvergenceError } from '../../src/core/errors.ts';
import { resolventGrid } from '../../src/linalg/resolvent/resolvent-grid.ts';
import { resolventGridOn } from '../../src/linalg/resolvent/resolvent-grid-pool.ts';
import type { WorkerPool } from '../../src/parallel/index.ts';
import { wasmBackend as backend } from '../support/backends.ts';
import { grcar, randomComplex } from '../support/gallery.ts';
import { testPool } from '../support/pool.ts';

describe('resolventGridOn', () => {
  let pool: WorkerPool;
  beforeAll(async () => {
    pool = await testPool({ workers: 2, kind: 'wasm' });
  });
  afterAll(() => pool.close());

  it.each([
    ['complex', randomComplex(20, 3), { nRe: 23, nIm: 17 }],
    ['real, mirrored', grcar(15), { re: [-1, 3], im: [-3, 3], nRe: 11, nIm: 9, tolerance: 1e-8 }],
    ['few points', randomComplex(4, 1), { re: [-1, 1], im: [0, 1], nRe: 2, nIm: 3 }],
  ] as const)('gives the bits of resolventGrid: %s', async (_name, a, options) => {
    const done: number[] = [];
    const grid = await resolventGridOn(pool, backend, a, { ...options, onProgress: (count) => done.push(count) });
    expect(grid).toEqual(resolventGrid(backend, a, options));
    expect(done).toEqual(done.toSorted((x, y) => x - y));
    expect(done.length).toBeGreaterThan(1);
  });

  it('reports or throws where steps run out, and stops when told to', async () => {
    const a = randomComplex(20, 1);
    const short = { nRe: 6, nIm: 6, maxSteps: 3, tolerance: 1e-10 } as const;
    const { unconverged } = await resolventGridOn(pool, backend, a, { ...short, onFailure: 'report' });
    expect(unconverged).toBe(resolventGrid(backend, a, { ...short, onFailure: 'report' }).unconverged);
    expect(unconverged).toBeGreaterThan(0);
    await expect(resolventGridOn(pool, backend, a, short)).rejects.toMatchObject({ name: ConvergenceError.name });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(resolventGridOn(pool, backend, a, { signal })).rejects.toThrow('enough');
  });
});
