/**
 * Unpacks a Snappy block into exactly `length` bytes; every step takes at least one byte of the block.
 *
 * @throws Error for a block that is damaged or has another length.
 * @source Google Snappy, format_description.txt.
 */
export function unpackSnappy(block: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let [at, filled] = [0, 0];
  const next = (bytes: number): number => {
    if (at + bytes > block.length) throw new Error('it has a Snappy block that is cut short');
    let value = 0;
    for (let i = 0; i < bytes; i++) value += block[at++]! * 256 ** i;
    return value;
  };
  let claimed = 0;
  for (let scale = 1, more = true; more; scale *= 128) {
    if (scale > 2 ** 28) throw new Error('it has a Snappy block without a length');
    const byte = next(1);
    claimed += (byte & 127) * scale;
    more = byte > 127;
  }
  if (claimed !== length) throw new Error(`it has a Snappy block of ${claimed} bytes where ${length} belong`);
  while (at < block.length) {
    const tag = next(1);
    const kind = tag & 3;
    const literal = kind === 0;
    const high = tag >> 2;
    const size = literal ? (high < 60 ? high + 1 : next(high - 59) + 1) : kind === 1 ? (high & 7) + 4 : high + 1;
    const back = literal ? 0 : kind === 1 ? (tag >> 5) * 256 + next(1) : next(kind === 2 ? 2 : 4);
    if (size > length - filled) throw new Error('it has a Snappy block that is longer than it says');
    if (literal) {
      if (size > block.length - at) throw new Error('it has a Snappy block that is cut short');
      output.set(block.subarray(at, at + size), filled);
      at += size;
    } else {
      if (back === 0 || back > filled) throw new Error('it has a Snappy block that copies from outside itself');
      for (let i = 0; i < size; i++) output[filled + i] = output[filled + i - back]!;
    }
    filled += size;
  }
  if (filled !== length) throw new Error('it has a Snappy block that is shorter than it says');
  return output;
}
