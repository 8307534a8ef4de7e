/** Files of torch.save, against the tensors that were saved. */
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/core/errors.ts';
import { readTorchHeader } from '../../src/transformer/checkpoint/torch-file.ts';
import { fromBase64 } from '../support/base64.ts';
import { memoryFolder } from '../support/tiny-checkpoint.ts';
import golden from './torch-files.json' with { type: 'json' };

const NAME = 'pytorch_model.bin';
const open = async (file: string) => (await memoryFolder(new Map([[NAME, fromBase64(file)]])).open(NAME))!;
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

describe('what is read', () => {
  test.each(golden.read)('$name', async ({ file, tensors }) => {
    const source = await open(file);
    const { tensors: stored } = await readTorchHeader(NAME, source);
    const found = await Promise.all(
      stored.map(async ({ name, dtype, shape, begin, end }) => {
        const bytes = new Uint8Array(end - begin);
        await source.read(begin, bytes);
        return [name, [dtype, shape, hex(bytes)]] as const;
      }),
    );
    expect(Object.fromEntries(found)).toEqual(tensors);
  });
});

const REASONS: Readonly<Record<string, RegExp>> = {
  'the old format': /PyTorch 1\.6 or later, but it has the format from before/,
  'a module': /names torch\.nn\.modules\.container\.Sequential, which could run anything/,
  'a transposed tensor': /in the order of their indices, but t is in another/,
  'an expanded tensor': /in the order of their indices, but t is in another/,
  'parts of one another': /but b is part of a\. Save it as \.clone\(\)\./,
  'one inside another': /but [ab] is part of [ab]\./,
  'a state dictionary in a dictionary': /tensors only, but model is none\. Save the dictionary in it by itself\./,
  'a number': /tensors only, but step is none/,
  'a tensor': /hold a state dictionary/,
  'a list': /hold a state dictionary/,
  'a complex tensor': /names torch\.ComplexFloatStorage/,
  'a sparse tensor': /names torch\._utils\._rebuild_sparse_tensor/,
  'an array of NumPy': /names numpy\S*\._reconstruct/,
  'a function': /names (__builtin__|builtins)\.print/,
  'eight bits': /names torch\.\S+/,
};

describe('what is refused', () => {
  test('each has a reason', () => {
    expect(golden.refused.map(({ name }) => name)).toEqual(Object.keys(REASONS));
  });

  test.each(golden.refused)('$name', async ({ name, file }) => {
    const fault = await readTorchHeader(NAME, await open(file)).catch((e: unknown) => e);
    expect(fault).toBeInstanceOf(FormatError);
    expect(String(fault)).toMatch(REASONS[name]!);
    expect(String(fault)).toMatch(/^FormatError: openCheckpoint: [^\n]*pytorch_model\.bin must [^\n]*$/);
  });
});
