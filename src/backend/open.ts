import { BackendError } from '../core/errors.ts';
import type { Backend, BackendKind } from './backend.ts';
import { twinBackend } from './twin.ts';
import { instantiateCore } from './wasm/load.ts';

/** Options of `openBackend`. */
export interface OpenBackendOptions {
  /**
   * `auto` (default) takes baseline WebAssembly and falls back to TypeScript where WebAssembly SIMD is missing; the
   * result says which. The relaxed binary's bits depend on the machine, so only an explicit `wasm-relaxed` takes it.
   */
  readonly kind?: BackendKind | 'auto';
}

/**
 * Opens a backend with a memory of its own.
 *
 * @throws BackendError if the kind that was asked for cannot run here.
 * @example
 * const backend = await openBackend();
 * backend.kind; // 'wasm'
 */
export async function openBackend({ kind = 'auto' }: OpenBackendOptions = {}): Promise<Backend> {
  if (kind === 'ts') return twinBackend();
  if (kind === 'wasm' || kind === 'wasm-relaxed') return instantiateCore(kind);
  if (kind !== 'auto') {
    throw new BackendError(`openBackend: kind must be auto, wasm, wasm-relaxed or ts, but it is ${String(kind)}.`);
  }
  try {
    return await instantiateCore('wasm');
  } catch (error) {
    if (error instanceof BackendError) return twinBackend();
    throw error;
  }
}
