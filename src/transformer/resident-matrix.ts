import type { Backend } from '../backend/backend.ts';
import {
  blockOf,
  type PackedWeights,
  packedShape,
  scratchLength,
  type WeightFormat,
} from '../backend/contract/weights.ts';
import type { Kernels } from '../backend/kernels.ts';
import type { Allocator, Block } from '../backend/memory.ts';
import { BackendError } from '../core/errors.ts';
import { Parking } from './parking.ts';
import type { PackedBlock } from './shared-blocks.ts';
import { Streaming } from './streaming.ts';

/** A block of a model's weights. */
export type WeightBlock = Block<'f32'> | Block<'f64'> | Block<'u16'> | Block<'u8'>;

/** Rows of a stored matrix in a backend's memory: as f32, and as they were stored. */
export interface StagedRows {
  /** How they were stored. */
  readonly format: WeightFormat;
  /** Their elements, row after row. */
  readonly wide: Block<'f32'>;
  /** The same in the stored type; null for F32. */
  readonly raw: Block<'u16'> | Block<'u8'> | null;
}

/** In the memory of the host. */
interface Parked {
  readonly parking: Parking;
  readonly block: PackedBlock;
}

/** In its file. */
interface Streamed {
  readonly streaming: Streaming;
}

/** A K×N matrix whose memory is taken once it is known how its elements are stored. */
export class ResidentMatrix implements PackedWeights {
  /** Inputs. */
  readonly k: number;
  /** Outputs. */
  readonly n: number;
  #packed: (Omit<PackedWeights, 'block'> & { readonly at: PackedBlock | Parked | Streamed }) | null = null;

  constructor(k: number, n: number) {
    this.k = k;
    this.n = n;
  }

  /** Elements of the matrix. */
  get length(): number {
    return this.k * this.n;
  }

  /**
   * In the backend's memory; one that is parked until another is asked for, one that is streamed until one of another layer is.
   *
   * @throws BackendError before {@link allocate}.
   * @throws FormatError if it is streamed and its file changed.
   */
  get block(): PackedBlock {
    const { at } = this.#allocated();
    if ('parking' in at) return at.parking.stage(at.block);
    return 'streaming' in at ? at.streaming.stage(this) : at;
  }

  get format(): WeightFormat {
    return this.#allocated().format;
  }

  get scratch(): Block<'f32'> | null {
    return this.#allocated().scratch;
  }

  /** The blocks of the backend's memory that it takes, those included that matrices share. */
  get blocks(): readonly WeightBlock[] {
    const { at, scratch } = this.#allocated();
    const blocks = 'parking' in at ? at.parking.blocks : 'streaming' in at ? at.streaming.blocks : [at];
    return [...blocks, ...(scratch === null ? [] : [scratch])];
  }

  /** Takes zeroed memory, or parks, or leaves the matrix in its file. `scratch` has {@link scratchLength} elements at least. */
  allocate(memory: Allocator | Parking | Streaming, format: WeightFormat, scratch: Block<'f32'> | null): void {
    const shape = packedShape(format, this.k, this.n);
    const [kind, length] = [shape.kind as PackedBlock['kind'], shape.length];
    if (memory instanceof Streaming) memory.reserve(this, kind, length);
    const at =
      memory instanceof Streaming
        ? { streaming: memory }
        : memory instanceof Parking
          ? { parking: memory, block: memory.park(kind, length) }
          : (memory.allocate(kind, length) as PackedBlock);
    this.#packed = { at, format, scratch: scratchLength(format, this.k) === 0 ? null : scratch };
  }

  /**
   * Packs rows `at` … `at + count − 1` of what is staged, a column's K elements each, as columns `target` …, to `to` or where the matrix lies. What
   * stays in its file is packed to `to` only.
   */
  packColumns(backend: Backend, staged: StagedRows, at: number, count: number, target: number, to?: PackedBlock): void {
    const { format } = this.#allocated();
    const { k } = this;
    const whole = format === 'F32' ? staged.wide : staged.raw!;
    const { elements, bytes } = blockOf(format);
    const width = whole.kind === 'u8' ? (k / elements) * bytes : k;
    this.#fill(backend, whole.part(at * width, count * width) as PackedBlock, to, (kernels, src, block) => {
      if (src.kind !== 'u8')
        kernels.packOutIn({ src, dst: block as Block<'f32'>, firstColumn: target, columns: count, k });
      else if (format === 'Q8_0')
        kernels.packQ8({ src, dst: block as Block<'u8'>, firstColumn: target, columns: count, k });
      else
        block
          .part(target * width, count * width)
          .view()
          .set(src.view());
    });
  }

  /** Packs columns `column` … of staged rows `firstRow` … of a matrix that is stored [in, out], `stride` elements each; where to as {@link packColumns}. */
  packRows(
    backend: Backend,
    staged: StagedRows,
    firstRow: number,
    rows: number,
    column: number,
    to?: PackedBlock,
  ): void {
    const { format } = this.#allocated();
    const { k, n } = this;
    const stride = staged.wide.length / rows;
    this.#fill(backend, format === 'F32' ? staged.wide : staged.raw!, to, (kernels, src, block) => {
      kernels.packInOut({
        src: src as Block<'f32'>,
        dst: block as Block<'f32'>,
        firstRow,
        rows,
        stride,
        column,
        k,
        n,
      });
    });
  }

  #fill(
    { kernels }: Backend,
    from: PackedBlock,
    to: PackedBlock | undefined,
    work: (kernels: Kernels, src: PackedBlock, dst: PackedBlock) => void,
  ): void {
    const { at } = this.#allocated();
    if (to !== undefined) work(kernels, from, to);
    else if ('parking' in at) at.parking.fill(from, (host, src) => work(host, src, at.block));
    else if (!('streaming' in at)) work(kernels, from, at);
  }

  #allocated() {
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
