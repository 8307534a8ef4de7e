import type { Backend } from '../backend/backend.ts';
import { type ChunkTask, sampleChunk } from '../fock/trajectory-statistics.ts';
import { type GridTask, resolventPoints } from '../linalg/resolvent-grid-pool.ts';

/** What workers can do: each task turns a payload of plain data into a result of plain data. */
export const TASKS: Readonly<Record<string, (backend: Backend, payload: unknown) => unknown>> = {
  resolventPoints: (backend, payload) => resolventPoints(backend, payload as GridTask),
  sampleChunk: (backend, payload) => sampleChunk(backend, payload as ChunkTask),
};
