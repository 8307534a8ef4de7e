import type { Backend } from '../backend/backend.ts';
import { type ChunkTask, sampleChunk } from '../fock/trajectory-statistics.ts';
import { type GridShare, resolventPoints, type SharedGrid } from '../linalg/resolvent/resolvent-grid-pool.ts';

/** Turns a payload of plain data into a result of plain data, calling `working` after each of its kernel calls. */
export type Task = (payload: unknown, working: () => void) => unknown;

/** What workers can do: each task is made ready by what its payloads share. */
export const TASKS: Readonly<Record<string, (backend: Backend, shared: unknown) => Task>> = {
  resolventPoints: (backend, shared) => {
    const work = resolventPoints(backend, shared as SharedGrid);
    return (share, working) => work(share as GridShare, working);
  },
  sampleChunk: (backend) => (payload, working) => sampleChunk(backend, payload as ChunkTask, working),
};
