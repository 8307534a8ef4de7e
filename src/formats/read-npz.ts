import { FormatError } from '../core/errors.ts';
import { type ArrayFile, entryOf } from './array-file.ts';
import { quoteName } from './json.ts';
import { checkMemory, memoryBudget, type ReadOptions } from './memory-budget.ts';
import type { NamedArray } from './named-array.ts';
import { npyText } from './npy-text.ts';
import { decodeNpy, type NpyLayout, npyLayout } from './read-npy.ts';
import { isSparseFile, readSparse, type SparseKind, sparseMemory } from './sparse.ts';
import { extract, extractStart, readZipDirectory, type ZipEntry } from './zip.ts';

const WHERE = 'openNpz';

/**
 * Opens an .npz file: a zip of .npy files, stored or deflated. Other files in it are left out. An array is inflated when it is read,
 * and only after its header, which alone is inflated, and its declared size have been checked. A sparse matrix as `scipy.sparse.save_npz`
 * writes it (csr, csc, bsr, coo, dia) is a single dense array, named after the file.
 *
 * @throws FormatError with the offset and the array's name; `read` throws what {@link readNpy} throws.
 */
export function openNpz(bytes: Uint8Array, source = 'arrays.npz', options: ReadOptions = {}): ArrayFile {
  const maxBytes = memoryBudget(bytes.length, options);
  const entries = npyEntries(bytes, source);
  const place = (name: string) => {
    const entry = entryOf(WHERE, source, entries, name);
    return { entry, start: (length: number) => extractStart(WHERE, source, bytes, entry, length) };
  };
  const layouts = new Map<string, NpyLayout>();
  const layoutOf = (name: string): NpyLayout => {
    const known = layouts.get(name);
    if (known !== undefined) return known;
    const { entry, start } = place(name);
    const layout = npyLayout(start, entry.size, `${source}/${entry.name}`);
    layouts.set(name, layout);
    return layout;
  };
  const read = (name: string): NamedArray => {
    const layout = layoutOf(name);
    const { entry } = place(name);
    checkMemory(WHERE, `array ${quoteName(name)} of ${source}`, layout.memory, maxBytes);
    return decodeNpy(extract(WHERE, source, bytes, entry), layout, name);
  };
  const file = { source, names: [...entries.keys()], maxBytes, memory: (name: string) => layoutOf(name).memory, read };
  if (!isSparseFile(file.names)) return file;
  const { entry, start } = place('format');
  const format = npyText(start, entry.size, `${source}/${entry.name}`);
  if (format === null) return file;
  return sparseFile(file, { format, boolean: layoutOf('data').type.number === 'b1' });
}

function npyEntries(bytes: Uint8Array, source: string): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  for (const entry of readZipDirectory(WHERE, source, bytes)) {
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -4);
    if (entries.has(name)) {
      throw new FormatError(
        `${WHERE}: ${source} must hold arrays of different names, but it has two of ${quoteName(name)}.`,
        { source, offset: entry.begin, field: name },
      );
    }
    entries.set(name, entry);
  }
  return entries;
}

/** A file whose arrays together are one sparse matrix. */
function sparseFile(parts: ArrayFile, kind: SparseKind): ArrayFile {
  const { source, maxBytes } = parts;
  const name = source.replace(/\.npz$/, '');
  const only = (asked: string) => entryOf(WHERE, source, new Map([[name, parts]]), asked);
  return {
    source,
    names: [name],
    maxBytes,
    memory: (asked) => sparseMemory(only(asked), kind),
    read: (asked) => ({ ...readSparse(only(asked), kind), name }),
  };
}
