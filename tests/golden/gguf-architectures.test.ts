/** GGUF files of every architecture against the folders of the same models: the same configuration, and the same bits of all activations. */
import { expect, it } from 'vitest';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { fromBase64 } from '../support/base64.ts';
import { testNumbers } from '../support/numbers.ts';
import { jsonBytes, memoryFolder, safetensorsFile } from '../support/tiny-checkpoint.ts';
import golden from './gguf-architectures.json' with { type: 'json' };

/** Without RoBERTa's padding, 1, which has no position. */
const IDS = [3, 2, 4, 0, 5, 9, 2, 6, 5, 3];

it.each(golden.cases)('$name', async ({ config, tensors, file }) => {
  const stored = (tensors as [string, number[]][]).map(([name, shape], i) => {
    const count = shape.reduce((a, b) => a * b, 1);
    // Ties go to the even number, as NumPy has it.
    const values = Float32Array.from(testNumbers(count, i + 1), (value) => evenRound(value * 512) / 1024);
    return { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
  });
  const folder = await openModel(
    memoryFolder(
      new Map([
        ['config.json', jsonBytes(config)],
        ['model.safetensors', safetensorsFile(stored)],
      ]),
    ),
  );
  const model = await openModel(memoryFolder(new Map([['model.gguf', fromBase64(file)]])));
  expect(model.warnings).toEqual([]);
  expect(comparable(model.config)).toEqual(comparable(folder.config));
  const [a, b] = [model, folder].map((each) => traceForward(each, IDS, { precision: 'f64', keep: ['*'] }));
  expect(a).toEqual(b);
});

/**
 * The configuration but for what files say in another way: Falcon's and BLOOM's context, which nothing bounds; where 1 is added to a norm; RoBERTa's name, and
 * the rows before its first position.
 */
function comparable({
  family: _family,
  maxPositions: _context,
  attentionWindow: _windows,
  norm,
  positions,
  ...config
}: Awaited<ReturnType<typeof openModel>>['config']) {
  const learned = positions.kind === 'learned' ? { ...positions, firstRow: 0 } : positions;
  return { ...config, norm: { ...norm, offset: 0 }, positions: learned };
}

function evenRound(x: number): number {
  const below = Math.floor(x);
  return x - below > 0.5 || (x - below === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
