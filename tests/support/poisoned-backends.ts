import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** What a backend's module gets where it imports its memory. */
const INSTEAD = [
  { importer: 'src/backend/wasm/load.ts', memory: './heap.ts', instead: './poisoned-heap.ts' },
  { importer: 'src/backend/twin.ts', memory: './ts/ts-memory.ts', instead: './poisoned-ts-memory.ts' },
];

/** Opens every backend on poisoned memory. */
export const poisonedBackends: Plugin = {
  name: 'poisoned-backends',
  enforce: 'pre',
  resolveId(source, importer) {
    const found = INSTEAD.find(({ importer: end, memory }) => source === memory && importer?.endsWith(end));
    return found && fileURLToPath(new URL(found.instead, import.meta.url));
  },
};
