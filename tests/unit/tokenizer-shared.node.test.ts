import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openNodeFolder } from '../../src/transformer/checkpoint/node-folder.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { openTokenizer } from '../../src/transformer/tokenizer.ts';
import { noticeIfAbsent, sharedFolder } from '../support/shared-folder.ts';

const models = sharedFolder('models');
noticeIfAbsent(models, 'tests of tokenizers against reference ids');

interface Reference {
  readonly cases: readonly {
    readonly prompt: string;
    readonly ids: number[];
    readonly greedy_ids: number[];
    readonly greedy_text: string;
  }[];
}

describe.skipIf(models === null)('tokenizers of trained checkpoints', () => {
  test.each(['shakespeare-gpt2', 'shakespeare-gpt2-bf16', 'shakespeare-llama', 'shakespeare-llama-f16-sharded'])(
    '%s gives the reference ids and texts',
    async (name) => {
      const tokenizer = openTokenizer(await openCheckpoint(await openNodeFolder(`${models}/${name}`)));
      const { cases } = JSON.parse(readFileSync(`${models}/${name}/reference.json`, 'utf8')) as Reference;
      expect(cases).toHaveLength(5);
      for (const { prompt, ids, greedy_ids, greedy_text } of cases) {
        expect(tokenizer.encode(prompt, { bos: false })).toEqual(ids);
        expect(tokenizer.decode(ids)).toBe(prompt);
        expect(tokenizer.decode(greedy_ids)).toBe(greedy_text);
      }
      expect([tokenizer.size, tokenizer.bosId]).toEqual([512, 511]);
    },
  );
});
