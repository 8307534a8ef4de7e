import { DomainError, FormatError } from '../../core/errors.ts';
import type { ByteSource, Folder } from './checkpoint.ts';
import { endsBefore, isFileName } from './named-file.ts';

/** A `File` of a page, or any other Blob with a name. */
export type NamedBlob = Blob & { readonly name: string };

/**
 * Files dropped on or chosen in a page, read by slices.
 *
 * @throws DomainError if two files have one name, or a name contains a path.
 */
export function filesFolder(label: string, files: Iterable<NamedBlob>): Folder {
  const byName = new Map<string, NamedBlob>();
  for (const file of files) {
    if (!isFileName(file.name) || byName.has(file.name)) {
      throw new DomainError(
        `filesFolder: files must have different names without a path, but one is ${JSON.stringify(file.name)}.`,
      );
    }
    byName.set(file.name, file);
  }
  const names = [...byName.keys()].sort();
  return {
    label,
    names: async () => names,
    open: async (name) => {
      const file = byName.get(name);
      return file === undefined ? null : blobSource(file);
    },
  };
}

function blobSource(file: NamedBlob): ByteSource {
  return {
    size: file.size,
    read: async (offset, into) => {
      if (offset + into.length > file.size) throw endsBefore('filesFolder', file.name, offset + into.length, file.size);
      const slice = file.slice(offset, offset + into.length);
      const bytes = await slice.arrayBuffer().catch((cause: unknown) => {
        const message = `filesFolder: ${file.name} must be a file that can be read, but the page lost it. Choose the files again.`;
        throw new FormatError(message, { source: file.name, offset }, { cause });
      });
      into.set(new Uint8Array(bytes));
    },
  };
}
