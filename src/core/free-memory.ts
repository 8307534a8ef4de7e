import { nodeModule } from './node-modules.ts';

/**
 * Bytes of memory that this process may still take: what the machine has free, caches of files included, and what is left of the limit of a container.
 * null where nobody says, as in pages.
 */
export function freeMemory(): number | null {
  const [os, host] = [nodeModule('node:os'), nodeModule('node:process')];
  if (os === null || host === null) return null;
  const total = os.totalmem();
  // macOS counts only what holds nothing at all, not even an old page of a file.
  const free = os.platform() === 'darwin' ? Math.max(os.freemem(), total / 2) : os.freemem();
  const limit = host.constrainedMemory();
  if (!(limit > 0 && limit < total)) return free;
  return Math.max(0, Math.min(free, limit - host.memoryUsage.rss()));
}
