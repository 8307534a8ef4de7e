import { describe, expect, it } from 'vitest';
import { addsBos } from '../../src/transformer/adds-bos.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { tsBackend } from '../support/backends.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

describe('whether a tokenizer adds the beginning-of-text token', () => {
  const template = {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  };
  const plain = { type: 'TemplateProcessing', single: [{ Sequence: { id: 'A', type_id: 0 } }] };
  it.each([
    [{ add_bos_token: true }, {}, true],
    [{ add_bos_token: false }, { post_processor: template }, false],
    [{}, { post_processor: template }, true],
    [{}, { post_processor: plain }, false],
    [{}, { post_processor: { type: 'Sequence', processors: [{ type: 'ByteLevel' }, template] } }, true],
    [{}, { post_processor: { type: 'ByteLevel' } }, false],
    [{}, { post_processor: null }, false],
    [{}, {}, false],
  ])('%j, %j: %s', (config, tokenizer, expected) => {
    expect(addsBos({ tokenizerFiles: { config, tokenizer } })).toBe(expected);
  });

  it('not without a tokenizer', () => {
    expect(addsBos({ tokenizerFiles: null })).toBe(false);
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
