import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/core/errors.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { readTorchHeader } from '../../src/transformer/checkpoint/torch-file.ts';
import { concatenate, memoryFolder, type TinyOptions, tinyFiles } from '../support/tiny-checkpoint.ts';
import { asTorch, pickle, push, torchFile, zipFile } from '../support/torch-file.ts';

const NAME = 'pytorch_model.bin';

/** Every row that a checkpoint shows, with the bytes in it. */
async function rowsOf(files: ReadonlyMap<string, Uint8Array>) {
  const checkpoint = await openCheckpoint(memoryFolder(files));
  const rows: unknown[] = [];
  await checkpoint.readWeights(({ tensor, firstRow, rows: count, bytes }) =>
    rows.push([tensor.name, tensor.dtype, tensor.shape, firstRow, count, [...bytes]]),
  );
  return { rows: rows.sort(), ignored: checkpoint.ignored, count: checkpoint.parameterCount };
}

async function headerOf(bytes: Uint8Array) {
  return readTorchHeader(NAME, (await memoryFolder(new Map([[NAME, bytes]])).open(NAME))!);
}

describe('a checkpoint in pytorch_model.bin shows the rows that it shows in safetensors', () => {
  test.each<TinyOptions & { readonly wide?: boolean }>([
    { family: 'gpt2' },
    { family: 'gpt2', dtype: 'BF16', maskBuffers: true },
    { family: 'llama', dtype: 'F16', wide: true },
    { family: 'gpt_neox', shards: 3 },
  ])('%j', async ({ wide = false, ...options }) => {
    const files = tinyFiles(options);
    const torch = asTorch(files, { wide });
    expect([...torch.keys()].filter((name) => name.endsWith('.safetensors'))).toEqual([]);
    expect(await rowsOf(torch)).toEqual(await rowsOf(files));
  });

  test('its fingerprint covers every byte of its files', async () => {
    const checkpoint = await openCheckpoint(memoryFolder(asTorch(tinyFiles({ shards: 2 }))));
    expect(Object.keys(await checkpoint.readWeights(() => {})).sort()).toEqual([
      'config.json',
      'pytorch_model-00001-of-00002.bin',
      'pytorch_model-00002-of-00002.bin',
      'pytorch_model.bin.index.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
  });

  test('safetensors come first', async () => {
    const files = tinyFiles({ dtype: 'F16' });
    for (const [name, bytes] of asTorch(tinyFiles())) if (name === NAME) files.set(name, bytes);
    const { tensors } = await openCheckpoint(memoryFolder(files));
    expect(new Set([...tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['F16']));
  });

  test('a shard that the index lists and that is not there', async () => {
    const files = asTorch(tinyFiles({ shards: 2 }));
    files.delete('pytorch_model-00002-of-00002.bin');
    await expect(openCheckpoint(memoryFolder(files))).rejects.toThrow(
      'must contain pytorch_model-00002-of-00002.bin, which pytorch_model.bin.index.json lists',
    );
  });
});

const FLOATS = { type: 'F32', shape: [2, 3], bytes: new Uint8Array(24) };
const plain = torchFile({ a: FLOATS });
const withPickle = (bytes: Uint8Array, data = 24): Uint8Array =>
  zipFile([
    { name: 'archive/data.pkl', bytes },
    { name: 'archive/data/0', bytes: new Uint8Array(data) },
  ]);
const storage = push.storage('FloatStorage', '0', 6);
const state = (...operations: readonly (string | Uint8Array)[]): Uint8Array =>
  withPickle(pickle('}(', push.text('a'), ...operations, 'u'));
const changed = (index: number, change: (view: DataView) => void): Uint8Array =>
  torchFile({ a: FLOATS }, { directory: (view, i) => i === index && change(view) });

test('the small file that the refusals are made of is read', async () => {
  expect((await headerOf(plain)).tensors).toMatchObject([{ name: 'a', dtype: 'F32', shape: [2, 3] }]);
  expect((await headerOf(state(push.tensor(storage, 3, [3])))).tensors).toMatchObject([{ name: 'a', shape: [3] }]);
  expect((await headerOf(state(push.tensor(storage, 0, [2, 1, 3], [3, 99, 1])))).tensors).toHaveLength(1);
});

/** The small file with a number of two or four bytes changed, counted from its end where negative. */
function edited(at: number, value: number, size: 2 | 4): Uint8Array {
  const bytes = plain.slice();
  const view = new DataView(bytes.buffer);
  const place = at < 0 ? bytes.length + at : at;
  if (size === 2) view.setUint16(place, value, true);
  else view.setUint32(place, value, true);
  return bytes;
}

const floats = (type: string, key = '0', count = 6): Uint8Array => push.storage(type, key, count);

describe('refused in one line', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /must be a zip archive/],
    ['four bytes', plain.slice(0, 4), /end with the directory of a zip file/],
    ['a truncated file', plain.slice(0, -1), /end with the directory .* truncated/],
    ['a file with a piece missing', concatenate([plain.slice(0, 40), plain.slice(60)]), /must /],
    ['a comment', edited(-2, 5, 2), /end with the directory/],
    ['a directory beyond the end', edited(-6, 1 << 20, 4), /its directory in front of its end/],
    ['a directory of more files', edited(-12, 900, 2), /46 for each at least/],
    ['a local header that reaches beyond', edited(28, 60_000, 2), /hold all of "archive\/data\.pkl" at 0/],
    [
      'a size that the last file has in an extension',
      changed(3, (view) => view.setUint32(24, 0xffffffff, true)),
      /hold files as they are/,
    ],
    ['no pickle', zipFile([{ name: 'a/version', bytes: new Uint8Array(1) }]), /one file data\.pkl .* holds 0/],
    ['two pickles', zipFile(['a', 'b'].map((name) => ({ name: `${name}/data.pkl`, bytes: pickle('}') }))), /holds 2/],
    [
      'a file twice',
      zipFile(['x', 'x'].map((name) => ({ name, bytes: new Uint8Array(1) }))),
      /once, but x comes twice/,
    ],
    ['packed files', changed(0, (view) => view.setUint16(10, 8, true)), /archive\/data\.pkl" is packed by method 8/],
    ['encrypted files', changed(2, (view) => view.setUint16(8, 1, true)), /not be encrypted, but "archive\/data\/0"/],
    ['sizes that differ', changed(2, (view) => view.setUint32(20, 23, true)), /packed by method 0/],
    [
      'a data file of another size',
      changed(2, (view) => {
        for (const at of [20, 24]) view.setUint32(at, 20, true);
      }),
      /24 bytes for storage "?0"?, but it has 20/,
    ],
    [
      'a file beyond the directory',
      changed(2, (view) => view.setUint32(42, 1 << 20, true)),
      /in front of its directory/,
    ],
    ['a header that is none', changed(2, (view) => view.setUint32(42, 3, true)), /hold all of "archive\/data\/0" at 3/],
    ['a size in an extension that is missing', changed(2, (view) => view.setUint32(24, 0xffffffff, true)), /must /],
    [
      'the other order of bytes',
      zipFile([
        { name: 'a/data.pkl', bytes: pickle('}') },
        { name: 'a/byteorder', bytes: new TextEncoder().encode('big') },
      ]),
      /in little order, but .* big/,
    ],
    [
      'no storage',
      withPickle(pickle('}(', push.text('a'), push.tensor(floats('FloatStorage', '7'), 0, [6]), 'u')),
      /storage "?7"?, but it has none/,
    ],
    [
      'a storage that is larger than its file',
      state(push.tensor(floats('FloatStorage', '0', 7), 0, [6])),
      /28 bytes for storage/,
    ],
    [
      'a storage of two types',
      state(push.tensor(storage, 0, [6]), push.text('b'), push.tensor(floats('IntStorage'), 0, [6])),
      /one type and size/,
    ],
    ['a tensor that reaches beyond', state(push.tensor(storage, 1, [6])), /\[6\] from 1 on is not in 6 numbers/],
    ['a tensor of very many numbers', state(push.tensor(storage, 0, [1 << 30, 1 << 30])), /not in 6 numbers/],
    ['strides of another length', state(push.tensor(storage, 0, [2, 3], [3])), /rebuild tensors from/],
    ['a shape below zero', state(push.tensor(storage, 0, [-2, 3])), /rebuild tensors from/],
    [
      'a name twice',
      withPickle(
        pickle('}(', push.text('a'), push.tensor(storage, 0, [6]), push.text('a'), push.tensor(storage, 0, [6]), 'u'),
      ),
      /once, but a comes twice/,
    ],
    [
      'a name that is a number',
      withPickle(pickle('}(', push.integer(1), push.tensor(storage, 0, [6]), 'u')),
      /by texts/,
    ],
    [
      'a call of the system',
      state('cos\nsystem\n', '(', push.text('ls'), 'tR'),
      /names os\.system, which could run anything/,
    ],
    ['a call of eval', state('cbuiltins\neval\n(', push.text('1'), 'tR'), /names builtins\.eval/],
    ['a name that looks like one', state('ctorch\nFloatStorage.__class__\n'), /names torch\.FloatStorage\.__class__/],
    ['a name from the stack', state(push.text('os'), push.text('system'), '\x93'), /names os\.system/],
    ['an instance', state('(ios\nsystem\n'), /operations of state dictionaries only, but it has 0x69/],
    ['a class that is called', state('ctorch\nFloatStorage\n)R'), /call torch\.FloatStorage with its arguments/],
    ['attributes of a tensor', state(push.tensor(storage, 0, [6]), '}b'), /attributes of dictionaries only/],
    ['a persistent id that is none', state(push.text('x'), 'Q'), /refer to storages by/],
    ['an extension', state('\x82\x01'), /it has 0x82/],
    ['another protocol', withPickle(Uint8Array.of(0x80, 9, 0x2e)), /protocol 2 to 5, but it has 9/],
    ['no stop', withPickle(Uint8Array.of(0x80, 2, 0x7d)), /end with a stop/],
    ['nothing on the stack', withPickle(pickle('')), /a value for every step/],
    ['a mark that is passed', withPickle(pickle('}(s')), /a value for every step/],
    [
      'what lies under a mark',
      withPickle(pickle('}', push.text('a'), push.tensor(storage, 0, [6]), '(s')),
      /a value for every step/,
    ],
    [
      'a count below zero',
      state('(', push.text('storage'), 'ctorch\nFloatStorage\n', push.text('0'), push.text('cpu'), '\x8a\x01\xfftQ'),
      /give storages a count/,
    ],
    ['no mark', withPickle(pickle('}u')), /mark where lists begin/],
    ['nothing kept', withPickle(pickle('h\x07')), /kept nothing as 7/],
    ['a text longer than the pickle', withPickle(pickle('X\xff\xff\xff\xff')), /end with a stop/],
    ['a text that is no text', withPickle(pickle('X\x01\0\0\0\xff')), /texts in UTF-8/],
    ['a long name', withPickle(pickle(`c${'a'.repeat(300)}`)), /names of at most 256 bytes/],
    ['a large integer', state(Uint8Array.of(0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 1)), /integers below 2\^53/],
  ])('%s', async (_, bytes, message) => {
    const fault: unknown = await headerOf(bytes).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(FormatError);
    expect(String(fault)).toMatch(message);
    expect(String(fault)).toMatch(/^FormatError: openCheckpoint: [^\n]{1,400}$/);
  });
});
