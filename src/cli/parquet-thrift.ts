/** A structure of Thrift's compact protocol: values by the numbers of their fields. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
type ThriftValue = boolean | number | Uint8Array | readonly ThriftValue[] | ThriftStruct;

/** Structures nest at most this deep; those of Parquet reach 8. */
const DEEPEST = 16;

/**
 * Reads one structure of Thrift's compact protocol. Time and memory are bounded by the bytes it takes, whatever lengths they claim.
 * Integers above 2⁵³ lose their last bits.
 *
 * @throws Error for bytes that are none.
 * @source Apache Thrift, doc/specs/thrift-compact-protocol.md.
 */
export class ThriftReader {
  /** Of the next byte. */
  offset: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = offset;
  }

  struct(depth = 0): ThriftStruct {
    if (depth > DEEPEST) throw new Error(`its structures nest deeper than ${DEEPEST}`);
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ; ) {
      const head = this.#byte();
      if (head === 0) return fields;
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      fields.set(id, this.#value(head & 15, depth));
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        this.offset += 8;
        return this.#view.getFloat64(this.offset - 8, true);
      case 8:
        return this.#bytes(this.varint());
      case 9:
        return this.#list(depth + 1);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error(`it has a value of the unknown type ${type}`);
    }
  }

  #list(depth: number): readonly ThriftValue[] {
    if (depth > DEEPEST) throw new Error(`its lists nest deeper than ${DEEPEST}`);
    const head = this.#byte();
    const length = head >> 4 === 15 ? this.varint() : head >> 4;
    // Every element takes at least one byte.
    if (length > this.#view.byteLength - this.offset) throw new Error(`it claims a list of ${length} elements`);
    const type = head & 15;
    const values: ThriftValue[] = [];
    for (let i = 0; i < length; i++) values.push(type <= 2 ? this.#byte() === 1 : this.#value(type, depth));
    return values;
  }

  #bytes(length: number): Uint8Array {
    if (length > this.#view.byteLength - this.offset) throw new Error(`it claims ${length} bytes of text`);
    this.offset += length;
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.offset - length, length);
  }

  #byte(): number {
    if (this.offset >= this.#view.byteLength) throw new Error('it ends within a structure');
    return this.#view.getUint8(this.offset++);
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error('it has a number of more than ten bytes');
  }

  #zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** A field that must be a whole number from 0 to `most`. @throws Error naming it. */
export function countOf(struct: ThriftStruct, id: number, name: string, most: number): number {
  const value = struct.get(id);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new Error(`its ${name} is ${typeof value === 'number' ? `${value}, beyond ${most}` : 'missing'}`);
}

/** A field that must be a structure. @throws Error naming it. */
export function structOf(struct: ThriftStruct, id: number, name: string): ThriftStruct {
  const value = struct.get(id);
  if (value instanceof Map) return value;
  throw new Error(`its ${name} is missing`);
}

/** A field that must be a list of structures. @throws Error naming it. */
export function structsOf(struct: ThriftStruct, id: number, name: string): readonly ThriftStruct[] {
  const value = struct.get(id);
  if (Array.isArray(value) && value.every((one) => one instanceof Map)) return value;
  throw new Error(`its ${name} are missing`);
}

/** A field that must be UTF-8 text; '' where there is none. */
export function textFieldOf(struct: ThriftStruct, id: number): string {
  const value = struct.get(id);
  return value instanceof Uint8Array ? new TextDecoder('utf-8', { fatal: true }).decode(value) : '';
}
