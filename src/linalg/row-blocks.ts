/** Operations of one call: about 25 ms of WebAssembly. */
const CALL = 5e8;
/** Fewer rows would pack the right-hand operand too often. */
const FEWEST_ROWS = 96;

/**
 * Rows 0 … rows−1 in blocks, as [first, count], so that one call of a kernel stays short (below 50 ms for products of order 2000; the
 * fewest rows, 96, bound it from below for larger ones). Kernels whose rows are independent give the same bits in any blocks.
 *
 * @param operations per row.
 */
export function rowBlocks(rows: number, operations: number): [first: number, count: number][] {
  const most = Math.max(FEWEST_ROWS, Math.floor(CALL / Math.max(operations, 1)));
  const pieces = Math.ceil(rows / most);
  const edge = (piece: number): number => Math.floor((piece * rows) / pieces);
  return Array.from({ length: pieces }, (_, piece) => [edge(piece), edge(piece + 1) - edge(piece)]);
}
