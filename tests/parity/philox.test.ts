import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillUniform, philox4x32, RandomStream } from '../../src/core/philox.ts';
import { eachBackend } from '../support/backends.ts';
import { expectSameBits, runGuarded } from '../support/guarded-blocks.ts';
import { bitsOf } from '../support/numbers.ts';

/** Random123 1.14, tests/kat_vectors, the lines “philox4x32 10”: counter, key, output. */
const KNOWN_ANSWERS: readonly (readonly [readonly number[], readonly number[], readonly number[]])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

const word64 = fc.bigInt(0n, (1n << 64n) - 1n);

/** The layout that src/core/philox.ts states, in whole-number arithmetic. */
function uniformByDefinition(seed: bigint, stream: bigint, index: bigint): number {
  const low = (value: bigint) => Number(value & 0xffffffffn);
  const high = (value: bigint) => Number(value >> 32n);
  const block = index >> 1n;
  const words = philox4x32([low(block), high(block), low(stream), high(stream)], [low(seed), high(seed)]);
  const pair = index % 2n === 0n ? [words[0]!, words[1]!] : [words[2]!, words[3]!];
  const bits = ((BigInt(pair[0]!) >> 5n) << 26n) | (BigInt(pair[1]!) >> 6n);
  return Number(bits) / 2 ** 53;
}

describe('philox4x32', () => {
  it.each(KNOWN_ANSWERS)('gives the published answer for counter %j', (counter, key, answer) => {
    expect([...philox4x32(counter, key)]).toEqual(answer);
  });

  it('refuses a counter or key of the wrong length', () => {
    expect(() => philox4x32([0, 0, 0], [0, 0])).toThrow('counter.length must be');
    expect(() => philox4x32([0, 0, 0, 0], [0])).toThrow('key.length must be');
  });
});

describe('RandomStream', () => {
  it('reads numbers in sequence and by index', () => {
    const stream = new RandomStream(42n, 3n);
    const sequence = Array.from({ length: 9 }, () => stream.next());
    expect(sequence).toEqual(Array.from({ length: 9 }, (_, i) => uniformByDefinition(42n, 3n, BigInt(i))));
    expect(sequence.map((_, i) => stream.at(i))).toEqual(sequence);
    expect(stream.position).toBe(9);
  });

  it('fills n numbers and leaves the rest of a longer array alone', () => {
    const array = new Float64Array(6).fill(-1);
    fillUniform(array, 42n, 3n, 1, 2);
    expect([...array]).toEqual([uniformByDefinition(42n, 3n, 1n), uniformByDefinition(42n, 3n, 2n), -1, -1, -1, -1]);
    fillUniform(array, 42n, 3n, 0, 1);
    expect([...array.subarray(0, 2)]).toEqual([uniformByDefinition(42n, 3n, 0n), uniformByDefinition(42n, 3n, 2n)]);
  });

  it('has mean 1/2 and variance 1/12 within five standard errors', () => {
    const n = 100_000;
    const draws = new Float64Array(n);
    fillUniform(draws, 1n, 0n, 0, n);
    const mean = draws.reduce((sum, u) => sum + u, 0) / n;
    const variance = draws.reduce((sum, u) => sum + (u - 0.5) ** 2, 0) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  });

  it('refuses seeds that are not unsigned 64-bit integers', () => {
    expect(() => new RandomStream(-1n)).toThrow('RandomStream: seed must be a bigint from 0 to 2^64 − 1, but it is -1');
    expect(() => new RandomStream(1n, 1n << 64n)).toThrow('stream must be a bigint');
    expect(() => new RandomStream(5 as unknown as bigint)).toThrow('(number)');
    expect(() => new RandomStream(5n).at(-1)).toThrow('index must be');
  });
});

eachBackend('philoxUniform', (backend) => {
  it('gives the numbers of the definition, from any first index, and touches no other element', () => {
    const first = fc.oneof(
      fc.nat(9),
      fc.integer({ min: 2 ** 33 - 3, max: 2 ** 33 + 3 }),
      fc.integer({ min: 0, max: 2 ** 52 }),
    );
    fc.assert(
      fc.property(word64, word64, first, fc.nat(7), (seed, stream, first, n) => {
        const [bits] = runGuarded(backend, (put) => {
          const block = put('f64', new Float64Array(n + 2).fill(-1));
          backend.kernels.philoxUniform({ dst: block.part(1, n), seed, stream, first, n });
          return [block];
        });
        const expected = Array.from({ length: n }, (_, i) =>
          uniformByDefinition(seed, stream, BigInt(first) + BigInt(i)),
        );
        expect(bits).toEqual(bitsOf(Float64Array.of(-1, ...expected, -1)));
      }),
    );
  });
});

describe('philoxUniform', () => {
  it('has the same bits from both backends over a long run', () => {
    expectSameBits(({ kernels }, put) => {
      const block = put('f64', 200_001);
      kernels.philoxUniform({ dst: block, seed: 0x0123456789abcdefn, stream: 1n << 63n, first: 12345, n: 200_001 });
      return [block];
    });
  });
});
