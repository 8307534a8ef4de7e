import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { textFrame } from '../../src/transformer/text-frame.ts';
import { tsBackend } from '../support/backends.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

describe('what a tokenizer puts around a text', () => {
  const frame = (post_processor: unknown, config: object = {}, family: 'llama' | 'gpt_neox' = 'llama') =>
    textFrame({ config: { family }, tokenizerFiles: { tokenizer: { post_processor }, config } });
  const special = { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } };
  const first = { SpecialToken: { id: '<s>', type_id: 0 } };
  const text = { Sequence: { id: 'A', type_id: 0 } };
  const template = { type: 'TemplateProcessing', single: [first, text], special_tokens: special };

  it('nothing without a tokenizer, and nothing by the class that leaves the post-processor out', () => {
    expect(textFrame({ config: { family: 'llama' }, tokenizerFiles: null })).toEqual({ before: [], after: [] });
    expect(frame(template)).toEqual({ before: [1], after: [] });
    expect(frame(template, {}, 'gpt_neox').before).toEqual([]);
    expect(frame(template, { tokenizer_class: 'PreTrainedTokenizerFast' }, 'gpt_neox').before).toEqual([1]);
    expect(frame(template, { tokenizer_class: 'GPTNeoXTokenizerFast' }).before).toEqual([]);
  });

  it.each([
    [
      { type: 'Sequence', processors: [template, template] },
      'must put tokens around a text in one step, but it does in 2',
    ],
    [{ type: 'Sequence' }, 'must list its processors, but they are absent'],
    [{ type: 'TemplateProcessing' }, 'must place a single text once, but single is absent'],
    [{ ...template, single: [first] }, 'must place a single text once'],
    [{ ...template, single: [text, text] }, 'must place a single text once'],
    [{ ...template, special_tokens: {} }, 'must give ids to its special token "<s>", but they are absent'],
    [{ ...template, special_tokens: { '<s>': { ids: [-1] } } }, 'but they are [-1]'],
    [{ ...template, special_tokens: { '<s>': { ids: 1 } } }, 'but they are 1'],
    [
      { ...template, single: [{ SpecialToken: { id: 'constructor' } }, text] },
      'special token "constructor", but they are absent',
    ],
    [{ type: 'RobertaProcessing', sep: ['</s>', 2] }, 'must give cls as a token and its id, but it is absent'],
    [{ type: 'BertProcessing', sep: ['</s>', '2'], cls: ['<s>', 1] }, 'must give sep as a token and its id'],
  ])('%j is refused', (processor, message) => {
    expect(() => frame(processor)).toThrow(expect.objectContaining({ name: 'FormatError', source: 'tokenizer.json' }));
    expect(() => frame(processor)).toThrow(message);
  });
});

describe('a prompt', () => {
  it('is text or ids, with the beginning-of-text token where it is asked for', async () => {
    const model = await openModel(tinyCheckpoint({ V: 300 }), { backend: tsBackend });
    const text = promptOf(model, { text: 'ab' });
    expect(text).toEqual({ text: 'ab', ids: text.ids, tokens: ['a', 'b'], bos: false });
    expect(promptOf(model, { text: 'ab', bos: true }).ids).toEqual([model.config.bosId, ...text.ids]);
    expect(promptOf(model, { ids: [5, 6] })).toMatchObject({ text: null, ids: [5, 6], bos: false });
    expect(promptOf(model, { ids: [5, 6], bos: true }).ids).toEqual([model.config.bosId, 5, 6]);
    expect(() => promptOf(model, { text: '' })).toThrow('at least one token');
    expect(() => promptOf(model, {})).toThrow('at least one token');
    expect(() => promptOf(model, { ids: [0, 1.5] })).toThrow('ids[1] is 1.5');
    expect(() => promptOf(model, { ids: [300] })).toThrow('ids must lie in [0, 300)');
    model.release();
    const silent = await openModel(tinyCheckpoint({ tokenizer: false, config: { bos_token_id: null } }), {
      backend: tsBackend,
    });
    expect(promptOf(silent, { ids: [1] }).tokens).toEqual(['⟨id 1⟩']);
    expect(() => promptOf(silent, { ids: [1], bos: true })).toThrow('bos must be false');
    expect(() => promptOf(silent, { text: 'a' })).toThrow('--ids');
    silent.release();
  });
});
