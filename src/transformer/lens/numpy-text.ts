/** Entries above which NumPy prints corners only, and how many of each edge; columns of a line. */
const WHOLE = 1000;
const EDGE = 3;
const LINE = 75;

/**
 * A matrix of f32 as `numpy.array_str(matrix, precision=1)` prints it with NumPy's defaults. The tuned-lens package tells models apart by the hash of
 * this text.
 *
 * Right for entries up to 10⁵; between there and 10⁸ NumPy prints the shortest digits of an f32 and not the nearest ones.
 *
 * @param at the entry of a row and a column
 * @source NumPy's documentation of `array2string` and `set_printoptions` (threshold 1000, edgeitems 3, linewidth 75, floatmode maxprec).
 */
export function numpyText(rows: number, columns: number, at: (row: number, column: number) => number): string {
  const shortened = rows * columns > WHOLE;
  const [shownRows, shownColumns] = [shown(rows, shortened), shown(columns, shortened)];
  const values = shownRows.flatMap((row) =>
    row === null ? [] : shownColumns.flatMap((column) => (column === null ? [] : [at(row, column)])),
  );
  const format = formatOf(values);
  const lines = shownRows.map((row) =>
    row === null
      ? '...'
      : `[${wrapped(shownColumns.map((column) => (column === null ? '...' : format(at(row, column)))))}]`,
  );
  return `[${lines.join('\n ')}]`;
}

/** Indices that are printed, null for the dots. */
function shown(length: number, shortened: boolean): (number | null)[] {
  const all = Array.from({ length: shortened && length > 2 * EDGE ? 2 * EDGE : length }, (_, i) => i);
  if (all.length === length) return all;
  return [...all.slice(0, EDGE), null, ...all.slice(EDGE).map((i) => length - 2 * EDGE + i)];
}

/** Words of a row, broken before the line is full; NumPy keeps room for the two brackets that end the last row. */
function wrapped(words: readonly string[]): string {
  const indent = '  ';
  let text = '';
  let line = indent;
  for (const [i, word] of words.entries()) {
    if (line.length + word.length > LINE - 2 && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i < words.length - 1 ? `${word} ` : word;
  }
  return (text + line).slice(indent.length);
}

/** One way to write all the values, padded to one width. */
function formatOf(values: readonly number[]): (value: number) => string {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  const [largest, smallest] = [Math.max(...sizes), Math.min(...sizes)];
  const scientific =
    sizes.length > 0 && (largest >= 1e8 || smallest < Math.fround(1e-4) || Math.fround(largest / smallest) > 1000);
  const parts = values.map((value) => partsOf(value, scientific));
  const left = Math.max(...parts.map(({ whole }) => whole.length));
  const right = Math.max(...parts.map(({ fraction }) => fraction.length));
  return (value) => {
    const { whole, fraction, power } = partsOf(value, scientific);
    return `${whole.padStart(left)}.${fraction.padEnd(right, scientific ? '0' : ' ')}${power}`;
  };
}

interface Parts {
  /** With its sign, which 0 may have too. */
  readonly whole: string;
  /** One digit, or none where it would be 0. */
  readonly fraction: string;
  /** `e-08`, or nothing. */
  readonly power: string;
}

/** A value with one digit behind the point, an exact half rounded to even. */
function partsOf(value: number, scientific: boolean): Parts {
  const size = Math.abs(value);
  const write = (digits: number): string => (scientific ? size.toExponential(digits) : size.toFixed(digits));
  // Both methods round an exact half up.
  const half = /^\d+\.[02468](?=50*(e|$))/.exec(write(30));
  const [digits = '', exponent] = write(1).split('e');
  const [whole = '', fraction = ''] = (half?.[0] ?? digits).split('.');
  return {
    whole: (value < 0 || Object.is(value, -0) ? '-' : '') + whole,
    fraction: fraction === '0' ? '' : fraction,
    power: exponent === undefined ? '' : `e${exponent.replace(/\d+$/, (number) => number.padStart(2, '0'))}`,
  };
}
