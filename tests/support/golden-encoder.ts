import golden from '../golden/encoder.json' with { type: 'json' };
import { testNumbers } from './numbers.ts';
import { jsonBytes, memoryFolder, safetensorsFile } from './tiny-checkpoint.ts';

/** The post-norm encoder of tests/golden/make-encoder.py as a checkpoint; `config` replaces fields. */
export function goldenEncoder(config: Readonly<Record<string, unknown>> = {}) {
  const tensors = (golden.tensors as [string, number[]][]).map(([name, shape], i) => {
    const count = shape.reduce((a, b) => a * b);
    const values = Float32Array.from(testNumbers(count, i + 1), (value) => Math.fround(value) * 0.5);
    return { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
  });
  const files = new Map([
    ['config.json', jsonBytes({ ...golden.config, ...config })],
    ['model.safetensors', safetensorsFile(tensors)],
  ]);
  return memoryFolder(files, 'encoder');
}
