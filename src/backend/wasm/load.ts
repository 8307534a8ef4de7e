import { type Imports, instantiate } from '@assemblyscript/loader';
import { BackendError, CapacityError } from '../../core/errors.ts';
import type { Backend, BackendKind } from '../backend.ts';
import type { Threads } from '../threads.ts';
import type { CoreExports } from './generated/abi.ts';
import { CORE_BASE64, CORE_RELAXED_BASE64 } from './generated/binaries.ts';
import { Heap, MAX_PAGES } from './heap.ts';
import { LEAST_WORK, teamKernels } from './team/cut.ts';
import { CUTS } from './team/cuts.ts';
import { withSharedMemory } from './team/shared-import.ts';
import { Space } from './team/space.ts';
import { Team } from './team/team.ts';
import { wasmKernels } from './wasm-kernels.ts';
import { WasmMemory } from './wasm-memory.ts';

type WasmKind = Exclude<BackendKind, 'ts'>;

/** Version of the kernels' signatures this host was written against; assembly/index.ts exports the same number. */
const ABI_VERSION = 9;
const INITIAL_PAGES = 16;

const BINARIES: Readonly<Record<WasmKind, string>> = { wasm: CORE_BASE64, 'wasm-relaxed': CORE_RELAXED_BASE64 };
const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** Compiles the inlined binary once per kind, for a memory of its own or one that threads share. @throws BackendError if the engine refuses it. */
function compileCore(kind: WasmKind, shared: boolean): Promise<WebAssembly.Module> {
  const key = `${kind} ${shared}`;
  let module = compiled.get(key);
  if (module === undefined) {
    module = compile(kind, shared);
    compiled.set(key, module);
  }
  return module;
}

async function compile(kind: WasmKind, shared: boolean): Promise<WebAssembly.Module> {
  const inlined = Uint8Array.from(atob(BINARIES[kind]), (character) => character.charCodeAt(0));
  const bytes = shared ? withSharedMemory(inlined) : inlined;
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) {
    const feature = kind === 'wasm' ? 'WebAssembly SIMD' : 'relaxed WebAssembly SIMD (Node 22 or newer)';
    throw new BackendError(
      `openBackend: the engine must support ${feature}, but it does not. Use kind 'auto' or 'ts'.`,
    );
  }
  return WebAssembly.compile(bytes);
}

/**
 * A fresh instance with a memory of its own, and its team of threads if there are several.
 *
 * @param leastWork that a thread is given.
 */
export async function instantiateCore(kind: WasmKind, threads: Threads, leastWork = LEAST_WORK): Promise<Backend> {
  const shared = threads.count > 1;
  const module = await compileCore(kind, shared);
  const memory = openMemory(shared);
  const { exports } = await instantiate<CoreExports>(module, { env: { memory } } as Imports);
  if (exports.ABI_VERSION.value !== ABI_VERSION) {
    throw new BackendError(
      `openBackend: the core must have ABI ${ABI_VERSION}, but it has ${exports.ABI_VERSION.value}. Rebuild with npm run build.`,
    );
  }
  const heap = new Heap(memory, exports.heapBase());
  const blocks = new WasmMemory(heap);
  const alone = wasmKernels(exports);
  if (!shared) return { kind, memory: blocks, kernels: alone, threads, close: () => {} };
  const team = new Team(module, memory, exports, threads.count);
  return {
    kind,
    memory: blocks,
    kernels: teamKernels(
      { alone, recorded: wasmKernels(team.recorder), space: new Space(heap) },
      CUTS,
      team,
      leastWork,
    ),
    get threads() {
      return team.fewer === null ? threads : { count: team.size, why: team.fewer };
    },
    close: () => team.close(),
  };
}

/** @throws CapacityError where the machine refuses even to reserve addresses. */
function openMemory(shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES, shared });
  } catch (error) {
    throw new CapacityError(
      `openBackend: the machine must let 4 GiB of addresses be reserved, but it refused (${(error as Error).message}). Use kind 'ts'.`,
    );
  }
}
