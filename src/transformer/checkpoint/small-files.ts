import { CapacityError, FormatError } from '../../core/errors.ts';
import { foreignFile } from '../../formats/foreign-file.ts';
import type { Fingerprint, Folder } from './checkpoint.ts';
import { createSha256 } from './sha256.ts';

/** Longest json file that is read whole; the largest tokenizers known have about 35 MB. */
const MAX_BYTES = 1 << 28;

/** Reads the small files of a folder whole and keeps the hash of each. */
export class SmallFiles {
  readonly #folder: Folder;
  readonly #hashes = new Map<string, string>();

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** @returns null if there is no such file. @throws CapacityError above 256 MiB; FormatError for what is no JSON at first sight. */
  async read(name: string): Promise<Uint8Array | null> {
    const file = await this.#folder.open(name);
    if (file === null) return null;
    if (file.size > MAX_BYTES) {
      throw new CapacityError(
        `openCheckpoint: ${name} must have at most ${MAX_BYTES} bytes, but it has ${file.size}.`,
        file.size,
      );
    }
    const bytes = new Uint8Array(file.size);
    await file.read(0, bytes);
    const foreign = foreignFile(bytes);
    if (foreign !== null)
      throw new FormatError(`openCheckpoint: ${name} must hold JSON, but it is ${foreign.what}. ${foreign.advice}`, {
        source: name,
        offset: 0,
      });
    const hash = createSha256();
    hash.update(bytes);
    this.#hashes.set(name, hash.hex());
    return bytes;
  }

  /** SHA-256 of each file read so far. */
  fingerprint(): Fingerprint {
    return Object.fromEntries(this.#hashes);
  }
}
