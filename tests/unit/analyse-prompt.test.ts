import { describe, expect, it } from 'vitest';
import { analysePrompt } from '../../src/analyses/analyse-prompt.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { wasmBackend } from '../support/backends.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

describe('an analysis', () => {
  it.each([
    ['GPT-2 small', { family: 'gpt2', L: 12, H: 12, D: 24 }],
    ['SmolLM2-135M', { family: 'llama', L: 30, H: 9, G: 3, K: 2, D: 18 }],
  ] as const)(
    'searches the paths of as many heads and layers as %s has',
    async (_, options) => {
      const model = await openModel(tinyCheckpoint(options), { backend: wasmBackend });
      const few = { depth: 1, maxStrings: 2, trajectories: 2, greedy: 1 };
      const { dyson } = analysePrompt(model, promptOf(model, { ids: [1, 2, 3] }), few);
      expect(dyson.paths!.paths).toHaveLength(12);
      expect(dyson.paths!.search).not.toBe('enumeration');
      model.release();
    },
    60_000,
  );
});
