import { type Backend, transformer } from '../../../src/index.ts';
import { fromBase64 } from '../base64.ts';
import type { Comparison } from './compare.ts';
import { compareGreedy, type GreedyReference } from './greedy.ts';
import { comparePoints, type Expected } from './points.ts';

/** A row of validator/real.json: a published checkpoint. */
export interface RealCheckpoint {
  readonly name: string;
  /** Where it lies under TMECH_CHECKPOINTS. */
  readonly folder: string;
  /** The file with the weights. */
  readonly file: string;
  readonly revision: string;
  readonly bytes: number;
  /** Of the file. */
  readonly sha256: string;
  readonly licence: string;
  /** Shell commands that put it there, where there is a network. */
  readonly fetch: string;
}

/** A file of validator/real: one pass over the checkpoint, some numbers of every point. */
export interface RealReference {
  readonly transformers: string;
  readonly torch: string;
  readonly ids: readonly number[];
  readonly points: Readonly<
    Record<string, { readonly size: number; readonly stride: number; readonly largest: number; readonly data: string }>
  >;
  /** Where the model has a head. */
  readonly greedy?: readonly GreedyReference[];
}

/** The checkpoint below `root` against its reference. @throws Error if its file is another one. */
export async function compareReal(
  backend: Backend,
  root: string,
  { folder, file, sha256 }: RealCheckpoint,
  reference: RealReference,
): Promise<Comparison> {
  const path = file.endsWith('.gguf') ? `${root}/${folder}/${file}` : `${root}/${folder}`;
  const model = await transformer.openModel(await transformer.openNodeFolder(path), { backend });
  try {
    if (model.fingerprint[file] !== sha256) throw new Error(`${file} has another SHA-256: ${model.fingerprint[file]}.`);
    const { logProbabilities = null, ...points } = Object.fromEntries(
      Object.entries(reference.points).map(([name, { size, stride, largest, data }]): [string, Expected] => [
        name,
        { size, stride, scale: largest, numbers: new Float64Array(fromBase64(data).buffer) },
      ]),
    );
    const findings = comparePoints(model, reference.ids, new Map(Object.entries(points)), logProbabilities);
    const texts = (reference.greedy ?? []).flatMap((text) => compareGreedy(model, text));
    return { findings: [...findings, ...texts], warnings: model.warnings };
  } finally {
    model.release();
  }
}
