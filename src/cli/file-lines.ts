import type { FileHandle } from 'node:fs/promises';

/** Bytes read at a time. */
const CHUNK = 1 << 20;
const NEWLINE = 0x0a;

/** What a piece of a file adds: lines without their newlines, and what follows the last of them so far. */
export interface LineBatch {
  readonly lines: readonly Buffer[];
  readonly rest: Buffer;
}

/** Lines of a file from its beginning, as bytes, a piece of the file at a time. */
export async function* lineBatches(handle: FileHandle): AsyncGenerator<LineBatch> {
  let position = 0;
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const piece = buffer.subarray(0, bytesRead);
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
      const line = piece.subarray(from, end);
      lines.push(from === 0 ? Buffer.concat([rest, line]) : line);
      if (from === 0) rest = Buffer.alloc(0);
      from = end + 1;
    }
    rest = Buffer.concat([rest, piece.subarray(from)]);
    yield { lines, rest };
  }
}
