import { describe } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openBackend } from '../../src/backend/open.ts';

const backends: readonly Backend[] = [await openBackend({ kind: 'ts' }), await openBackend({ kind: 'wasm' })];

/** Runs the same tests over both backends. */
export function eachBackend(title: string, body: (backend: Backend) => void): void {
  describe.each(backends.map((backend) => [backend.kind, backend] as const))(`${title} [%s]`, (_kind, backend) =>
    body(backend),
  );
}

/** The two backends side by side, for tests that compare their bits. */
export const [tsBackend, wasmBackend] = backends as readonly [Backend, Backend];
