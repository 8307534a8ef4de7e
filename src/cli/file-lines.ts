import type { FileHandle } from 'node:fs/promises';
import { FormatError } from '../index.ts';

/** Bytes read at a time. */
const CHUNK = 1 << 20;
const NEWLINE = 0x0a;
/** Most bytes of a line: a law over 250,000 tokens at 50 stages has as many. */
const MOST_IN_LINE = 2 ** 28;
/** Most bytes of what is no regular file: it may never end. */
const MOST_IN_STREAM = 2 ** 32;

/** What a piece of a file adds: lines without their newlines, and what follows the last of them so far. */
export interface LineBatch {
  readonly lines: readonly Buffer[];
  /** Joined when it is asked for, which costs its length. */
  readonly rest: Buffer;
}

export interface LineLimits {
  /** What to call the file in messages. */
  readonly source?: string;
  readonly mostInLine?: number;
  /** Bytes read of a regular file, and all it has. */
  readonly onRead?: (done: number, total: number) => void;
}

/**
 * Lines of a file from its beginning, as bytes, a piece of the file at a time; of a pipe those that are still to come.
 *
 * @throws FormatError for a line that is too long, or a stream that does not end.
 */
export async function* lineBatches(
  handle: FileHandle,
  { source = 'the file', mostInLine = MOST_IN_LINE, onRead }: LineLimits = {},
): AsyncGenerator<LineBatch> {
  const info = await handle.stat();
  const regular = info.isFile();
  const fault = (message: string) => new FormatError(`tmech: ${source} must ${message}.`, { source });
  const checkLength = (length: number): void => {
    if (length > mostInLine) throw fault(`have lines of at most ${mostInLine} bytes, but one is longer`);
  };
  let position = 0;
  let pieces: Buffer[] = [];
  let restLength = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, regular ? position : null);
    if (bytesRead === 0) return;
    position += bytesRead;
    if (regular) onRead?.(Math.min(position, info.size), info.size);
    if (!regular && position > MOST_IN_STREAM) throw fault(`end within ${MOST_IN_STREAM} bytes, but it goes on`);
    const piece = buffer.subarray(0, bytesRead);
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
      checkLength(restLength + end - from);
      lines.push(Buffer.concat([...pieces, piece.subarray(from, end)]));
      pieces = [];
      restLength = 0;
      from = end + 1;
    }
    const rest = piece.subarray(from);
    restLength += rest.length;
    checkLength(restLength);
    pieces.push(rest);
    const all = pieces;
    yield {
      lines,
      get rest() {
        return Buffer.concat(all);
      },
    };
  }
}
