/** Operations of one call: about 25 ms of WebAssembly. */
const CALL = 5e8;
/** Fewer rows of a product would pack the right-hand operand too often. */
const FEWEST_ROWS = 96;

/**
 * Rows (or columns) 0 … rows−1 in blocks, as [first, count], so that one call of a kernel stays short; the fewest rows, 96 unless given,
 * bound it from below. Kernels whose rows are independent give the same bits in any blocks.
 *
 * @param operations per row.
 */
export function rowBlocks(rows: number, operations: number, fewest = FEWEST_ROWS): [first: number, count: number][] {
  const most = Math.max(fewest, Math.floor(CALL / Math.max(operations, 1)));
  const pieces = Math.ceil(rows / most);
  const edge = (piece: number): number => Math.floor((piece * rows) / pieces);
  return Array.from({ length: pieces }, (_, piece) => [edge(piece), edge(piece + 1) - edge(piece)]);
}
