import type { Backend, BackendKind } from '../backend/backend.ts';
import { openBackend } from '../backend/open.ts';
import { DomainError } from '../core/errors.ts';
import type { Folder, ReadOptions } from './checkpoint/checkpoint.ts';
import { openCheckpoint } from './checkpoint/open-checkpoint.ts';
import { Model } from './model.ts';
import { loadWeights } from './weight-loader.ts';

/** Options of `openModel`. */
export interface OpenModelOptions extends ReadOptions {
  /** A backend to share, or the kind of a new one (default `auto`). Every model gets a memory of its own unless one is shared. */
  readonly backend?: Backend | BackendKind | 'auto';
  /**
   * Most bytes that the weights take, an eighth of it left free for activations. Matrices beyond stay in their files, and each is read again, to the
   * same bits, when it is needed: once in every sweep over the layers. The model says how much (`streamed`). Default: what the machine has free, or as much as
   * is needed at least; where files can only be waited for, as in pages, all weights are in memory.
   */
  readonly memory?: number | undefined;
}

/**
 * Opens a checkpoint folder and loads its weights.
 *
 * @throws FormatError, NonFiniteError if the folder is not a sound checkpoint of a supported family.
 * @throws CapacityError if the weights do not fit, or `memory` is too small for the largest layer, or files must be waited for (in pages).
 * @throws DomainError if `memory` is no positive whole number.
 */
export async function openModel(
  folder: Folder,
  { backend = 'auto', ...options }: OpenModelOptions = {},
): Promise<Model> {
  const { memory } = options;
  if (memory !== undefined && !(Number.isSafeInteger(memory) && memory > 0))
    throw new DomainError(`openModel: memory must be a positive whole number of bytes, but it is ${memory}.`);
  const checkpoint = await openCheckpoint(folder);
  const opened = typeof backend === 'string' ? await openBackend({ kind: backend }) : backend;
  const { weights, fingerprint, streaming } = await loadWeights(opened, checkpoint, options);
  return new Model(opened, checkpoint, weights, fingerprint, streaming);
}
