import { DomainError, ShapeError } from '../core/errors.ts';
import { notAmong } from '../core/names.ts';
import type { StageSource } from './analyse.ts';
import { QLENS_DEFAULTS } from './defaults.ts';
import { groupedStages } from './look-ahead.ts';
import type { StageLaw, StageLogits } from './stage-state.ts';

/** An array of numbers from a file, row-major. The arrays of `formats` are of this form. */
export interface StageArray {
  /** Name in its file: the stage, where the array holds one. */
  readonly name: string;
  /** Length of each axis: [V] or [N, V] of a stage, [S, V] or [N, S, V] of all. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: ArrayLike<number | bigint>;
  /** Whether elements are complex, which is refused. */
  readonly complex?: boolean;
}

/** What the rows of an array are. */
export type LawKind = 'logits' | 'probabilities';

/** How logits are made of rows, for example by a lens of hidden states. */
export interface RowsToLogits {
  /** Logits of a row. */
  readonly units: number;
  /** Rows that are given at once, at most. */
  readonly most: number;
  /** Logits of some rows of one prediction, one after another. */
  readonly logitsOf: (rows: readonly (Float64Array | Float32Array)[]) => Float64Array | Float32Array;
}

/** Options of `sourcesFromArrays`. */
export interface StageArrayOptions {
  /** What a row is, or how logits are made of rows. */
  readonly rows: LawKind | RowsToLogits;
  /** Names of the arrays to take, first stage to last. Default all, in the order of the file. */
  readonly names?: readonly string[];
  /** How far the sum of probabilities may be from 1. Default 1e-6; loosen it for half precision. */
  readonly tolerance?: number;
}

/**
 * Predictions from arrays that another program wrote.
 *
 * Several arrays are the stages, each [V] (one prediction) or [N, V] (N of them). One array alone is all stages: [S, V] or [N, S, V];
 * they are called `stage.0`, `stage.1`, ….
 *
 * @returns N sources; logits are made when they are asked for.
 * @throws ShapeError or DomainError naming the array.
 */
export function sourcesFromArrays(
  arrays: readonly StageArray[],
  { rows, names, tolerance = QLENS_DEFAULTS.sumTolerance }: StageArrayOptions,
): StageSource[] {
  const where = 'sourcesFromArrays';
  if (typeof rows === 'string' && rows !== 'logits' && rows !== 'probabilities') {
    throw new DomainError(
      `${where}: rows must be logits, probabilities or a way to logits, but it is ${String(rows)}.`,
    );
  }
  const stages = stagesOf(where, chosen(where, arrays, names));
  const first = stages[0]!;
  const other = stages.find(({ count, width }) => count !== first.count || width !== first.width);
  if (other !== undefined) {
    throw new ShapeError(
      `${where}: all stages must hold ${first.count}×${first.width} numbers like '${first.name}', but '${other.name}' holds ${other.count}×${other.width}.`,
    );
  }
  const stageNames = stages.map(({ name }) => name);
  const answer = (row: Float64Array | Float32Array): StageLogits | StageLaw =>
    rows === 'logits' ? row : { law: row, tolerance };
  return Array.from({ length: first.count }, (_, prediction) => {
    const rowOf = (stage: number) => stages[stage]!.row(prediction);
    if (typeof rows === 'string') return { names: stageNames, logitsOf: (stage) => answer(rowOf(stage)) };
    const { units, most } = rows;
    return groupedStages({ names: stageNames, units, most, look: (some) => rows.logitsOf(some.map(rowOf)) });
  });
}

function chosen(where: string, arrays: readonly StageArray[], names?: readonly string[]): readonly StageArray[] {
  const taken =
    names?.map((name) => {
      const array = arrays.find((candidate) => candidate.name === name);
      if (array !== undefined) return array;
      const there = arrays.map((candidate) => candidate.name);
      throw new DomainError(`${where}: names must be names of arrays, but ${notAmong(name, there, 'arrays')}.`);
    }) ?? arrays;
  if (taken.length === 0) throw new ShapeError(`${where}: arrays must hold at least one array, but there is none.`);
  const complex = taken.find((array) => array.complex === true);
  if (complex === undefined) return taken;
  throw new DomainError(`${where}: arrays must be real, but '${complex.name}' is complex.`);
}

/** One stage: `count` rows of `width` numbers. */
interface Stage {
  readonly name: string;
  readonly count: number;
  readonly width: number;
  readonly row: (prediction: number) => Float64Array | Float32Array;
}

function stagesOf(where: string, arrays: readonly StageArray[]): Stage[] {
  if (arrays.length > 1) {
    return arrays.map((array) => {
      const [count, width] = array.shape.length === 1 ? [1, array.shape[0]!] : array.shape;
      if (array.shape.length < 1 || array.shape.length > 2) throw wrongAxes(where, array, '[V] or [N, V]');
      checkSizes(where, array);
      return { name: array.name, count: count!, width: width!, row: (i) => numbersOf(array, i * width!, width!) };
    });
  }
  const array = arrays[0]!;
  if (array.shape.length < 2 || array.shape.length > 3) throw wrongAxes(where, array, '[S, V] or [N, S, V]');
  checkSizes(where, array);
  const [width, stages, count = 1] = [...array.shape].reverse() as [number, number, number?];
  return Array.from({ length: stages }, (_, stage) => ({
    name: `stage.${stage}`,
    count,
    width,
    row: (i) => numbersOf(array, (i * stages + stage) * width, width),
  }));
}

function wrongAxes(where: string, { name, shape }: StageArray, wanted: string): ShapeError {
  return new ShapeError(`${where}: array '${name}' must have the shape ${wanted}, but it has [${shape.join(', ')}].`);
}

function checkSizes(where: string, { name, shape, data }: StageArray): void {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements === data.length && elements > 0) return;
  throw new ShapeError(
    `${where}: array '${name}' must have numbers for its shape [${shape.join(', ')}], at least one, but it has ${data.length}.`,
  );
}

/** f32 stays f32; everything else becomes f64. */
function numbersOf({ data }: StageArray, start: number, length: number): Float64Array | Float32Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data.subarray(start, start + length);
  return Float64Array.from({ length }, (_, i) => Number(data[start + i]!));
}
