import { type FileHandle, open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { type analyses, FormatError, formats, MechanicsError } from '../index.ts';
import { type LineBatch, type LineLimits, lineBatches } from './file-lines.ts';
import { textOf } from './read-files.ts';

type LineOptions = Omit<LineLimits, 'source'>;

/** Most bytes of a line that holds one text. */
const MOST_IN_TEXT = 2 ** 24;

/** A line that holds something, with its number from 1. */
export interface NumberedLine {
  readonly text: string;
  readonly number: number;
}

/**
 * Lines of a UTF-8 file as they are read; blank ones are left out. A line ends at a newline alone, so that JSON may hold U+2028; a carriage
 * return before it and a byte-order mark are left out.
 *
 * @throws FormatError if the file cannot be read, or a line has more than `mostInLine` bytes (256 MiB by default).
 */
export async function* linesOf(path: string, options: LineOptions = {}): AsyncGenerator<NumberedLine> {
  let number = 0;
  let handle: FileHandle | null = null;
  try {
    handle = await open(path);
    for await (const line of lines(handle, { source: path, ...options })) {
      number++;
      const text = textOf(line, path, `line ${number} of `).replace(/\r$/, '');
      if (text.trim() !== '') yield { text, number };
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === undefined || error instanceof MechanicsError) throw error;
    throw new FormatError(`tmech: ${path} must be a readable file, but it is not (${reason}). Check the path.`, {
      source: path,
    });
  } finally {
    await handle?.close();
  }
}

/** All lines, the one that no newline ends too. */
async function* lines(handle: FileHandle, limits: LineLimits): AsyncGenerator<Buffer> {
  let last: LineBatch | null = null;
  for await (const batch of lineBatches(handle, limits)) {
    yield* batch.lines;
    last = batch;
  }
  const rest = last?.rest;
  if (rest !== undefined && rest.length > 0) yield rest;
}

/** The JSON value of a line. @throws FormatError naming the line. */
export function jsonOfLine(path: string, { text, number }: NumberedLine): unknown {
  try {
    return formats.parseJson(text);
  } catch (cause) {
    throw new FormatError(
      `tmech: line ${number} of ${path} must be JSON, but it is not (${(cause as Error).message}). Mend the file.`,
      { source: path },
      { cause },
    );
  }
}

interface PromptsOptions extends Pick<LineLimits, 'onRead'> {
  readonly limit?: number;
  readonly bos?: boolean | undefined;
}

/**
 * Prompts of a file, at most `limit`: the lines of a text, or of a .jsonl file whose lines are strings or objects with `text`, `prompt` or
 * `ids`.
 */
export async function* promptsOf(path: string, options: PromptsOptions = {}): AsyncGenerator<analyses.DataSetPrompt> {
  const { limit = Infinity, bos, onRead } = options;
  const json = extname(path).toLowerCase() === '.jsonl';
  let read = 0;
  for await (const line of linesOf(path, { mostInLine: MOST_IN_TEXT, ...(onRead === undefined ? {} : { onRead }) })) {
    if (read++ >= limit) return;
    const place = `line ${line.number} of ${basename(path)}`;
    const source = json ? promptOfValue(path, line.number, jsonOfLine(path, line)) : { text: line.text };
    yield { place, ...source, ...(bos === undefined ? {} : { bos }) };
  }
}

function promptOfValue(path: string, number: number, value: unknown): { text: string } | { ids: number[] } {
  const { text, prompt, ids } = (typeof value === 'string' ? { text: value } : (value ?? {})) as Record<
    string,
    unknown
  >;
  if (typeof text === 'string') return { text };
  if (typeof prompt === 'string') return { text: prompt };
  if (Array.isArray(ids) && ids.every((id) => Number.isSafeInteger(id))) return { ids: ids as number[] };
  throw new FormatError(
    `tmech: line ${number} of ${path} must be a string or have text, prompt or ids, but it has not. Mend the file.`,
    { source: path },
  );
}
