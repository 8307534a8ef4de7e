import { describe, expect, test } from 'vitest';
import { filesFolder, type NamedBlob } from '../../src/transformer/checkpoint/files-folder.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { memoryFolder, tinyFiles } from '../support/tiny-checkpoint.ts';

const named = (name: string, bytes: Uint8Array): NamedBlob => Object.assign(new Blob([bytes.slice()]), { name });

describe('filesFolder', () => {
  test('opens the same checkpoint as any other folder', async () => {
    const files = tinyFiles({ family: 'llama', shards: 2 });
    const dropped = await openCheckpoint(
      filesFolder(
        'dropped',
        [...files].map(([name, bytes]) => named(name, bytes)),
      ),
    );
    const memory = await openCheckpoint(memoryFolder(files));
    expect(dropped.label).toBe('dropped');
    expect(dropped.tensors).toEqual(memory.tensors);
    expect(await dropped.readWeights(() => {})).toEqual(await memory.readWeights(() => {}));
  });

  test('reads ranges, lists names, and has no other files', async () => {
    const folder = filesFolder('x', [named('b', Uint8Array.of(1, 2, 3)), named('a', new Uint8Array())]);
    expect(await folder.names()).toEqual(['a', 'b']);
    expect(await folder.open('c')).toBeNull();
    const source = await folder.open('b');
    const into = new Uint8Array(2);
    await source?.read(1, into);
    expect([...into]).toEqual([2, 3]);
    await expect(source?.read(2, into)).rejects.toMatchObject({
      name: 'FormatError',
      source: 'b',
      message: 'filesFolder: b must reach byte 4, but it ends at 3.',
    });
  });

  test('refuses two files of one name, and paths', () => {
    const a = named('a', new Uint8Array());
    expect(() => filesFolder('x', [a, a])).toThrow(
      'filesFolder: files must have different names without a path, but one is "a".',
    );
    expect(() => filesFolder('x', [named('../a', new Uint8Array())])).toThrow('but one is "../a"');
  });

  test('a file the page lost is an error with advice', async () => {
    const lost: NamedBlob = Object.assign(new Blob(['abc']), {
      name: 'a',
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) as unknown as Blob,
    });
    const source = await filesFolder('x', [lost]).open('a');
    await expect(source?.read(0, new Uint8Array(1))).rejects.toThrow(
      'filesFolder: a must be a file that can be read, but the page lost it. Choose the files again.',
    );
  });
});
