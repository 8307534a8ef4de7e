import { type Imports, instantiate } from '@assemblyscript/loader';
import { BackendError, CapacityError } from '../../core/errors.ts';
import type { Backend, BackendKind } from '../backend.ts';
import type { CoreExports } from './generated/abi.ts';
import { CORE_BASE64, CORE_RELAXED_BASE64 } from './generated/binaries.ts';
import { Heap, MAX_PAGES } from './heap.ts';
import { wasmKernels } from './wasm-kernels.ts';
import { WasmMemory } from './wasm-memory.ts';

type WasmKind = Exclude<BackendKind, 'ts'>;

/** Version of the kernels' signatures this host was written against; assembly/index.ts exports the same number. */
const ABI_VERSION = 8;
const INITIAL_PAGES = 16;

const BINARIES: Readonly<Record<WasmKind, string>> = { wasm: CORE_BASE64, 'wasm-relaxed': CORE_RELAXED_BASE64 };
const compiled = new Map<WasmKind, Promise<WebAssembly.Module>>();

/** Compiles the inlined binary once per kind. @throws BackendError if the engine refuses it. */
export function compileCore(kind: WasmKind): Promise<WebAssembly.Module> {
  let module = compiled.get(kind);
  if (module === undefined) {
    module = compile(kind);
    compiled.set(kind, module);
  }
  return module;
}

async function compile(kind: WasmKind): Promise<WebAssembly.Module> {
  const bytes = Uint8Array.from(atob(BINARIES[kind]), (character) => character.charCodeAt(0));
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) {
    const feature = kind === 'wasm' ? 'WebAssembly SIMD' : 'relaxed WebAssembly SIMD (Node 22 or newer)';
    throw new BackendError(
      `openBackend: the engine must support ${feature}, but it does not. Use kind 'auto' or 'ts'.`,
    );
  }
  return WebAssembly.compile(bytes);
}

/** A fresh instance with a memory of its own. */
export async function instantiateCore(kind: WasmKind): Promise<Backend> {
  const module = await compileCore(kind);
  const memory = openMemory();
  const { exports } = await instantiate<CoreExports>(module, { env: { memory } } as Imports);
  if (exports.ABI_VERSION.value !== ABI_VERSION) {
    throw new BackendError(
      `openBackend: the core must have ABI ${ABI_VERSION}, but it has ${exports.ABI_VERSION.value}. Rebuild with npm run build.`,
    );
  }
  return { kind, memory: new WasmMemory(new Heap(memory, exports.heapBase())), kernels: wasmKernels(exports) };
}

/** @throws CapacityError where the machine refuses even to reserve addresses. */
function openMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES });
  } catch (error) {
    throw new CapacityError(
      `openBackend: the machine must let 4 GiB of addresses be reserved, but it refused (${(error as Error).message}). Use kind 'ts'.`,
    );
  }
}
