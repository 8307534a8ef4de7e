import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CapacityError, FormatError } from '../../src/core/errors.ts';
import { readAll } from '../../src/formats/array-file.ts';
import { matrixMarketBytes } from '../../src/formats/matrix-market.ts';
import { npyBytes } from '../../src/formats/npy.ts';
import { npzBytes } from '../../src/formats/npz.ts';
import { readMatrixMarket } from '../../src/formats/read-matrix-market.ts';
import { readNpy } from '../../src/formats/read-npy.ts';
import { openNpz } from '../../src/formats/read-npz.ts';
import { openSafetensors } from '../../src/formats/read-safetensors.ts';
import { safetensorsBytes } from '../../src/formats/safetensors.ts';

const ARRAY = { name: 'ab', shape: [3, 2], data: Float64Array.of(1, 2.5, -3, 0, 5, 6e-9) };
const COMPLEX = { ...ARRAY, shape: [3, 1], complex: true };
const LIMIT = { maxBytes: 1 << 20 };

const READERS: [string, Uint8Array[], (bytes: Uint8Array) => unknown][] = [
  ['readNpy', [npyBytes(ARRAY), npyBytes(COMPLEX)], (bytes) => readNpy(bytes, 'f', LIMIT)],
  [
    'openNpz',
    [npzBytes([ARRAY]), npzBytes([ARRAY, { ...ARRAY, name: 'c' }], { compress: true })],
    (bytes) => readAll(openNpz(bytes, 'f', LIMIT)),
  ],
  ['openSafetensors', [safetensorsBytes([ARRAY])], (bytes) => readAll(openSafetensors(bytes, 'f', LIMIT))],
  [
    'readMatrixMarket',
    [matrixMarketBytes(ARRAY), matrixMarketBytes(COMPLEX, { layout: 'coordinate' })],
    (bytes) => readMatrixMarket(bytes, 'f', LIMIT),
  ],
];

/** Changes at random places: a byte, a stretch left out, a stretch doubled, an end cut off. */
const change = fc.record({
  kind: fc.constantFrom('byte', 'remove', 'repeat', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  value: fc.oneof(fc.nat(255), fc.constantFrom(0, 0xff, ...'(),9 -e%'.split('').map((c) => c.charCodeAt(0)))),
  length: fc.nat(12),
});

function apply(
  bytes: Uint8Array,
  { kind, at: share, value, length }: typeof change extends fc.Arbitrary<infer T> ? T : never,
): Uint8Array {
  const at = Math.floor(share * bytes.length);
  if (kind === 'cut') return bytes.slice(0, at);
  if (kind === 'remove') return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + length));
  if (kind === 'repeat') return Uint8Array.of(...bytes.subarray(0, at + length), ...bytes.subarray(at));
  const changed = bytes.slice();
  if (at < changed.length) changed[at] = value;
  return changed;
}

describe.each(READERS)('%s', (_name, files, read) => {
  test('of a damaged file gives arrays, a FormatError or a CapacityError', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
        try {
          read(changes.reduce(apply, file));
        } catch (error) {
          refused++;
          if (!(error instanceof FormatError || error instanceof CapacityError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(400);
  });

  test('of random bytes throws a FormatError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => read(bytes)).toThrow(FormatError);
      }),
      { numRuns: 300 },
    );
  });
});
