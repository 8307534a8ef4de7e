import fc from 'fast-check';
import { parquetMetadata, snappyUncompress } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { type ChunkShape, chunkValues } from '../../src/cli/parquet-pages.ts';
import { ThriftReader } from '../../src/cli/parquet-thrift.ts';
import { unpackSnappy } from '../../src/cli/snappy.ts';

/** The chunk of one column as hyparquet-writer writes it. */
function chunkOf(type: 'INT32' | 'INT64' | 'DOUBLE' | 'STRING', data: unknown[], list: boolean) {
  const element = type === 'STRING' ? { type: 'BYTE_ARRAY', converted_type: 'UTF8' } : { type };
  const leaf = { ...element, repetition_type: 'REQUIRED' };
  const schema = list
    ? [
        { name: 'root', num_children: 1 },
        { name: 'x', converted_type: 'LIST', num_children: 1, repetition_type: 'REQUIRED' },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        { name: 'element', ...leaf },
      ]
    : [
        { name: 'root', num_children: 1 },
        { name: 'x', ...leaf },
      ];
  const writer = new ByteWriter();
  // Small pages, so that columns have several.
  parquetWrite({ writer, schema: schema as never, columnData: [{ name: 'x', data }], pageSize: 64, rowGroupSize: 1e6 });
  const bytes = writer.getBytes();
  const about = parquetMetadata(bytes).row_groups[0]!.columns[0]!.meta_data!;
  const from = Number(about.dictionary_page_offset ?? about.data_page_offset);
  return bytes.slice(from, from + Number(about.total_compressed_size));
}

const SNAPPY = 1;

describe('chunkValues', () => {
  it.each([
    ['INT32', fc.integer({ min: 0, max: 9 })],
    ['INT32', fc.integer()],
    ['INT64', fc.maxSafeInteger().map(BigInt)],
    ['DOUBLE', fc.double({ noNaN: true })],
    ['DOUBLE', fc.constantFrom(0.5, -0, 1e300)],
    ['STRING', fc.string({ unit: 'grapheme' })],
    ['STRING', fc.constantFrom('', 'a', '\ufeffb', '\u0000')],
  ] as const satisfies readonly (readonly [string, fc.Arbitrary<unknown>])[])(
    'reads what the library writes: %s',
    (type, value: fc.Arbitrary<unknown>) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 5 }),
          fc.array(value, { minLength: 1, maxLength: 300 }),
          (length, values) => {
            const shape = { type: type === 'STRING' ? 'BYTE_ARRAY' : type, length: null } as const;
            const plain = (one: unknown) => (typeof one === 'bigint' ? Number(one) : one);
            const flat = chunkOf(type, values, false);
            expect(chunkValues(flat, SNAPPY, { ...shape, rows: values.length })).toEqual(values.map(plain));
            const rows = Math.floor(values.length / Math.max(1, length));
            if (rows === 0) return;
            const lists = Array.from({ length: rows }, (_, k) => values.slice(k * length, (k + 1) * length));
            const nested = chunkOf(type, lists, true);
            expect(chunkValues(nested, SNAPPY, { ...shape, rows, length })).toEqual(lists.flat().map(plain));
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('ends on any bytes, in values of the shape or an error', () => {
    const chunks = [
      [
        chunkOf(
          'INT32',
          Array.from({ length: 200 }, (_, i) => i % 7),
          false,
        ),
        { type: 'INT32', rows: 200, length: null },
      ],
      [
        chunkOf(
          'STRING',
          Array.from({ length: 99 }, (_, i) => ['a', `b${i % 5}`]),
          true,
        ),
        { type: 'BYTE_ARRAY', rows: 99, length: 2 },
      ],
      [
        chunkOf(
          'DOUBLE',
          Array.from({ length: 50 }, (_, i) => i / 3),
          false,
        ),
        { type: 'DOUBLE', rows: 50, length: null },
      ],
    ] as const satisfies readonly (readonly [Uint8Array, ChunkShape])[];
    const change = fc.record({ at: fc.nat({ max: 1e6 }), to: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...chunks),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        ([chunk, shape], changes) => {
          const damaged = chunk.slice();
          for (const { at, to } of changes) damaged[at % damaged.length] = to;
          let values: unknown[];
          try {
            values = chunkValues(damaged, SNAPPY, shape);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            return;
          }
          expect(values).toHaveLength(shape.rows * (shape.length ?? 1));
        },
      ),
      { numRuns: 4000 },
    );
  });
});

describe('unpackSnappy', () => {
  it('agrees with the library, and ends on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (block) => {
        let mine: Uint8Array;
        try {
          mine = unpackSnappy(block, block[0]! & 127);
        } catch {
          return;
        }
        const theirs = new Uint8Array(mine.length);
        snappyUncompress(block, theirs);
        expect(mine).toEqual(theirs);
      }),
      { numRuns: 5000 },
    );
    // A literal of length −15 in 32 bits, on which a reader that trusts it turns in a circle.
    expect(() => unpackSnappy(Uint8Array.of(9, 0xfc, 0xf0, 0xff, 0xff, 0xff, 0, 0), 9)).toThrow('longer than it says');
    expect(() => unpackSnappy(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 1), 4)).toThrow('without a length');
    expect(() => unpackSnappy(Uint8Array.of(4, 0b01, 1), 4)).toThrow('from outside itself');
  });
});

describe('ThriftReader', () => {
  it('bounds what lists, texts and depths claim', () => {
    const struct = (...bytes: number[]) => new ThriftReader(Uint8Array.from(bytes)).struct();
    expect(struct(0x15, 0x05, 0)).toEqual(new Map([[1, -3]]));
    expect(struct(0x19, 0x35, 2, 4, 6, 0)).toEqual(new Map([[1, [1, 2, 3]]]));
    expect(() => struct(0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f, 0)).toThrow('a list of 4294967295 elements');
    expect(() => struct(0x18, 0xff, 0xff, 0xff, 0x7f, 0)).toThrow('bytes of text');
    expect(() => struct(...Array(100_000).fill(0x1c))).toThrow('nest deeper');
    expect(() => struct(0x19, ...Array(100_000).fill(0x19))).toThrow('nest deeper');
    expect(() => struct(0x16, ...Array(40).fill(0xff))).toThrow('more than ten bytes');
    expect(() => struct(0x1b, 0)).toThrow('unknown type 11');
    expect(() => struct(0x15)).toThrow('ends within');
  });
});
