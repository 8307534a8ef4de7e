/** Tokenizers from GGUF metadata, against Hugging Face's tokenizers with every part written out. */
import { describe, expect, test } from 'vitest';
import { PRE_TOKENIZERS } from '../../src/transformer/checkpoint/gguf/tokenizer/pre-tokenizers.ts';
import { ggufTokenizer } from '../../src/transformer/checkpoint/gguf/tokenizer/tokenizer.ts';
import { readPipeline } from '../../src/transformer/tokenizer/pipeline.ts';
import { type GgufTokenizerCase, type GgufTokens, metadataOf } from '../support/gguf-tokenizers.ts';
import golden from './gguf-tokenizers.json' with { type: 'json' };

const vocabularies: Readonly<Record<string, GgufTokens>> = golden.vocabularies;
const cases = golden.cases.flatMap(({ names, vocabulary, decoded, ...rest }) =>
  (names ?? ['default']).map((pre) => ({
    ...rest,
    pre,
    vocabulary: vocabularies[vocabulary]!,
    decoded: decoded as Readonly<Record<string, string>>,
  })),
);

test('every name of tokenizer.ggml.pre that is known is there', () => {
  expect(golden.version).toBe('0.23.3');
  expect(golden.lines.length).toBeGreaterThanOrEqual(200);
  expect(cases.flatMap(({ model, pre }) => (model === 'gpt2' ? [pre] : [])).sort()).toEqual([...PRE_TOKENIZERS].sort());
});

/** One character stands for each id. */
function idsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i) - 0x100);
}

describe.each(golden.cases.map(({ name }) => name))('%s', (name) => {
  const [first, ...others] = cases.filter((found) => found.name === name);
  const filesOf = (found: GgufTokenizerCase, pre: string) => ggufTokenizer(metadataOf(found, pre))!;

  test(`${first!.pre} gives the ids and texts of the Rust library`, () => {
    const pipeline = readPipeline(filesOf(first!, first!.pre).tokenizer);
    golden.lines.forEach((line, i) => {
      const ids = idsOf(first!.ids[i]!);
      expect(pipeline.encode(line), JSON.stringify(line)).toEqual(ids);
      expect(pipeline.decode(ids), JSON.stringify(line)).toBe(first!.decoded[i] ?? line);
    });
  });

  if (others.length > 0)
    test.each(others)(`$pre is the same as ${first!.pre}`, (found) => {
      expect(filesOf(found, found.pre)).toEqual(filesOf(first!, first!.pre));
    });
});
