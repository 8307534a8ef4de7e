import { FormatError } from '../core/errors.ts';
import { type ArrayFile, checkMemory, entryOf, MAX_BYTES, type ReadOptions } from './array-file.ts';
import { quoteName } from './json.ts';
import { readNpy } from './read-npy.ts';
import { extract, readZipDirectory, type ZipEntry } from './zip.ts';

/** Room for the header of a .npy file beside the data. */
const HEADER_ROOM = 1 << 16;

/**
 * Opens an .npz file: a zip of .npy files, stored or deflated. Other files in it are left out. An array is inflated when it is read,
 * and only after its declared size has been checked.
 *
 * @throws FormatError with the offset and the array's name; `read` throws what {@link readNpy} throws.
 */
export function openNpz(
  bytes: Uint8Array,
  source = 'arrays.npz',
  { maxBytes = MAX_BYTES }: ReadOptions = {},
): ArrayFile {
  const entries = new Map<string, ZipEntry>();
  for (const entry of readZipDirectory('openNpz', source, bytes)) {
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -4);
    if (entries.has(name)) {
      throw new FormatError(
        `openNpz: ${source} must hold arrays of different names, but it has two of ${quoteName(name)}.`,
        { source, offset: entry.begin, field: name },
      );
    }
    entries.set(name, entry);
  }
  return {
    source,
    names: [...entries.keys()],
    read(name) {
      const entry = entryOf('openNpz', source, entries, name);
      checkMemory('openNpz', `array ${quoteName(name)} of ${source}`, entry.size, maxBytes + HEADER_ROOM);
      return { ...readNpy(extract('openNpz', source, bytes, entry), `${source}/${entry.name}`, { maxBytes }), name };
    },
  };
}
