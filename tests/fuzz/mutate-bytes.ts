import type { CaseRandom } from './random.ts';

/** Numbers at which lengths, offsets and counts go wrong. */
const EDGES = [0, 1, 2, 7, 8, 127, 128, 255, 256, 32767, 65535, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** `bytes` with one to four changes: bytes, stretches, numbers of two, four and eight bytes, pieces of a dictionary, pieces of another file. */
export function mutateBytes(
  random: CaseRandom,
  bytes: Uint8Array,
  { words = [], others = [] }: { readonly words?: readonly string[]; readonly others?: readonly Uint8Array[] } = {},
): Uint8Array {
  // Not slice(): that of a Buffer copies nothing.
  let changed: Uint8Array = new Uint8Array(bytes);
  for (let left = random.chance(0.6) ? 1 : 1 + random.below(4); left > 0; left--)
    changed = once(random, changed, words, others);
  return changed;
}

function once(
  random: CaseRandom,
  bytes: Uint8Array,
  words: readonly string[],
  others: readonly Uint8Array[],
): Uint8Array {
  const at = random.below(bytes.length + 1);
  const length = random.chance(0.8) ? random.below(12) : random.below(bytes.length + 1);
  switch (random.below(9)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    case 2:
      return joined(bytes.subarray(0, at + length), bytes.subarray(at));
    case 3:
      return joined(
        bytes.subarray(0, at),
        Uint8Array.from({ length }, () => random.below(256)),
        bytes.subarray(at),
      );
    case 4: {
      const other = others.length > 0 ? random.pick(others) : bytes;
      const from = random.below(other.length + 1);
      return joined(bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at + length));
    }
    case 5: {
      if (words.length === 0) return bytes;
      const word = new TextEncoder().encode(random.pick(words));
      return joined(bytes.subarray(0, at), word, bytes.subarray(at + (random.chance(0.5) ? word.length : 0)));
    }
    case 6:
      return withNumber(random, bytes, at);
    case 7:
      return bytes.map((byte, i) => (i === at ? byte ^ (1 << random.below(8)) : byte));
    default:
      return bytes.map((byte, i) => (i === at ? random.below(256) : byte));
  }
}

function withNumber(random: CaseRandom, bytes: Uint8Array, at: number): Uint8Array {
  const width = random.pick([2, 4, 8]);
  if (at + width > bytes.length) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = random.pick(EDGES);
  if (width === 2) view.setUint16(at, value, true);
  else if (width === 4) view.setUint32(at, value, true);
  else view.setBigUint64(at, BigInt(value) << BigInt(random.pick([0, 8, 32])), true);
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
