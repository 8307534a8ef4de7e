import { FormatError } from '../../core/errors.ts';

/** The file that is read, for messages, and its size in bytes. */
export interface GgufOrigin {
  /** Function named in messages. */
  readonly where: string;
  readonly source: string;
  readonly size: number;
}

/** Thrown where the bytes at hand end before what is read; `needed` bytes from the file's beginning would do. */
export class NeedsBytes {
  readonly needed: number;

  constructor(needed: number) {
    this.needed = needed;
  }
}

const AGAIN = 'It is truncated or damaged: download it again.';

/** Reads little-endian numbers and texts from the beginning of a file, in order. */
export class GgufCursor {
  readonly #origin: GgufOrigin;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #at = 0;

  constructor(origin: GgufOrigin, bytes: Uint8Array) {
    this.#origin = origin;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where the next byte stands in the file. */
  get at(): number {
    return this.#at;
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#step(8), true);
  }

  /** `length` bytes, a view that is valid as long as the bytes given to the cursor. */
  bytes(length: number): Uint8Array {
    const begin = this.#step(length);
    return this.#bytes.subarray(begin, begin + length);
  }

  /** A count of things of at least `least` bytes each, all of which lie in what is left of the file. */
  count(what: string, least: number): number {
    const begin = this.#at;
    const count = this.u64();
    const most = Math.floor((this.#origin.size - this.#at) / least);
    if (count <= BigInt(most)) return Number(count);
    throw this.fault(
      `must count at most ${most} ${what}, which is what the file has room for, but it counts ${count}. ${AGAIN}`,
      begin,
    );
  }

  /** A text with its length in front. */
  text(what: string): string {
    const begin = this.#at;
    const length = this.count(`bytes in ${what}`, 1);
    const bytes = this.bytes(length);
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw this.fault(`must hold ${what} in UTF-8, but its bytes are not.`, begin);
    }
  }

  /** An error about the file, at a byte of it. */
  fault(message: string, offset = this.#at, field?: string): FormatError {
    const { where, source } = this.#origin;
    return new FormatError(`${where}: ${source} ${message}`, {
      source,
      offset,
      ...(field === undefined ? {} : { field }),
    });
  }

  #step(length: number): number {
    const begin = this.#at;
    const end = begin + length;
    if (end > this.#origin.size) {
      throw this.fault(
        `must reach byte ${end} with its header, but the file ends at ${this.#origin.size}. ${AGAIN}`,
        this.#origin.size,
      );
    }
    if (end > this.#bytes.length) throw new NeedsBytes(end);
    this.#at = end;
    return begin;
  }
}
