import { more } from '../text/more.ts';
import { percent } from '../text/numerals.ts';
import { clipEnd, printable, tokenLabel } from '../text/printable.ts';
import { wrapped } from '../text/wrapped.ts';

/** How a terminal shows a result. */
export interface TerminalOptions {
  /** Columns of the terminal; default 100. */
  readonly width?: number;
  /** Whether to send colours; default false: plain text. */
  readonly colour?: boolean;
}

const CODES = { bold: [1, 22], soft: [2, 22], blue: [36, 39], red: [33, 39], green: [32, 39] } as const;

/** The style of a piece of text on a terminal. */
export type TerminalStyle = keyof typeof CODES;

/** Paints text; without colour the text itself. Only this sends escape sequences. */
export class Paint {
  /** Columns of the terminal, at least 40. */
  readonly width: number;
  readonly #colour: boolean;

  constructor({ width = 100, colour = false }: TerminalOptions = {}) {
    this.width = Math.max(40, Math.floor(width) || 100);
    this.#colour = colour;
  }

  /** `text`, which is printable already, in a style. */
  as(style: TerminalStyle, text: string): string {
    const [on, off] = CODES[style];
    return this.#colour && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  }

  /** A heading with a line above it. */
  heading(text: string): string {
    return `\n${this.as('bold', text)}`;
  }

  /** One line of text, clipped to the width. */
  line(text: string): string {
    return clipToColumns(printable(text), this.width);
  }

  /** Text in as many lines as it takes, two columns in and from the second line on `hanging` more. */
  paragraph(text: string, hanging = 0): string[] {
    return wrapped(text, this.width - 2 - hanging).map((line, k) =>
      this.line(`${' '.repeat(k === 0 ? 2 : 2 + hanging)}${line}`),
    );
  }
}

/** A column of a table on a terminal. */
export interface TerminalColumn {
  readonly head: string;
  readonly numeric?: boolean;
}

/** The cells of a row, or a line that stands in the place of rows. */
export type TerminalRow = readonly string[] | string;

/**
 * Rows under heads, without lines. Where the width ends, a column of text is clipped and what is right of it left out, as a last line says.
 * Cells must be printable: numbers by the formatters of this package, tokens by {@link shownToken}.
 */
export function terminalTable(paint: Paint, columns: readonly TerminalColumn[], rows: readonly TerminalRow[]): string {
  const cells = rows.filter((row) => typeof row !== 'string');
  const { shown, last } = fitting(columns, cells, paint.width);
  const heads = columns.slice(0, shown).map(({ head }) => paint.as('soft', head));
  const clipped = (row: readonly string[]) =>
    heads.map((_, i) => (i === shown - 1 ? clipToColumns(row[i] ?? '', last) : (row[i] ?? '')));
  const table = [clipped(heads), ...rows.map((row) => (typeof row === 'string' ? row : clipped(row)))];
  const widths = heads.map((_, i) =>
    Math.max(...table.map((row) => (typeof row === 'string' ? 0 : columnsOf(row[i]!)))),
  );
  return [
    ...table.map((row) =>
      typeof row === 'string'
        ? row
        : row.map((cell, i) => padded(cell, widths[i]!, columns[i]!.numeric === true)).join(SEPARATOR),
    ),
    ...(shown < columns.length ? [more(columns.length - shown, 'columns: the terminal is narrow')] : []),
  ]
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

/** The first rows of a list of `total`, and how many more there are. */
export function firstRows<T>(
  items: readonly T[],
  most: number,
  row: (item: T) => readonly string[],
  total = items.length,
): TerminalRow[] {
  const shown = items.slice(0, most).map(row);
  return shown.length < total ? [...shown, more(total - shown.length)] : shown;
}

/**
 * At most `most` rows and lines of a list: all rows; or of one up to twice as long the first and the last; or of a longer one evenly spaced
 * rows. Between them stands how many more there are.
 */
export function someRows<T>(
  items: readonly T[],
  most: number,
  row: (item: T, index: number) => readonly string[],
): TerminalRow[] {
  const indices = items.length > 2 * most ? spacedRows(items.length, Math.ceil(most / 2)) : ends(items.length, most);
  return indices.flatMap((index, k) => {
    const left = index - (indices[k - 1] ?? -1) - 1;
    const between = left === 0 ? [] : left === 1 ? [row(items[index - 1]!, index - 1)] : [more(left)];
    return [...between, row(items[index]!, index)];
  });
}

/** The first and the last of `n` indices with a line between them; all if they are no more than `most`. */
function ends(n: number, most: number): number[] {
  const first = Math.ceil((most - 1) / 2);
  return spacedRows(n, n).filter((i) => n <= most || i < first || i >= n - (most - 1 - first));
}

const SEPARATOR = '  ';

function padded(cell: string, width: number, right: boolean): string {
  const space = ' '.repeat(width - columnsOf(cell));
  return right ? space + cell : cell + space;
}

/** A clipped column keeps at least this width, or is left out. */
const LEAST_TEXT = 12;

/** How many columns fit, at least one, and the width that is left to the last of them. */
function fitting(columns: readonly TerminalColumn[], rows: readonly (readonly string[])[], width: number) {
  let used = 2;
  for (let i = 0; i < columns.length; i++) {
    const cells = [columns[i]!.head, ...rows.map((row) => row[i] ?? '')];
    const start = used + (i > 0 ? SEPARATOR.length : 0);
    used = start + Math.max(...cells.map(columnsOf));
    if (used <= width) continue;
    const clipped = !columns[i]!.numeric && width - start >= LEAST_TEXT && !cells.some((cell) => SEQUENCE.test(cell));
    return clipped ? { shown: i + 1, last: width - start } : { shown: Math.max(1, i), last: Infinity };
  }
  return { shown: columns.length, last: Infinity };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that Paint wrote
const SEQUENCE = /\u001b\[\d+m/;
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Terminal columns that `text` takes: escape sequences and combining marks none, wide characters two. */
function columnsOf(text: string): number {
  let total = 0;
  for (const character of text.replaceAll(new RegExp(SEQUENCE, 'g'), '')) total += widthOf(character);
  return total;
}

function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

function clipToColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let shown = '';
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > columns) break;
    shown += character;
  }
  return `${shown}…`;
}

/** A token for a cell: printable and clipped. */
export function shownToken(token: string, length = 18): string {
  return clipEnd(tokenLabel(token), length);
}

/** Outcomes in a row, clipped. */
export function shownTokens(tokens: readonly string[], length = 40): string {
  return clipEnd(tokens.map(tokenLabel).join(' · '), length);
}

/** The first tokens of a law, likeliest first, with their probabilities. */
export function likeliestColumn(marginal: readonly { readonly label: string; readonly probability: number }[]): string {
  return marginal
    .slice(0, 3)
    .map(({ label, probability }) => `${shownToken(label, 10)} ${percent(probability)}`)
    .join(', ');
}

/** A bar of eighths of a character for a share between 0 and 1. */
export function bar(share: number, length: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * length * 8);
  const rest = eighths % 8;
  return '█'.repeat(Math.floor(eighths / 8)) + (rest > 0 ? '▏▎▍▌▋▊▉'[rest - 1]! : '');
}

/** Indices to show of `n` columns or points: all, or the first, the last and evenly spaced ones between. */
export function spacedRows(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}
