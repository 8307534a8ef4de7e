import { type Backend, BackendError, openBackend } from '../src/index.ts';

/** The backends that can run here, the baseline on one thread first, and a line for each that cannot. */
export interface Lanes {
  readonly backends: readonly Backend[];
  readonly skipped: readonly string[];
}

export async function openLanes(): Promise<Lanes> {
  const [wasm, ts] = [await openBackend({ kind: 'wasm', threads: 1 }), await openBackend({ kind: 'ts' })];
  const all = await openBackend({ kind: 'wasm' });
  const several = all.threads.count > 1;
  const backends = several ? [wasm, ts, all] : [wasm, ts];
  const skipped = several ? [] : [`threads: SKIPPED, there is one: ${all.threads.why}`];
  try {
    return { backends: [...backends, await openBackend({ kind: 'wasm-relaxed', threads: 1 })], skipped };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { backends, skipped: [...skipped, `relaxed SIMD: SKIPPED, Node ${process.versions.node} has it off`] };
  }
}
