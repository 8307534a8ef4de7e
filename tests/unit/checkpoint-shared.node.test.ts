import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { openNodeFolder } from '../../src/transformer/checkpoint/node-folder.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { noticeIfAbsent, sharedFolder } from '../support/shared-folder.ts';

const models = sharedFolder('models');
noticeIfAbsent(models, 'tests of reading trained checkpoints');

describe.skipIf(models === null)('trained checkpoints', () => {
  test.each([
    ['shakespeare-gpt2', 52, 875_264],
    ['shakespeare-gpt2-bf16', 52, 875_264],
    ['shakespeare-llama', 48, 997_760],
    ['shakespeare-llama-f16-sharded', 48, 997_760],
  ])('%s: tensors, parameters, and the hashes that sha256sum prints', async (name, tensors, parameters) => {
    const path = `${models}/${name}`;
    const checkpoint = await openCheckpoint(await openNodeFolder(path));
    expect(checkpoint.tensors.size).toBe(tensors);
    expect(checkpoint.parameterCount).toBe(parameters);
    expect([checkpoint.warnings, checkpoint.ignored]).toEqual([[], []]);
    const fingerprint = await checkpoint.readWeights(() => {});
    const printed = execFileSync('sha256sum', Object.keys(fingerprint), { cwd: path, encoding: 'utf8' });
    expect(Object.entries(fingerprint).map(([file, hash]) => `${hash}  ${file}`)).toEqual(printed.trim().split('\n'));
  });
});
