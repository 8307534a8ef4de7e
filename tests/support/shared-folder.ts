import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A folder of the material that lies beside the repository and is no part of it: under TMECH_SHARED, or ../shared.
 * null if it is not there.
 */
export function sharedFolder(name: string): string | null {
  const root = process.env.TMECH_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
  const path = join(root, name);
  return existsSync(path) ? path : null;
}

/** Says on the terminal that `what` is skipped, if the folder is absent. */
export function noticeIfAbsent(folder: string | null, what: string): void {
  if (folder === null)
    process.stderr.write(`\n  NOTICE: ${what} are SKIPPED: no shared folder (set TMECH_SHARED).\n\n`);
}
