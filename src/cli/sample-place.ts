import { lstat, realpath, stat } from 'node:fs/promises';
import { DomainError } from '../index.ts';

/**
 * The path behind links of a file that trajectories may go to, so that two names of one file are one place.
 *
 * @throws DomainError for a folder, a pipe, a device, and a link that leads nowhere.
 */
export async function samplePlace(path: string): Promise<string> {
  const there = await lstat(path).catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unwritable(path, error);
  });
  if (there === null) return path;
  const found = await stat(path).catch((error) => {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? refused(path, 'it is a link that leads nowhere')
      : unwritable(path, error);
  });
  if (!found.isFile()) {
    throw refused(path, found.isDirectory() ? 'it is a folder' : found.isFIFO() ? 'it is a pipe' : 'it is a device');
  }
  return realpath(path);
}

/** What the system says against a file, as an error. */
export function unwritable(path: string, error: unknown): DomainError {
  const { code, message } = error as NodeJS.ErrnoException;
  return refused(path, code ?? message);
}

function refused(path: string, reason: string): DomainError {
  return new DomainError(
    `tmech: --sample must name a file that can be written, but ${path} cannot be (${reason}). Choose another.`,
  );
}

/** Work on a file; what the system says against it becomes an error of ours. */
export async function accessing<R>(path: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw typeof (error as NodeJS.ErrnoException).syscall === 'string' ? unwritable(path, error) : error;
  }
}
