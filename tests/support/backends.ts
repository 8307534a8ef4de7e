import { describe } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openBackend } from '../../src/backend/open.ts';

/** The two backends side by side, for tests that compare their bits. */
export const tsBackend = await openBackend({ kind: 'ts' });
export const wasmBackend = await openBackend({ kind: 'wasm' });

/** TMECH_RELAXED=1 adds the relaxed binary, on engines that run it. */
const relaxed = import.meta.env.TMECH_RELAXED === '1' ? [await openBackend({ kind: 'wasm-relaxed' })] : [];
const backends: readonly Backend[] = [tsBackend, wasmBackend, ...relaxed];

/** Runs the same tests over every backend. */
export function eachBackend(title: string, body: (backend: Backend) => void): void {
  describe.each(backends.map((backend) => [backend.kind, backend] as const))(`${title} [%s]`, (_kind, backend) =>
    body(backend),
  );
}
