import { DomainError } from '../index.ts';

/** What the system says against a file, as an error. */
export function unwritable(path: string, error: unknown): DomainError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new DomainError(
    `tmech: --sample must name a file that can be written, but ${path} cannot be (${code ?? message}). Choose another.`,
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
