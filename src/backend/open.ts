import { BackendError } from '../core/errors.ts';
import type { Backend, BackendKind } from './backend.ts';
import { threadsHere } from './threads.ts';
import { twinBackend } from './twin.ts';
import { instantiateCore } from './wasm/load.ts';

/** Options of `openBackend`. */
export interface OpenBackendOptions {
  /**
   * `auto` (default) takes baseline WebAssembly and falls back to TypeScript where WebAssembly SIMD is missing; the
   * result says which. The relaxed binary's bits depend on the machine, so only an explicit `wasm-relaxed` takes it.
   */
  readonly kind?: BackendKind | 'auto';
  /**
   * Threads that large calls run on, the caller's included, up to 64; default one for each processor. One where memory cannot be shared (a page that
   * is not cross-origin isolated), on a page's own thread, which may not wait, and for `ts`: {@link Backend.threads} says how many and why. The bits are the same with
   * any number.
   */
  readonly threads?: number;
}

/**
 * Opens a backend with a memory of its own.
 *
 * @throws BackendError if the kind that was asked for cannot run here; DomainError for a number of threads below 1 or above 64.
 * @example
 * const backend = await openBackend();
 * backend.kind; // 'wasm'
 */
export async function openBackend({ kind = 'auto', threads }: OpenBackendOptions = {}): Promise<Backend> {
  const here = threadsHere(threads);
  if (kind === 'ts') return twinBackend();
  if (kind === 'wasm' || kind === 'wasm-relaxed') return instantiateCore(kind, here);
  if (kind !== 'auto') {
    throw new BackendError(`openBackend: kind must be auto, wasm, wasm-relaxed or ts, but it is ${String(kind)}.`);
  }
  try {
    return await instantiateCore('wasm', here);
  } catch (error) {
    if (error instanceof BackendError) return twinBackend();
    throw error;
  }
}
