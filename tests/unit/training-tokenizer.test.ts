import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/transformer/tokenizer/pipeline.ts';
import { buildLatents, END_OF_TEXT } from '../../training/corpus.ts';
import { tokenizerFile } from '../../training/tokenizer.ts';
import { buildVocabulary } from '../../training/vocabulary.ts';
import { sampleWindow } from '../../training/windows.ts';

const latents = buildLatents();
const vocabulary = buildVocabulary(latents);
const tokenizer = readPipeline(tokenizerFile(vocabulary));

/** Its UTF-8 contains all ASCII bytes, all continuation bytes and many lead bytes. */
const EVERY_BYTE = String.fromCodePoint(...Array.from({ length: 0x300 }, (_, code) => code));

describe('the tokenizer', () => {
  it('has 512 tokens: bytes, words, and the boundary last', () => {
    expect(new Set(vocabulary.spellings).size).toBe(512);
    expect(vocabulary.endOfText).toBe(511);
    expect(tokenizer.encode(END_OF_TEXT)).toEqual([511]);
  });

  it('makes every corpus word one token', () => {
    for (const [word, id] of vocabulary.idOf) expect(tokenizer.encode(word), word).toEqual([id]);
  });

  it('finds the tokens that the generator emitted', () => {
    for (let index = 0; index < 200; index++) {
      const tokens = sampleWindow(latents, 11, index, 65);
      expect(tokenizer.encode(tokens.join(''))).toEqual(tokens.map((token) => vocabulary.idOf.get(token)));
    }
  });

  it('numbers the bytes as GPT-2 does', () => {
    expect(vocabulary.spellings.slice(0, 4)).toEqual(['!', '"', '#', '$']);
    expect([' ', '\n', 'a', '\u00ad'].map((text) => tokenizer.encode(text))).toEqual([[220], [198], [64], [126, 255]]);
  });

  it.each([
    ['every byte', EVERY_BYTE],
    ['a prompt', 'the bank'],
    ['a prompt with a leading space', ' the bank .'],
    ['other scripts', 'Zürich, 12 °C — 日本 🎻!\n\ttabs'],
    ['unknown words', 'unbanked  the fishermans'],
  ])('encodes and decodes %s without loss', (_, text) => {
    const ids = tokenizer.encode(text);
    expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < 512)).toBe(true);
    expect(tokenizer.decode(ids)).toBe(text);
  });
});
