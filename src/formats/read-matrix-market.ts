import { CapacityError, FormatError } from '../core/errors.ts';
import { describeJson } from './json.ts';
import { LineReader } from './line-reader.ts';
import { type MarketField, type MarketHeader, type MarketSymmetry, marketHeader } from './matrix-market-header.ts';
import { checkMemory, memoryBudget, memoryOf, type ReadOptions } from './memory-budget.ts';
import type { NamedArray } from './named-array.ts';

const WHERE = 'readMatrixMarket';
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/;
const SPECIAL = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;
/** A longer text is no string of every engine. */
const MAX_TEXT = 2 ** 29 - 25;

/**
 * Reads a MatrixMarket file as a dense matrix of f64, complex where the file is: layouts `coordinate` and `array`, all fields and
 * symmetries, SciPy's `unsigned-integer` too. Elements that a coordinate file leaves out are zero, those it repeats are added up, those of a pattern are 1. Of a
 * symmetric matrix the file holds the lower triangle.
 *
 * @param source what to call the file; the matrix's name is it without `.mtx`.
 * @throws FormatError with the offset and line; CapacityError above `maxBytes` of the dense matrix.
 * @source R. F. Boisvert, R. Pozo, K. A. Remington, The Matrix Market Exchange Formats, NISTIR 5935 (1996)
 */
export function readMatrixMarket(bytes: Uint8Array, source = 'matrix.mtx', options: ReadOptions = {}): NamedArray {
  if (bytes.length > MAX_TEXT) {
    throw new CapacityError(
      `${WHERE}: ${source} must have at most ${MAX_TEXT} bytes of text, but it has ${bytes.length}. Write .npy.`,
      bytes.length,
    );
  }
  const file = new MarketFile(bytes, source);
  const { layout, field, symmetry } = file.readHeader();
  const sizes = file.readSizes(layout === 'array' ? 2 : 3);
  const [rows = 0, columns = 0] = sizes;
  if (symmetry !== 'general' && rows !== columns) {
    throw file.fault(`be square to be ${symmetry}, but it is ${rows}×${columns}`);
  }
  const width = field === 'complex' ? 2 : 1;
  const length = rows * columns * width;
  const count = layout === 'array' ? storedCount(rows, columns, symmetry) : sizes[2]!;
  // Every entry takes a digit and a line end, the last one perhaps only the digit.
  if (2 * count - 1 > file.rest) throw file.fault(`hold ${count} entries, but it ends before`);
  checkMemory(WHERE, source, memoryOf(length, false), memoryBudget(bytes.length, options));
  const data = new Float64Array(length);
  const put = (i: number, j: number, re: number, im: number): void => {
    data[width * (i * columns + j)]! += re;
    if (width === 2) data[width * (i * columns + j) + 1]! += im;
  };
  let [i, j] = [symmetry === 'skew-symmetric' ? 1 : 0, 0];
  for (let entry = 0; entry < count; entry++) {
    const tokens = file.readEntry(entry, count);
    if (layout === 'coordinate') [i, j] = file.place(tokens, rows, columns);
    const [re, im] = file.value(tokens.slice(layout === 'coordinate' ? 2 : 0), field);
    if (symmetry !== 'general') checkPlace(file, symmetry, i, j, re, im);
    put(i, j, re, im);
    if (symmetry !== 'general' && i !== j) {
      const sign = symmetry === 'skew-symmetric' ? -1 : 1;
      put(j, i, sign * re, symmetry === 'hermitian' ? -im : sign * im);
    }
    if (layout === 'array' && ++i >= rows) {
      j++;
      i = symmetry === 'general' ? 0 : symmetry === 'skew-symmetric' ? j + 1 : j;
    }
  }
  file.finish();
  const name = source.replace(/\.mtx$/, '');
  return { name, shape: [rows, columns], data, ...(width === 2 ? { complex: true } : {}) };
}

function storedCount(rows: number, columns: number, symmetry: MarketSymmetry): number {
  if (symmetry === 'general') return rows * columns;
  return symmetry === 'skew-symmetric' ? (rows * (rows - 1)) / 2 : (rows * (rows + 1)) / 2;
}

/** @throws FormatError for an entry that its symmetry does not have. */
function checkPlace(file: MarketFile, symmetry: MarketSymmetry, i: number, j: number, re: number, im: number): void {
  if (j > i) throw file.fault(`hold the lower triangle of a ${symmetry} matrix, but it has entry (${i + 1}, ${j + 1})`);
  if (i !== j) return;
  if (symmetry === 'skew-symmetric' && (re !== 0 || im !== 0)) {
    throw file.fault(`have a diagonal of zeros to be skew-symmetric, but entry (${i + 1}, ${j + 1}) is not`);
  }
  if (symmetry === 'hermitian' && im !== 0) {
    throw file.fault(`have a real diagonal to be hermitian, but entry (${i + 1}, ${j + 1}) is complex`);
  }
}

/** Reads the lines of a file in turn and knows where a fault is. */
class MarketFile {
  readonly #source: string;
  readonly #lines: LineReader;

  constructor(bytes: Uint8Array, source: string) {
    this.#source = source;
    this.#lines = new LineReader(bytes);
  }

  get rest(): number {
    return this.#lines.rest;
  }

  fault(message: string, field?: string): FormatError {
    const { line, offset } = this.#lines;
    return new FormatError(`${WHERE}: ${this.#source} must ${message} (line ${line}).`, {
      source: this.#source,
      offset,
      ...(field === undefined ? {} : { field }),
    });
  }

  readHeader(): MarketHeader {
    return marketHeader(this.#lines.read() ?? '', (message) => this.fault(message, 'header'));
  }

  /** The line of sizes, after comments. */
  readSizes(count: number): number[] {
    const line = this.#content();
    const sizes = (line ?? '').split(/\s+/).map((size) => (/^\d{1,15}$/.test(size) ? Number(size) : Number.NaN));
    if (sizes.length !== count || !sizes.every(Number.isSafeInteger)) {
      throw this.fault(`give ${count} sizes, but it gives ${describeJson(line ?? undefined)}`, 'size');
    }
    const [rows = 0, columns = 0] = sizes;
    if (Number.isSafeInteger(16 * rows * columns)) return sizes;
    throw this.fault(`be of a size that memory could hold, but it is ${rows}×${columns}`, 'size');
  }

  readEntry(entry: number, count: number): string[] {
    const line = this.#content();
    if (line === null) throw this.fault(`hold ${count} entries, but it holds ${entry}`);
    return line.split(/\s+/);
  }

  /** Row and column of an entry, from 0. */
  place([row = '', column = '']: readonly string[], rows: number, columns: number): [number, number] {
    const [i, j] = [row, column].map((index) => (/^\d{1,15}$/.test(index) ? Number(index) : 0)) as [number, number];
    if (i >= 1 && i <= rows && j >= 1 && j <= columns) return [i - 1, j - 1];
    throw this.fault(`have entries within its ${rows}×${columns}, but one is at ${describeJson(`${row} ${column}`)}`);
  }

  value(tokens: readonly string[], field: MarketField): [number, number] {
    const wanted = field === 'pattern' ? 0 : field === 'complex' ? 2 : 1;
    if (tokens.length !== wanted) {
      throw this.fault(`have ${wanted} numbers in each value, but one has ${tokens.length}`, 'value');
    }
    if (field === 'pattern') return [1, 0];
    const [re = 0, im = 0] = tokens.map((token) => this.#number(token, field));
    return [re, im];
  }

  /** @throws FormatError if there is more than comments left. */
  finish(): void {
    const line = this.#content();
    if (line !== null) throw this.fault(`end after its last entry, but it goes on with ${describeJson(line)}`);
    if (this.rest > 0) throw this.fault('have lines of at most 1024 characters, but one is longer');
  }

  /** The next line that is neither empty nor a comment. */
  #content(): string | null {
    for (;;) {
      const line = this.#lines.read();
      if (line === null || (line !== '' && !line.startsWith('%'))) return line;
    }
  }

  #number(token: string, field: MarketField): number {
    const whole = field === 'integer' || field === 'unsigned-integer';
    if (DECIMAL.test(token)) {
      const value = Number(token.replace(/[dD]/, 'e'));
      const unsigned = field === 'unsigned-integer';
      if (whole ? Number.isSafeInteger(value) && !(unsigned && value < 0) : Number.isFinite(value)) return value;
      const range = whole ? `${unsigned ? 'unsigned ' : ''}integers below 2^53` : 'numbers below 2^1024';
      throw this.fault(`hold ${range}, but it holds ${describeJson(token)}`, 'value');
    }
    const special = whole ? null : SPECIAL.exec(token);
    if (special === null) throw this.fault(`hold numbers, but it holds ${describeJson(token)}`, 'value');
    if (special[2] !== undefined) return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
}
