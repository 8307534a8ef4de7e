import { checkInteger } from './checks.ts';
import { DomainError } from './errors.ts';

/**
 * Philox 4x32 with 10 rounds: a bijection of 128-bit counters for every 64-bit key. A random number is a function of
 * (seed, stream, index), so it does not depend on how many workers drew the others, or in which order.
 *
 * Layout, the same in every backend: key = (seed low, seed high); counter = (block low, block high, stream low, stream
 * high). Block b gives uniform numbers 2b (words 0 and 1) and 2b+1 (words 2 and 3); the first word of a pair gives the
 * 27 high bits and the second the 26 low ones.
 *
 * @source J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC11), §3.3;
 *   the known answers are those of its library Random123 (kat_vectors).
 */
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;
const TWO_32 = 2 ** 32;

/** High 32 bits of the 64-bit product of two unsigned words; no partial product or sum exceeds 2³². */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (cross >>> 16);
}

/** Writes Philox 4x32-10 of counter (c0, c1, c2, c3) under key (k0, k1) to `words`; every word is unsigned. */
function encrypt(words: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  let [w0, w1, w2, w3] = [c0, c1, c2, c3];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, w0);
    const high1 = multiplyHigh(MULTIPLIER_1, w2);
    const low0 = Math.imul(MULTIPLIER_0, w0);
    const low1 = Math.imul(MULTIPLIER_1, w2);
    w0 = (high1 ^ w1 ^ k0) >>> 0;
    w1 = low1 >>> 0;
    w2 = (high0 ^ w3 ^ k1) >>> 0;
    w3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  words[0] = w0;
  words[1] = w1;
  words[2] = w2;
  words[3] = w3;
}

/** 53 random bits from two words as a multiple of 2⁻⁵³ in [0, 1). */
function unitInterval(high: number, low: number): number {
  return ((high >>> 5) * 67108864 + (low >>> 6)) * 2 ** -53;
}

function lowWord(value: bigint): number {
  return Number(value & 0xffffffffn);
}

function highWord(value: bigint): number {
  return Number(value >> 32n);
}

/**
 * The four output words of Philox 4x32-10.
 *
 * @param counter four 32-bit words.
 * @param key two 32-bit words.
 * @throws DomainError unless both have their number of words.
 * @accuracy exact (integers)
 */
export function philox4x32(counter: ArrayLike<number>, key: ArrayLike<number>): Uint32Array {
  checkInteger('philox4x32', 'counter.length', counter.length, 4, 4);
  checkInteger('philox4x32', 'key.length', key.length, 2, 2);
  const words = new Uint32Array(4);
  const [c0, c1, c2, c3] = Uint32Array.from(counter);
  const [k0, k1] = Uint32Array.from(key);
  encrypt(words, c0!, c1!, c2!, c3!, k0!, k1!);
  return words;
}

/**
 * dst[i] = uniform number first+i of the stream, i < n. Checks nothing: {@link RandomStream} is the checked face.
 *
 * @accuracy exact: every number is a multiple of 2⁻⁵³.
 */
export function fillUniform(dst: Float64Array, seed: bigint, stream: bigint, first: number, n: number): void {
  const words = new Uint32Array(4);
  const [k0, k1, c2, c3] = [lowWord(seed), highWord(seed), lowWord(stream), highWord(stream)];
  for (let block = Math.floor(first / 2); 2 * block < first + n; block++) {
    encrypt(words, block >>> 0, Math.floor(block / TWO_32), c2, c3, k0, k1);
    const i = 2 * block - first;
    if (i >= 0) dst[i] = unitInterval(words[0]!, words[1]!);
    if (i + 1 < n) dst[i + 1] = unitInterval(words[2]!, words[3]!);
  }
}

/** @throws DomainError unless `value` is an unsigned 64-bit integer. */
export function checkWord64(where: string, name: string, value: bigint): void {
  if (typeof value === 'bigint' && value >= 0n && value < 1n << 64n) return;
  throw new DomainError(
    `${where}: ${name} must be a bigint from 0 to 2^64 − 1, but it is ${String(value)} (${typeof value}).`,
  );
}

/**
 * A sequence of independent uniform numbers on [0, 1), named by (seed, stream). Two streams of one seed share no counter.
 *
 * @accuracy exact: multiples of 2⁻⁵³, the same on every machine.
 * @source the file's head.
 * @example
 * const stream = new RandomStream(1n, 7n);
 * stream.next() === stream.at(0); // true
 */
export class RandomStream {
  readonly seed: bigint;
  readonly stream: bigint;
  #position = 0;
  readonly #one = new Float64Array(1);

  /** @throws DomainError unless `seed` and `stream` are unsigned 64-bit bigints. */
  constructor(seed: bigint, stream = 0n) {
    checkWord64('RandomStream', 'seed', seed);
    checkWord64('RandomStream', 'stream', stream);
    this.seed = seed;
    this.stream = stream;
  }

  /** Index of the number that {@link next} will give. */
  get position(): number {
    return this.#position;
  }

  /** Uniform number `index` of this stream; does not move the position. @throws DomainError unless 0 ≤ index < 2⁵³. */
  at(index: number): number {
    checkInteger('RandomStream.at', 'index', index, 0);
    fillUniform(this.#one, this.seed, this.stream, index, 1);
    return this.#one[0]!;
  }

  /** The next uniform number. */
  next(): number {
    return this.at(this.#position++);
  }
}
