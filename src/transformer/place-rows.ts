import type { Backend } from '../backend/backend.ts';
import { FormatError } from '../core/errors.ts';
import type { TensorRows } from './checkpoint/checkpoint.ts';
import type { ResidentMatrix, StagedRows } from './resident-matrix.ts';
import type { PackedBlock } from './shared-blocks.ts';
import { rowRuns } from './stored-rows.ts';
import type { WeightSlot } from './weight-slots.ts';

/** Copies or packs one chunk to where it belongs; matrices to `blockOf` where it is given. */
export function placeRows(
  backend: Backend,
  slots: ReadonlyMap<string, WeightSlot>,
  staged: StagedRows,
  { tensor, firstRow, rows }: TensorRows,
  blockOf: ((matrix: ResidentMatrix) => PackedBlock) | null = null,
): void {
  const slot = slots.get(tensor.name);
  if (slot === undefined) {
    throw new FormatError(`loadWeights: ${tensor.name} must belong to the model, but it has no place in it.`, {
      source: tensor.file,
      field: tensor.name,
    });
  }
  const { wide } = staged;
  switch (slot.layout) {
    case 'vector':
      for (const { part, at, count, target } of rowRuns(slot.place, firstRow, rows))
        slot.parts[part]!.part(target, count).view().set(wide.part(at, count).view());
      break;
    case 'norm': {
      const [to, from] = [slot.block.view(), wide.view()];
      const first = firstRow * (from.length / rows);
      for (let i = 0; i < from.length; i++) to[slot.place?.(first + i).target ?? first + i] = from[i]! + slot.offset;
      break;
    }
    case 'rows': {
      const { block, width, skip } = slot;
      const from = Math.max(firstRow, skip);
      const to = Math.min(firstRow + rows, skip + block.length / width);
      if (from < to)
        block
          .part((from - skip) * width, (to - from) * width)
          .view()
          .set(wide.part((from - firstRow) * width, (to - from) * width).view());
      break;
    }
    case 'in-out': {
      let column = 0;
      for (const matrix of slot.parts) {
        matrix.packRows(backend, staged, firstRow, rows, column, blockOf?.(matrix));
        column += matrix.n;
      }
      break;
    }
    case 'out-in':
      for (const { part, at, count, target } of rowRuns(slot.place, firstRow, rows)) {
        const matrix = slot.parts[part]!;
        matrix.packColumns(backend, staged, at, count, target, blockOf?.(matrix));
      }
  }
}
