import { appendFile, chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNodeFolder } from '../../src/transformer/checkpoint/node-folder.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { ggufModel } from '../support/gguf-model.ts';
import { tinyCheckpoint, tinyConfig, tinyTensors, writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(async () => rm(root, { recursive: true }));

describe('openNodeFolder', () => {
  test('opens the same checkpoint as any other folder', async () => {
    await writeTinyCheckpoint(join(root, 'model'), { shards: 2 });
    const checkpoint = await openCheckpoint(await openNodeFolder(join(root, 'model/')));
    const memory = await openCheckpoint(tinyCheckpoint({ shards: 2 }));
    expect(checkpoint.label).toBe('model');
    expect(await checkpoint.readWeights(() => {})).toEqual(await memory.readWeights(() => {}));
  });

  test('opens a GGUF file by its first bytes, and finds the other shards beside it', async () => {
    const config = tinyConfig({ family: 'llama' });
    const { bytes } = ggufModel(tinyTensors({ family: 'llama' }).values(), config);
    await writeFile(join(root, 'sha256-0123'), bytes);
    const checkpoint = await openCheckpoint(await openNodeFolder(join(root, 'sha256-0123')));
    expect([checkpoint.label, checkpoint.config.family]).toEqual(['sha256-0123', 'llama']);
    expect(Object.keys(await checkpoint.readWeights(() => {}))).toEqual(['sha256-0123']);
    for (const name of ['m-00001-of-00003.gguf', 'm-00003-of-00003.gguf', 'n-00002-of-00003.gguf'])
      await writeFile(join(root, name), bytes);
    const folder = await openNodeFolder(join(root, 'm-00003-of-00003.gguf'));
    expect(await folder.names()).toEqual(['m-00001-of-00003.gguf', 'm-00003-of-00003.gguf']);
    expect(await folder.open('sha256-0123')).toBeNull();
    await expect(openCheckpoint(folder)).rejects.toThrow('but m-00002-of-00003.gguf is missing. Download it as well.');
  });

  test('follows the links of a Hub cache, and asks for a snapshot where it is given the entry', async () => {
    const entry = join(root, 'models--a--b');
    await writeTinyCheckpoint(join(entry, 'blobs'));
    const snapshot = join(entry, 'snapshots', '0123');
    await mkdir(snapshot, { recursive: true });
    for (const name of ['config.json', 'model.safetensors', 'tokenizer.json']) {
      await rename(join(entry, 'blobs', name), join(entry, 'blobs', `${name}-hash`));
      await symlink(join('..', '..', 'blobs', `${name}-hash`), join(snapshot, name));
    }
    const checkpoint = await openCheckpoint(await openNodeFolder(snapshot));
    expect(Object.keys(await checkpoint.readWeights(() => {}))).toEqual([
      'config.json',
      'tokenizer.json',
      'model.safetensors',
    ]);
    await expect(openNodeFolder(entry)).rejects.toThrow(
      `but ${entry} is an entry of the Hub's cache. Give one of the folders in its snapshots/.`,
    );
  });

  test('reads at once what it reads, until the file changes', async () => {
    await writeFile(join(root, 'numbers'), 'abcdef');
    const source = (await (await openNodeFolder(root)).open('numbers'))!;
    const bytes = new Uint8Array(3);
    source.readSync!(2, bytes);
    expect(new TextDecoder().decode(bytes)).toBe('cde');
    expect(() => source.readSync!(4, bytes)).toThrow('numbers must reach byte 7, but it ends at 6.');
    await writeFile(join(root, 'numbers'), 'abcdefg');
    expect(() => source.readSync!(2, bytes)).toThrow('numbers must stay as it is while it is read, but it changed.');
    await rm(join(root, 'numbers'));
    expect(() => source.readSync!(2, bytes)).toThrow('numbers must be a file that can be read, but it does not exist.');
  });

  test('lists files only, and has no others', async () => {
    await writeFile(join(root, 'a'), 'abc');
    await mkdir(join(root, 'folder'));
    await symlink(join(root, 'folder'), join(root, 'link'));
    const folder = await openNodeFolder(root);
    expect(await folder.names()).toEqual(['a', 'link']);
    for (const name of ['b', 'folder', 'link', '../a', `${root}/a`, '..', 'a\0', ''])
      expect(await folder.open(name)).toBeNull();
  });

  test.each([
    ['nothing', 'does not exist'],
    ['file/x', 'is not a directory'],
  ])('refuses %s, which %s', async (name, reason) => {
    await writeFile(join(root, 'file'), 'abc');
    await expect(openNodeFolder(join(root, name))).rejects.toMatchObject({
      name: 'DomainError',
      message: `openNodeFolder: path must be a directory that can be read, but ${join(root, name)} ${reason}.`,
    });
  });

  test.each([
    ['model.safetensors', '\x10\0\0\0\0\0\0\0{', 'a file. Give the folder that holds it.'],
    ['config.json', '{}', 'a file. Give the folder that holds it.'],
    ['old.gguf', 'lmgg\x03\0\0\0', 'an old GGML file of llama.cpp. Take the model in safetensors.'],
    ['pytorch_model.bin', 'PK\x03\x04', 'a file of PyTorch. If it is the state dictionary of a model'],
    ['model.pt', '\x80\x02}', 'a file of PyTorch'],
    ['archive', 'PK\x03\x04', 'a zip archive. Unpack it'],
    [
      'model.gguf',
      'version https://git-lfs.github.com/spec/v1',
      'a Git LFS pointer. Fetch the weights with “git lfs pull”.',
    ],
    ['model.onnx', '\x08\x07', 'an ONNX file'],
    ['model.tar.gz', '\x1f\x8b\x08', 'a file packed by gzip. Unpack it.'],
    ['empty.gguf', '', 'an empty file. Download it again.'],
  ])('says what %s is, given instead of a folder', async (name, content, what) => {
    const path = join(root, name);
    await writeFile(path, Buffer.from(content, 'latin1'));
    await expect(openNodeFolder(path)).rejects.toThrow(
      expect.objectContaining({
        name: 'DomainError',
        message: expect.stringContaining(
          `path must be a directory with a checkpoint, or a GGUF file, but ${path} is ${what}`,
        ),
      }),
    );
  });

  test('refuses an empty path and a NUL', async () => {
    await expect(openNodeFolder('')).rejects.toThrow('openNodeFolder: path must name a directory, but it is "".');
    await expect(openNodeFolder('a\0b')).rejects.toThrow('but it is "a\\u0000b".');
  });

  test('names a link that leads nowhere', async () => {
    await symlink(join(root, 'gone'), join(root, 'config.json'));
    const folder = await openNodeFolder(root);
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      name: 'FormatError',
      source: 'config.json',
      message: 'openNodeFolder: config.json must be a file that can be read, but it does not exist.',
    });
  });

  test.skipIf(process.getuid?.() === 0)('names a file without permission', async () => {
    await writeFile(join(root, 'a'), 'abc');
    await chmod(join(root, 'a'), 0);
    const source = await (await openNodeFolder(root)).open('a');
    await expect(source?.read(0, new Uint8Array(1))).rejects.toThrow('is not readable for this user');
  });

  test('refuses a file that changes while it is read, or ends before the read', async () => {
    await writeFile(join(root, 'a'), 'abc');
    const source = await (await openNodeFolder(root)).open('a');
    await expect(source?.read(2, new Uint8Array(2))).rejects.toMatchObject({
      name: 'FormatError',
      message: 'openNodeFolder: a must reach byte 4, but it ends at 3.',
    });
    await appendFile(join(root, 'a'), 'd');
    await expect(source?.read(0, new Uint8Array(1))).rejects.toThrow(
      'openNodeFolder: a must stay as it is while it is read, but it changed. Open the folder again.',
    );
  });
});
