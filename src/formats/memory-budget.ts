import { CapacityError } from '../core/errors.ts';

/** Options of the readers of files of arrays. */
export interface ReadOptions {
  /**
   * Most bytes of memory for all arrays that are read together, each number counted as the 8 bytes of the f64 that it becomes in a matrix. By
   * default eight times the size of the file, at least 256 MiB and at most 4 GiB: a short file may ask for much more.
   */
  readonly maxBytes?: number;
}

const GROWTH = 8;
const LEAST = 2 ** 28;
const MOST = 2 ** 32;

/** How much memory the arrays of a file may take. */
export function memoryBudget(fileBytes: number, { maxBytes }: ReadOptions): number {
  return maxBytes ?? Math.min(MOST, Math.max(LEAST, GROWTH * fileBytes));
}

/** Bytes that an array counts for. */
export function memoryOf(elements: number, complex: boolean): number {
  return 8 * elements * (complex ? 2 : 1);
}

/** @throws CapacityError if arrays need more memory than they may. */
export function checkMemory(where: string, what: string, bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new CapacityError(
    `${where}: ${what} must need at most ${maxBytes} bytes of memory, 8 for each number, but ${bytes} are needed. Raise maxBytes (--max-bytes) if it is to be read.`,
    bytes,
  );
}
