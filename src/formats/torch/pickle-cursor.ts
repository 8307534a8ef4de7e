import { FormatError } from '../../core/errors.ts';
import type { PickleOrigin } from './pickle-values.ts';

const NEWLINE = 0x0a;
/** Longest line: a name of a module. */
const LONGEST_LINE = 256;

/** Reads the arguments of operations from a pickle, in order. */
export class PickleCursor {
  readonly #origin: PickleOrigin;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #at = 0;

  constructor(origin: PickleOrigin, bytes: Uint8Array) {
    this.#origin = origin;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#bytes[this.#step(1)]!;
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#step(4), true);
  }

  /** Eight bytes, the most significant first. */
  f64(): number {
    return this.#view.getFloat64(this.#step(8), false);
  }

  bytes(length: number): Uint8Array {
    const begin = this.#step(length);
    return this.#bytes.subarray(begin, begin + length);
  }

  /** An integer of `length` bytes in two's complement. */
  long(length: number): number {
    const bytes = this.bytes(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    const wide = Number(length === 0 ? 0n : BigInt.asIntN(8 * length, value));
    if (!Number.isSafeInteger(wide)) throw this.fault('have integers below 2^53, but it has one beyond');
    return wide;
  }

  text(length: number): string {
    return this.#decode(this.bytes(length));
  }

  /** A text up to the next end of a line. */
  line(): string {
    const rest = this.#bytes.subarray(this.#at, this.#at + LONGEST_LINE);
    const length = rest.indexOf(NEWLINE);
    if (length < 0) throw this.fault(`have names of at most ${LONGEST_LINE} bytes, but it has a longer one`);
    this.#step(length + 1);
    return this.#decode(rest.subarray(0, length));
  }

  fault(must: string): FormatError {
    const { where, source, begin } = this.#origin;
    return new FormatError(`${where}: the pickle in ${source} must ${must}.`, { source, offset: begin + this.#at });
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw this.fault('have texts in UTF-8, but it has another');
    }
  }

  #step(length: number): number {
    const begin = this.#at;
    if (begin + length > this.#bytes.length) throw this.fault('end with a stop, but it ends before');
    this.#at = begin + length;
    return begin;
  }
}
