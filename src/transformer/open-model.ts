import type { Backend, BackendKind } from '../backend/backend.ts';
import { openBackend } from '../backend/open.ts';
import type { Folder, ReadOptions } from './checkpoint/checkpoint.ts';
import { openCheckpoint } from './checkpoint/open-checkpoint.ts';
import { Model } from './model.ts';
import { loadWeights } from './weight-loader.ts';

/** Options of `openModel`. */
export interface OpenModelOptions extends ReadOptions {
  /** A backend to share, or the kind of a new one (default `auto`). Every model gets a memory of its own unless one is shared. */
  readonly backend?: Backend | BackendKind | 'auto';
}

/**
 * Opens a checkpoint folder and loads its weights.
 *
 * @throws FormatError, NonFiniteError if the folder is not a sound checkpoint of a supported family.
 * @throws CapacityError if the weights do not fit.
 */
export async function openModel(
  folder: Folder,
  { backend = 'auto', ...options }: OpenModelOptions = {},
): Promise<Model> {
  const checkpoint = await openCheckpoint(folder);
  const opened = typeof backend === 'string' ? await openBackend({ kind: backend }) : backend;
  const { weights, fingerprint } = await loadWeights(opened, checkpoint, options);
  return new Model(opened, checkpoint, weights, fingerprint);
}
