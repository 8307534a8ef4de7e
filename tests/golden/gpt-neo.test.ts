/** GPT-Neo with global and local layers against NumPy, on weights that both sides make from the same generator. */
import { expect, it } from 'vitest';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';
import { jsonBytes, memoryFolder, safetensorsFile } from '../support/tiny-checkpoint.ts';
import golden from './gpt-neo.json' with { type: 'json' };

function folder() {
  const tensors = (golden.tensors as [string, number[]][]).map(([name, shape], i) => {
    const values = Float32Array.from(
      testNumbers(
        shape.reduce((a, b) => a * b),
        i + 1,
      ),
      (value) => Math.fround(value) * 0.5,
    );
    return { name: `transformer.${name}`, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
  });
  return memoryFolder(
    new Map([
      ['config.json', jsonBytes(golden.config)],
      ['model.safetensors', safetensorsFile(tensors)],
    ]),
  );
}

eachBackend('GPT-Neo', (backend) => {
  it.each([
    ['f64', 1e-11],
    ['f32', 1e-4],
  ] as const)('is the reference pass in %s within %d', async (precision, tolerance) => {
    const model = await openModel(folder(), { backend });
    expect(model.warnings).toEqual([]);
    const keep = [...Object.keys(golden.stream), 'blocks.*.attn.pattern', 'logits'];
    const trace = traceForward(model, golden.ids, { precision, keep });
    for (const [name, values] of Object.entries(golden.stream))
      expectClose(maxError(activationOf(trace, name).data, values), 0, tolerance, name);
    golden.patterns.forEach((values, i) => {
      const { data } = activationOf(trace, `blocks.${i}.attn.pattern`);
      expectClose(maxError(data, values), 0, tolerance, `pattern ${i}`);
    });
    expectClose(maxError(activationOf(trace, 'logits').data, golden.logits), 0, tolerance, 'logits');
    model.release();
  });
});
