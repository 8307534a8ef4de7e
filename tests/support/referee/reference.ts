import { FormatError } from '../../../src/core/errors.ts';
import type { Folder } from '../../../src/transformer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../src/transformer/checkpoint/open-checkpoint.ts';
import { fromBase64 } from '../base64.ts';
import { storedBytes } from '../stored-floats.ts';
import { jsonBytes, memoryFolder, type StoredBytes, safetensorsFile } from '../tiny-checkpoint.ts';
import { sizeOf } from './finding.ts';
import type { Expected } from './points.ts';

/** A file of validator/references: the models of one family (validator/README.md). */
export interface FamilyReference {
  readonly family: string;
  readonly transformers: string;
  readonly torch: string;
  /** Weights are in units of 1/grid. */
  readonly grid: number;
  readonly cases: readonly CaseReference[];
}

/** One model with one pass over it. */
export interface CaseReference {
  readonly name: string;
  /** config.json by spelling. */
  readonly configs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Spellings that transformers reads as something else. */
  readonly unread?: Readonly<Record<string, string>>;
  /** What transformers does otherwise by itself. */
  readonly note?: string;
  readonly ids: readonly number[];
  readonly tensors: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly spares?: readonly (readonly [name: string, dtype: string, shape: readonly number[]])[];
  readonly weights: string;
  readonly points: Readonly<Record<string, readonly [shape: readonly number[], data: string]>>;
}

const BYTES: Readonly<Record<string, number>> = { F32: 4, I64: 8, U8: 1 };

/** Types in which weights in units of 1/64 are exact; each spelling of config.json takes another. */
const TYPES = ['BF16', 'F32', 'F16'] as const;

/** The checkpoint of a case. */
export function referenceFolder({ grid }: FamilyReference, reference: CaseReference, spelling: string): Folder {
  const units = new Int8Array(fromBase64(reference.weights).buffer);
  const dtype = TYPES[Object.keys(reference.configs).indexOf(spelling) % TYPES.length]!;
  let at = 0;
  const tensors = reference.tensors.map(([name, shape]): StoredBytes => {
    const values = Float32Array.from(units.subarray(at, (at += count(shape))), (unit) => unit / grid);
    return { name, dtype, shape, bytes: storedBytes(dtype, values) };
  });
  const spares = (reference.spares ?? []).map(([name, dtype, shape]): StoredBytes => {
    return { name, dtype, shape, bytes: new Uint8Array(count(shape) * BYTES[dtype]!) };
  });
  const files = new Map([
    ['config.json', jsonBytes(reference.configs[spelling])],
    ['model.safetensors', safetensorsFile([...tensors, ...spares])],
  ]);
  return memoryFolder(files, reference.name);
}

/** The numbers of every point, by name. */
export function referencePoints({ points }: CaseReference): ReadonlyMap<string, Expected> {
  return new Map(
    Object.entries(points).map(([name, [, data]]) => {
      const numbers = new Float64Array(fromBase64(data).buffer);
      return [name, { size: numbers.length, stride: 1, scale: sizeOf(numbers), numbers }];
    }),
  );
}

/** Whether the reader has a family for the `model_type` of a spelling; what it says of the rest is for the comparison to find. */
export async function isSupported(
  family: FamilyReference,
  reference: CaseReference,
  spelling: string,
): Promise<boolean> {
  try {
    await openCheckpoint(referenceFolder(family, reference, spelling));
  } catch (error) {
    return !(error instanceof FormatError && /\bmodel_type in config.json must be one of/.test(error.message));
  }
  return true;
}

function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
