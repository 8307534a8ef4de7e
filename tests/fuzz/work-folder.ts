import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'tmech-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A case in a file, whose name says what it is. */
export interface FileCase {
  readonly ending: string;
  readonly bytes: Uint8Array;
}

/** The path of a file with these bytes, until the next case. */
export async function placed({ ending, bytes }: FileCase): Promise<string> {
  const path = join(folder, `case${ending}`);
  await writeFile(path, bytes);
  return path;
}
