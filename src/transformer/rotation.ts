import type { Allocator, Block } from '../backend/memory.ts';
import { frequenciesOf, type RotaryTable, type TransformerConfig } from './config.ts';
import type { Model } from './model.ts';

/** cos and sin, times the table's factor, of the angles of some rows: rows×R/2. */
export interface Rotation {
  readonly cos: Block<'f64'>;
  readonly sin: Block<'f64'>;
  /** R: coordinates of every head that turn. */
  readonly width: number;
}

/**
 * What turns the queries and keys of each layer; null where nothing does. Layers with one table share their angles.
 *
 * @param length of the whole sequence that the rows are part of
 */
export function rotationsOf(
  model: Pick<Model, 'backend' | 'config'>,
  positions: readonly number[],
  length: number,
  memory: Allocator,
): readonly (Rotation | null)[] {
  const { config } = model;
  const made = new Map<RotaryTable, Rotation>();
  return tablesOf(config).map((table) => {
    if (table === null) return null;
    const rotation =
      made.get(table) ?? rotationOf(model, frequenciesOf(table, length), table.factor, positions, memory);
    made.set(table, rotation);
    return rotation;
  });
}

function tablesOf({ positions, L }: TransformerConfig): readonly (RotaryTable | null)[] {
  return positions.kind === 'rotary' ? positions.layers : new Array<null>(L).fill(null);
}

function rotationOf(
  { backend }: Pick<Model, 'backend'>,
  frequencies: Float64Array,
  factor: number,
  positions: readonly number[],
  memory: Allocator,
): Rotation {
  const { kernels } = backend;
  const half = frequencies.length;
  const length = positions.length * half;
  const [frequency, cos, sin] = [half, length, length].map((size) => memory.allocate('f64', size)) as [
    Block<'f64'>,
    Block<'f64'>,
    Block<'f64'>,
  ];
  frequency.view().set(frequencies);
  for (const { row, count, first } of runsOf(positions)) {
    const part = (block: Block<'f64'>) => block.part(row * half, count * half);
    kernels.ropeTable({ frequency, cosTable: part(cos), sinTable: part(sin), first, T: count, half });
  }
  if (factor !== 1) for (const table of [cos, sin]) table.view().set(table.view().map((value) => value * factor));
  return { cos, sin, width: 2 * half };
}

/** Cuts positions into runs of neighbours first, first + 1, …. */
export function* runsOf(positions: readonly number[]): Generator<{ row: number; count: number; first: number }> {
  for (let row = 0, end = 0; row < positions.length; row = end) {
    const first = positions[row]!;
    while (end < positions.length && positions[end] === first + end - row) end++;
    yield { row, count: end - row, first };
  }
}
