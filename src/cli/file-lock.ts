import { randomUUID } from 'node:crypto';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { DomainError } from '../index.ts';
import { accessing } from './sample-access.ts';

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, by its system's clock; null where the system does not say. */
  readonly started: string | null;
  /** Different for every lock. */
  readonly key: string;
}

/** Keys of the locks that this process holds. */
const held = new Set<string>();

/**
 * Takes the lock of a file, `<file>.lock` beside it, for this process; the function that comes back gives it up. A lock whose process is
 * dead is taken over.
 *
 * Those that find the same dead lock take it away one after the other, under a second lock, `<file>.lock.takeover`: so none can take away
 * the fresh lock of another.
 *
 * @throws DomainError while another run holds it, on this machine or another; if it cannot be written.
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  const own: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid), key: randomUUID() };
  held.add(own.key);
  try {
    if (!(await create(lock, own))) {
      await removeDead(path, lock, own);
      if (!(await create(lock, own))) throw lockedError(path, lock, await holderOf(lock));
    }
  } catch (error) {
    held.delete(own.key);
    throw error;
  }
  return async () => {
    held.delete(own.key);
    const now = await holderOf(lock);
    if (typeof now === 'object' && now.key === own.key) await unlink(lock);
  };
}

/** @returns false if the file is there already. */
function create(lock: string, holder: Holder): Promise<boolean> {
  return accessing(lock, async () => {
    try {
      await writeFile(lock, JSON.stringify(holder), { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

/** @throws DomainError unless the holder is dead. */
async function removeDead(path: string, lock: string, own: Holder): Promise<void> {
  const holder = await holderOf(lock);
  if (holder === 'gone') return;
  if (holder === 'unknown' || !(await isDead(holder))) throw lockedError(path, lock, holder);
  const takeover = `${lock}.takeover`;
  if (!(await create(takeover, own))) throw lockedError(path, takeover, await holderOf(takeover));
  try {
    const now = await holderOf(lock);
    if (typeof now === 'object' && now.key === holder.key) await unlink(lock);
  } finally {
    await unlink(takeover);
  }
}

async function holderOf(lock: string): Promise<Holder | 'gone' | 'unknown'> {
  try {
    const { pid, host, started, key } = JSON.parse(await readFile(lock, 'utf8')) as Partial<Holder>;
    const known = Number.isSafeInteger(pid) && pid! > 0 && typeof host === 'string' && typeof key === 'string';
    return known ? { pid: pid!, host, started: typeof started === 'string' ? started : null, key } : 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unknown';
  }
}

/** Whether the process of a lock has surely ended. */
async function isDead({ pid, host, started, key }: Holder): Promise<boolean> {
  if (host !== hostname()) return false;
  if (pid === process.pid) return !held.has(key);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  // A number of a process is given again, and a process that has ended keeps it until its parent has asked.
  const now = await startOf(pid);
  return now !== null && (now === ENDED || (started !== null && now !== started));
}

const ENDED = 'ended';

/** When a process started, where /proc says it. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // After the name in brackets, which may hold anything: the state, and 19 fields on the clock ticks since the boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return /[ZX]/.test(fields[0]!) ? ENDED : `${boot} ${fields[19]}`;
  } catch {
    return null;
  }
}

function lockedError(path: string, lock: string, holder: Holder | 'gone' | 'unknown'): DomainError {
  const who =
    typeof holder === 'object' ? `process ${holder.pid} on ${JSON.stringify(holder.host)}` : 'another process';
  return new DomainError(
    `tmech: --sample must be the only run that writes ${path}, but ${who} holds ${lock}. Wait for it; if there is no such run, remove that file.`,
  );
}
