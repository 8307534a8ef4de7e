import type { Backend } from '../backend/backend.ts';
import {
  blockOf,
  type PackedWeights,
  packedShape,
  scratchLength,
  type WeightFormat,
} from '../backend/contract/weights.ts';
import type { Allocator, Block } from '../backend/memory.ts';
import { BackendError } from '../core/errors.ts';

/** Rows of a stored matrix in a backend's memory: as f32, and as they were stored. */
export interface StagedRows {
  /** How they were stored. */
  readonly format: WeightFormat;
  /** Their elements, row after row. */
  readonly wide: Block<'f32'>;
  /** The same in the stored type; null for F32. */
  readonly raw: Block<'u16'> | Block<'u8'> | null;
}

/** A K×N matrix whose memory is taken once it is known how its elements are stored. */
export class ResidentMatrix implements PackedWeights {
  /** Inputs. */
  readonly k: number;
  /** Outputs. */
  readonly n: number;
  #packed: PackedWeights | null = null;

  constructor(k: number, n: number) {
    this.k = k;
    this.n = n;
  }

  /** Elements of the matrix. */
  get length(): number {
    return this.k * this.n;
  }

  /** @throws BackendError before {@link allocate}. */
  get block(): PackedWeights['block'] {
    return this.#allocated().block;
  }

  get format(): WeightFormat {
    return this.#allocated().format;
  }

  get scratch(): Block<'f32'> | null {
    return this.#allocated().scratch;
  }

  /** Takes zeroed memory. `scratch` has {@link scratchLength} elements at least. */
  allocate(memory: Allocator, format: WeightFormat, scratch: Block<'f32'> | null): void {
    const { kind, length } = packedShape(format, this.k, this.n);
    const block = memory.allocate(kind, length) as PackedWeights['block'];
    this.#packed = { block, format, scratch: scratchLength(format, this.k) === 0 ? null : scratch };
  }

  /** Packs rows `at` … `at + count − 1` of what is staged, a column's K elements each, as columns `target` …. */
  packColumns({ kernels }: Backend, staged: StagedRows, at: number, count: number, target: number): void {
    const { block, format } = this.#allocated();
    const { k } = this;
    const columns = { firstColumn: target, columns: count, k };
    const raw = format === 'F32' ? staged.wide : (staged.raw as Block<'u16'> | Block<'u8'>);
    if (raw.kind !== 'u8') {
      kernels.packOutIn({ src: raw.part(at * k, count * k) as Block<'f32'>, dst: block as Block<'f32'>, ...columns });
      return;
    }
    const { elements, bytes } = blockOf(format);
    const width = (k / elements) * bytes;
    const src = raw.part(at * width, count * width);
    const dst = block as Block<'u8'>;
    if (format === 'Q8_0') kernels.packQ8({ src, dst, ...columns });
    else
      dst
        .part(target * width, count * width)
        .view()
        .set(src.view());
  }

  /** Packs columns `column` … of staged rows `firstRow` … of a matrix that is stored [in, out], `stride` elements each. */
  packRows({ kernels }: Backend, staged: StagedRows, firstRow: number, rows: number, column: number): void {
    const { block, format } = this.#allocated();
    const { k, n } = this;
    const src = (format === 'F32' ? staged.wide : staged.raw) as Block<'f32'>;
    const stride = staged.wide.length / rows;
    kernels.packInOut({ src, dst: block as Block<'f32'>, firstRow, rows, stride, column, k, n });
  }

  #allocated(): PackedWeights {
    if (this.#packed !== null) return this.#packed;
    throw new BackendError('ResidentMatrix: its memory must be allocated, but it is not.');
  }
}

/**
 * The format in which a matrix stays that is stored in `stored`: the same, where its blocks run along K in whole. F32 otherwise, as for blocks of a
 * matrix stored [in, out].
 */
export function residentFormat(stored: WeightFormat, layout: 'in-out' | 'out-in', k: number): WeightFormat {
  const { elements } = blockOf(stored);
  return elements === 1 || (layout === 'out-in' && k % elements === 0) ? stored : 'F32';
}
