/**
 * The core as a module that imports a shared memory. Its code is the same with either: it holds no atomic instruction and keeps no state of its own in
 * memory, so the limits of the imported memory are all that differs (WebAssembly core specification, 5.5.5; threads proposal, limits flag 3).
 */
import { BackendError } from '../../../core/errors.ts';

/** Import section of the core: one entry, env.memory, a memory from one page on. */
const IMPORT = [2, 15, 1, 3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2, 0, 1];
const SHARED_IMPORT = [2, 18, ...IMPORT.slice(2, 15), 3, 1, 255, 255, 3];

/** The binary with a shared memory of up to 65,535 pages as its import. */
export function withSharedMemory(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = importSection(binary);
  const shared = new Uint8Array(binary.length + SHARED_IMPORT.length - IMPORT.length);
  shared.set(binary.subarray(0, at));
  shared.set(SHARED_IMPORT, at);
  shared.set(binary.subarray(at + IMPORT.length), at + SHARED_IMPORT.length);
  return shared;
}

/** Where the import section begins: behind the magic number, the version and the section of types. */
function importSection(binary: Uint8Array): number {
  let at = 9;
  let size = 0;
  for (let shift = 0, more = true; more; shift += 7) {
    const byte = binary[at++]!;
    size |= (byte & 127) << shift;
    more = byte > 127;
  }
  at += size;
  if (IMPORT.every((byte, i) => binary[at + i] === byte)) return at;
  throw new BackendError(
    'openBackend: the core must import one memory alone, but it does not. Rebuild with npm run build.',
  );
}
