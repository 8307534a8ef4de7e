import type { Backend } from '../backend/backend.ts';
import { type ChunkTask, sampleChunk } from '../fock/trajectory-statistics.ts';
import { type GridShare, resolventPoints, type SharedGrid } from '../linalg/resolvent/resolvent-grid-pool.ts';

/** Turns a payload of plain data into a result of plain data. */
export type Task = (payload: unknown) => unknown;

/** What workers can do: each task is made ready by what its payloads share. */
export const TASKS: Readonly<Record<string, (backend: Backend, shared: unknown) => Task>> = {
  resolventPoints: (backend, shared) => {
    const work = resolventPoints(backend, shared as SharedGrid);
    return (share) => work(share as GridShare);
  },
  sampleChunk: (backend) => (payload) => sampleChunk(backend, payload as ChunkTask),
};
