import Table from 'cli-table3';
import { clipEnd, printable, tokenLabel } from '../text/printable.ts';

/** How a terminal shows a result. */
export interface TerminalOptions {
  /** Columns of the terminal; default 100. */
  readonly width?: number;
  /** Whether to send colours; default false: plain text. */
  readonly colour?: boolean;
}

const CODES = { bold: [1, 22], soft: [2, 22], blue: [36, 39], red: [33, 39] } as const;

/** The style of a piece of text on a terminal. */
export type TerminalStyle = keyof typeof CODES;

/** Paints text; without colour the text itself. Only this sends escape sequences. */
export class Paint {
  readonly width: number;
  readonly #colour: boolean;

  constructor({ width = 100, colour = false }: TerminalOptions = {}) {
    this.width = Math.max(40, Math.floor(width) || 100);
    this.#colour = colour;
  }

  /** `text`, which is printable already, in a style. */
  as(style: TerminalStyle, text: string): string {
    const [on, off] = CODES[style];
    return this.#colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  }

  /** A heading with a line above it. */
  heading(text: string): string {
    return `\n${this.as('bold', text)}`;
  }

  /** One line of text, clipped to the width. */
  line(text: string): string {
    return clipEnd(printable(text), this.width);
  }
}

/** A column of a table on a terminal. */
export interface TerminalColumn {
  readonly head: string;
  readonly numeric?: boolean;
}

/**
 * Rows under heads, without lines. Columns at the right that do not fit into the width are left out. Cells must be printable:
 * numbers by the formatters of this package, tokens by {@link shownToken}.
 */
export function terminalTable(
  paint: Paint,
  columns: readonly TerminalColumn[],
  rows: readonly (readonly string[])[],
): string {
  const shown = fitting(columns, rows, paint.width);
  const table = new Table({
    head: columns.slice(0, shown).map(({ head }) => paint.as('soft', head)),
    colAligns: columns.slice(0, shown).map(({ numeric }) => (numeric ? 'right' : 'left')),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const row of rows) table.push(row.slice(0, shown));
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

const SEPARATOR = '  ';
const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: SEPARATOR,
};

/** How many columns fit, counting characters; at least one. */
function fitting(columns: readonly TerminalColumn[], rows: readonly (readonly string[])[], width: number): number {
  let used = 2;
  for (let i = 0; i < columns.length; i++) {
    const widths = rows.map((row) => columnsOf(row[i] ?? ''));
    used += Math.max(columnsOf(columns[i]!.head), ...widths) + (i > 0 ? SEPARATOR.length : 0);
    if (used > width) return Math.max(1, i);
  }
  return columns.length;
}

/** Terminal columns that `text` takes at most: escape sequences none, wide characters two. */
function columnsOf(text: string): number {
  let total = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that Paint wrote
  for (const character of text.replace(/\u001b\[\d+m/g, '')) total += character.codePointAt(0)! >= 0x1100 ? 2 : 1;
  return total;
}

/** A token for a cell: printable and clipped. */
export function shownToken(token: string, length = 18): string {
  return clipEnd(tokenLabel(token), length);
}

/** Outcomes in a row, clipped. */
export function shownTokens(tokens: readonly string[], length = 40): string {
  return clipEnd(tokens.map(tokenLabel).join(' · '), length);
}

/** A bar of eighths of a character for a share between 0 and 1. */
export function bar(share: number, length: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * length * 8);
  const rest = eighths % 8;
  return '█'.repeat(Math.floor(eighths / 8)) + (rest > 0 ? '▏▎▍▌▋▊▉'[rest - 1]! : '');
}

/** Indices to show of `n` rows: all, or the first, the last and evenly spaced ones between. */
export function spacedRows(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}
