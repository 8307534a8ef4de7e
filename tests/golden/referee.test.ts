/**
 * Every family and option against transformers in double precision (validator/): streams, patterns and logits, log-probabilities in
 * f32, and the laws of the three pictures. Families and spellings that the reader has no `model_type` for are skipped, by name.
 */
import { describe, expect, it } from 'vitest';
import { eachBackend } from '../support/backends.ts';
import { compareCase } from '../support/referee/compare.ts';
import { beyond, told } from '../support/referee/finding.ts';
import { type FamilyReference, isSupported } from '../support/referee/reference.ts';

const files = import.meta.glob<string>('../../validator/references/*.json', {
  eager: true,
  import: 'default',
  query: '?raw',
});
const families = Object.values(files).map((text) => JSON.parse(text) as FamilyReference);

const cases = await Promise.all(
  families.flatMap((family) =>
    family.cases.flatMap((reference) =>
      Object.keys(reference.configs).map(async (spelling, i) => ({
        name: `${family.family}: ${reference.name}, ${spelling}`,
        family,
        reference,
        spelling,
        laws: i === 0,
        supported: await isSupported(family, reference, spelling),
      })),
    ),
  ),
);

eachBackend('referee', (backend) => {
  for (const { name, family, reference, spelling, laws, supported } of cases) {
    it.skipIf(!supported)(name, async () => {
      const { findings, warnings } = await compareCase(backend, family, reference, spelling, { laws });
      expect(beyond(findings).map(told)).toEqual([]);
      expect(warnings.filter((warning) => /does not know/.test(warning))).toEqual([]);
    });
  }
});

describe('referee', () => {
  it('has references, and the reader supports some of each kind', () => {
    const supported = new Set(cases.filter((entry) => entry.supported).map(({ family }) => family.family));
    expect([...supported]).toEqual(expect.arrayContaining(['gpt2', 'gpt_neox', 'llama', 'qwen2']));
  });
});
