import { describe } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openBackend } from '../../src/backend/open.ts';
import { threadsHere } from '../../src/backend/threads.ts';
import { instantiateCore } from '../../src/backend/wasm/load.ts';

/** The two backends side by side, for tests that compare their bits; on one thread, where stale views die. */
export const tsBackend = await openBackend({ kind: 'ts' });
export const wasmBackend = await openBackend({ kind: 'wasm', threads: 1 });

/** Three threads that cut every call that can be cut, however small; null where memory cannot be shared. */
export const teamBackend =
  threadsHere(3).count === 3 ? await instantiateCore('wasm', threadsHere(3), Number.MIN_VALUE) : null;

/** TMECH_RELAXED=1 adds the relaxed binary, on engines that run it. */
const relaxed = import.meta.env.TMECH_RELAXED === '1' ? [await openBackend({ kind: 'wasm-relaxed', threads: 1 })] : [];
const backends: readonly Backend[] = [tsBackend, wasmBackend, ...relaxed];

/** Runs the same tests over every backend. */
export function eachBackend(title: string, body: (backend: Backend) => void): void {
  describe.each(backends.map((backend) => [backend.kind, backend] as const))(`${title} [%s]`, (_kind, backend) =>
    body(backend),
  );
}
