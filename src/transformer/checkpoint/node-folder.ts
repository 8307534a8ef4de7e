import { BackendError, DomainError, FormatError } from '../../core/errors.ts';
import { nodeModule } from '../../core/node-modules.ts';
import { foreignFile, TELLING_BYTES } from '../../formats/foreign-file.ts';
import { isGguf } from '../../formats/gguf/header.ts';
import type { ByteSource, Folder } from './checkpoint.ts';
import { shardNames } from './gguf/files.ts';
import { endsBefore, isFileName } from './named-file.ts';

const WHERE = 'openNodeFolder';

/**
 * A directory on disk, or one GGUF file of llama.cpp, with the other shards of its model. Symbolic links to files are followed: the cache of the Hugging Face Hub is made of them.
 *
 * No file stays open between reads; a file that changes between two reads is refused.
 *
 * @throws DomainError if `path` is no directory that can be read, and no such file.
 * @throws BackendError outside Node.
 */
export async function openNodeFolder(path: string): Promise<Folder> {
  const fs = nodeModule('node:fs/promises');
  const paths = nodeModule('node:path');
  if (fs === null || paths === null) {
    throw new BackendError(`${WHERE}: the runtime must be Node, but it is not. Use filesFolder.`);
  }
  if (path === '' || path.includes('\0')) {
    throw new DomainError(`${WHERE}: path must name a directory, but it is ${JSON.stringify(path)}.`);
  }
  const entries = await fs.readdir(path, { withFileTypes: true }).catch(async (cause: unknown) => {
    if (codeOf(cause) === 'ENOTDIR' && (await isFile(fs, path))) return null;
    throw new DomainError(`${WHERE}: path must be a directory that can be read, but ${path} ${reason(cause)}.`);
  });
  if (entries === null) return openSingleFile(fs, paths, path);
  if (entries.some((entry) => entry.name === 'snapshots') && !entries.some((entry) => entry.name === 'config.json')) {
    throw new DomainError(
      `${WHERE}: path must hold config.json, but ${path} is an entry of the Hub's cache. Give one of the folders in its snapshots/.`,
    );
  }
  const names = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name);
  names.sort();
  return {
    label: paths.basename(paths.resolve(path)),
    names: async () => names,
    open: async (name) =>
      isFileName(name) && names.includes(name) ? openFile(fs, paths.join(path, name), name) : null,
  };
}

/** A GGUF file as a folder of it and its sister shards. @throws DomainError that says what another file is. */
async function openSingleFile(fs: Fs, paths: Paths, path: string): Promise<Folder> {
  const [directory, name] = [paths.dirname(path), paths.basename(path)];
  const file = await openFile(fs, path, name);
  const start = new Uint8Array(Math.min(TELLING_BYTES, file?.size ?? 0));
  await file?.read(0, start);
  if (!isGguf(start)) {
    const { what, advice } = foreignFile(start, name) ?? { what: 'a file', advice: 'Give the folder that holds it.' };
    throw new DomainError(
      `${WHERE}: path must be a directory with a checkpoint, or a GGUF file, but ${path} is ${what}. ${advice}`,
    );
  }
  const names = shardNames(name)?.all ?? [name];
  const present: string[] = [];
  for (const each of names) if (await isFile(fs, paths.join(directory, each))) present.push(each);
  return {
    label: name,
    names: async () => present,
    open: async (each) => (present.includes(each) ? openFile(fs, paths.join(directory, each), each) : null),
  };
}

async function isFile(fs: Fs, path: string): Promise<boolean> {
  return (await fs.stat(path).catch(() => null))?.isFile() ?? false;
}

type Paths = typeof import('node:path');
type Fs = typeof import('node:fs/promises');

async function openFile(fs: Fs, path: string, name: string): Promise<ByteSource | null> {
  const unreadable = (cause: unknown): never => {
    throw new FormatError(
      `${WHERE}: ${name} must be a file that can be read, but it ${reason(cause)}.`,
      { source: name },
      { cause },
    );
  };
  const opened = await fs.stat(path).catch(unreadable);
  if (!opened.isFile()) return null;
  const unchanged = (now: { readonly size: number; readonly mtimeMs: number; readonly ino: number }): void => {
    if (now.size === opened.size && now.mtimeMs === opened.mtimeMs && now.ino === opened.ino) return;
    throw new FormatError(
      `${WHERE}: ${name} must stay as it is while it is read, but it changed. Open the folder again.`,
      { source: name },
    );
  };
  return {
    size: opened.size,
    readSync: (offset, into) => {
      const fsSync = nodeModule('node:fs')!;
      let file = 0;
      try {
        file = fsSync.openSync(path, 'r');
      } catch (cause) {
        unreadable(cause);
      }
      try {
        unchanged(fsSync.fstatSync(file));
        for (let filled = 0; filled < into.length; ) {
          const count = fsSync.readSync(file, into, filled, into.length - filled, offset + filled);
          if (count === 0) throw endsBefore(WHERE, name, offset + into.length, opened.size);
          filled += count;
        }
      } finally {
        fsSync.closeSync(file);
      }
    },
    read: async (offset, into) => {
      const file = await fs.open(path, 'r').catch(unreadable);
      try {
        unchanged(await file.stat());
        let filled = 0;
        while (filled < into.length) {
          const { bytesRead } = await file.read(into, filled, into.length - filled, offset + filled);
          if (bytesRead === 0) throw endsBefore(WHERE, name, offset + into.length, opened.size);
          filled += bytesRead;
        }
      } finally {
        await file.close();
      }
    },
  };
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'is not a directory'],
  ['EACCES', 'is not readable for this user'],
  ['EPERM', 'is not readable for this user'],
  ['EISDIR', 'is a directory'],
  ['ELOOP', 'is a symbolic link that leads to itself'],
]);

function reason(cause: unknown): string {
  const code = codeOf(cause);
  return REASONS.get(code) ?? `failed with ${code}`;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN';
}
