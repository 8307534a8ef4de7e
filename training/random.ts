/** A uniform source on [0, 1). */
export type Uniform = () => number;

/**
 * Counter-based generator: output i of stream (seed, stream) is a hash of (seed, stream, i), so streams may be
 * opened in any order. The hash is the 32-bit finaliser of MurmurHash3, applied once per input word.
 */
export function openStream(seed: number, stream: number): Uniform {
  const key = mixWord(mixWord(0x9e3779b9, seed), stream);
  let counter = 0;
  return () => {
    const word = mixWord(key, counter++);
    const high = word >>> 5;
    const low = mixWord(word, key) >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  };
}

/** Two independent standard normal deviates, by the Box–Muller transform. */
export function normalPair(uniform: Uniform): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  const angle = 2 * Math.PI * uniform();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function mixWord(state: number, word: number): number {
  let h = Math.imul(state ^ word, 0x9e3779b1) ^ (word >>> 15);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
