/** What a tokenizer by itself puts in front of a text, against `AutoTokenizer(text).input_ids` of transformers 5. */
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { tsBackend } from '../support/backends.ts';
import { type Family, jsonBytes, memoryFolder, tinyFiles } from '../support/tiny-checkpoint.ts';
import golden from './text-frames.json' with { type: 'json' };

/** Ids of the tokens of the text itself. */
const TEXT = [3, 1, 0];

describe.each(golden.processors.map((processor, i) => [JSON.stringify(processor), processor, i] as const))(
  'the post-processor %s',
  (_, processor, i) => {
    it.each(golden.configs.map(([family, config], c) => [family as Family, config, c] as const))(
      'in %s with %j',
      async (family, config, c) => {
        const expected = golden.ids[i]![c]!;
        const at = TEXT.length + expected.join().indexOf(TEXT.join()) / 2;
        const files = tinyFiles({ family, V: 8 });
        files.set('tokenizer.json', jsonBytes({ ...golden.tokenizer, post_processor: processor }));
        files.delete('tokenizer_config.json');
        if (config !== null) files.set('tokenizer_config.json', jsonBytes(config));
        const model = await openModel(memoryFolder(files), { backend: tsBackend });
        const prompt = promptOf(model, { text: golden.text });
        // What comes behind the text is left out, aloud.
        expect(prompt.ids).toEqual(expected.slice(0, at));
        expect(prompt.bos).toBe(at > TEXT.length);
        const behind = expected.slice(at).map((id) => model.tokenText(id));
        expect(model.warnings).toEqual(
          behind.length === 0 ? [] : [`The tokenizer puts ${behind.join('')} behind a text; it is left out.`],
        );
        expect(promptOf(model, { text: golden.text, bos: false }).ids).toEqual(TEXT);
        model.release();
      },
    );
  },
);
