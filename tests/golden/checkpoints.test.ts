/** Folders as transformers, safetensors and training wrappers write them, against the law that transformers computes from each in double precision. */
import { expect, it } from 'vitest';
import { nextToken } from '../../src/transformer/next-token.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';
import { jsonBytes, memoryFolder, safetensorsFile } from '../support/tiny-checkpoint.ts';
import golden from './checkpoints.json' with { type: 'json' };

interface StoredFile {
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly tensors: readonly (readonly [name: string, shape: readonly number[], seed: number])[];
}

interface SavedModel {
  readonly family: string;
  readonly tied: boolean;
  readonly way: string;
  readonly files: Readonly<Record<string, unknown>>;
  readonly law: readonly number[];
}

const cases = golden.cases as unknown as readonly SavedModel[];

function folderOf({ files, way }: SavedModel) {
  const bytes = new Map<string, Uint8Array>();
  for (const [name, content] of Object.entries(files))
    bytes.set(name, name.endsWith('.safetensors') ? weights(content as StoredFile) : jsonBytes(content));
  return memoryFolder(bytes, way);
}

function weights({ metadata, tensors }: StoredFile): Uint8Array {
  const stored = tensors.map(([name, shape, seed]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from(testNumbers(count, seed), (value) => Math.fround(value) * 0.5);
    return { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
  });
  return safetensorsFile(stored, 0, metadata);
}

const WARNINGS: Readonly<Record<string, string>> = {
  'torch.compile': 'Names of tensors carry _orig_mod. of a training wrapper; they are read without.',
  'data parallel, compiled': 'Names of tensors carry module., _orig_mod. of a training wrapper; they are read without.',
  'another head beside a tied embedding':
    'config.json says tie_word_embeddings: true, but an unembedding of other values is stored beside the embedding; the stored one is used.',
};

eachBackend('a checkpoint gives the law of transformers', (backend) => {
  it.each(cases.map((saved) => [saved.family, saved.tied ? 'tied' : 'not tied', saved.way, saved] as const))(
    '%s, %s: %s',
    async (_family, _tied, way, saved) => {
      const model = await openModel(folderOf(saved), { backend });
      expect(model.warnings).toEqual(WARNINGS[way] === undefined ? [] : [WARNINGS[way]]);
      expect(model.config.tied).toBe(saved.tied && !way.startsWith('another'));
      const { top } = nextToken(model, golden.ids, { precision: 'f64', top: saved.law.length });
      const law = [...top].sort((a, b) => a.id - b.id).map(({ logProb }) => logProb);
      // transformers takes rotary angles and GPT-Neo's scores in single precision whatever the model's type.
      expectClose(maxError(law, saved.law), 0, saved.family === 'gpt2' ? 1e-13 : 1e-7, way);
      model.release();
    },
  );
});
