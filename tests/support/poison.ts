/** A pattern that no result survives: NaN as f64 and as f32, out of every range as i32. */
const POISON = 0x7fffdead;
const BYTES = new Uint8Array(Uint32Array.of(POISON).buffer);

/** Fills bytes with the pattern; `start` is a multiple of 4. */
export function poison(buffer: ArrayBufferLike, start: number, end: number): void {
  const words = (end - start) >> 2;
  new Uint32Array(buffer, start, words).fill(POISON);
  const rest = new Uint8Array(buffer, start + 4 * words, end - start - 4 * words);
  rest.set(BYTES.subarray(0, rest.length));
}

/** The first byte at which the pattern is broken; −1 if it is nowhere. */
export function firstUnpoisoned(buffer: ArrayBufferLike, start: number, end: number): number {
  const bytes = new Uint8Array(buffer);
  let at = start;
  for (; at < end && at % 4 !== 0; at++) if (bytes[at] !== BYTES[at % 4]) return at;
  const words = new Uint32Array(buffer, at, (end - at) >> 2);
  let broken = 0;
  while (broken < words.length && words[broken] === POISON) broken++;
  for (at += 4 * broken; at < end; at++) if (bytes[at] !== BYTES[at % 4]) return at;
  return -1;
}
