import { type Backend, BackendError, openBackend } from '../src/index.ts';

/** The backends that can run here, the baseline first, and a line for each that cannot. */
export interface Lanes {
  readonly backends: readonly Backend[];
  readonly skipped: readonly string[];
}

export async function openLanes(): Promise<Lanes> {
  const [wasm, ts] = [await openBackend({ kind: 'wasm' }), await openBackend({ kind: 'ts' })];
  try {
    return { backends: [wasm, ts, await openBackend({ kind: 'wasm-relaxed' })], skipped: [] };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { backends: [wasm, ts], skipped: [`relaxed SIMD: SKIPPED, Node ${process.versions.node} has it off`] };
  }
}
