/** Which row of which part a stored row of a tensor is. Rows arrive in chunks, so each answers for itself. */
export type RowMap = (row: number) => RowPlace;

/** Where a stored row goes, and how many rows from it on stay together. */
export interface RowPlace {
  /** Index of the part. */
  readonly part: number;
  /** The row of the part. */
  readonly target: number;
  /** Rows from this one on, itself included, that go to this part's rows `target`, `target + 1`, …; Infinity where no end is known. */
  readonly run: number;
}

/** Rows of a chunk that stay together: `count` from `at` on. */
export interface RowRun extends Omit<RowPlace, 'run'> {
  /** First row within the chunk. */
  readonly at: number;
  /** Number of rows. */
  readonly count: number;
}

/** The runs that make up `rows` stored rows from `firstRow` on. */
export function* rowRuns(place: RowMap, firstRow: number, rows: number): Generator<RowRun> {
  for (let at = 0, count = 0; at < rows; at += count) {
    const { part, target, run } = place(firstRow + at);
    count = Math.min(run, rows - at);
    yield { part, target, at, count };
  }
}

/**
 * `groups` groups, one after another, of which each holds its share of every part's rows, part by part. With one group the parts stand whole,
 * one below the other.
 *
 * @param sizes rows of each part, multiples of `groups`
 */
export function groupedRows(sizes: readonly number[], groups = 1): RowMap {
  if (sizes.length === 1) return (row) => ({ part: 0, target: row, run: Infinity });
  const shares = sizes.map((size) => size / groups);
  const width = shares.reduce((sum, share) => sum + share, 0);
  return (row) => {
    const group = Math.floor(row / width);
    let within = row % width;
    let part = 0;
    while (within >= shares[part]!) within -= shares[part++]!;
    return { part, target: group * shares[part]! + within, run: shares[part]! - within };
  };
}

/**
 * The rows of `place`, but in the parts that `turns` tells, heads of K rows whose first R are stored as rotary pairs of neighbours: of each such head
 * row 2c goes to c and row 2c + 1 to c + R/2, so that the pairs are (c, c + R/2).
 */
export function pairedRows(place: RowMap, turns: readonly boolean[], K: number, R: number): RowMap {
  return (row) => {
    const found = place(row);
    if (turns[found.part] !== true) return found;
    const c = found.target % K;
    if (c >= R) return { ...found, run: Math.min(found.run, K - c) };
    return { part: found.part, target: found.target - c + Math.floor(c / 2) + (c % 2) * (R / 2), run: 1 };
  };
}
