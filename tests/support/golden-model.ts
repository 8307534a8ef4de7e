import { expect } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { Precision } from '../../src/backend/memory.ts';
import type { Folder } from '../../src/transformer/checkpoint/checkpoint.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, type Trace, traceForward } from '../../src/transformer/trace.ts';
import { expectClose, maxError, testNumbers } from './numbers.ts';
import { jsonBytes, memoryFolder, safetensorsFile } from './tiny-checkpoint.ts';

/** What a script of tests/golden says of a model: its weights by name and shape, and one pass. */
export interface GoldenModel {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: unknown;
  readonly ids: readonly number[];
  readonly stream: Readonly<Record<string, readonly number[]>>;
  readonly patterns: readonly (readonly number[])[];
  readonly logits: readonly number[];
}

/** The model as a checkpoint; its weights come from the generator that the script uses. */
export function goldenCheckpoint(golden: Pick<GoldenModel, 'config' | 'tensors'>, prefix = '', name?: string) {
  const tensors = (golden.tensors as [string, number[]][]).map(([name, shape], i) => {
    const count = shape.reduce((a, b) => a * b);
    const values = Float32Array.from(testNumbers(count, i + 1), (value) => Math.fround(value) * 0.5);
    return { name: `${prefix}${name}`, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
  });
  const files = new Map([
    ['config.json', jsonBytes(golden.config)],
    ['model.safetensors', safetensorsFile(tensors)],
  ]);
  return memoryFolder(files, name);
}

/** The pass over `ids` in a precision is the script's: residual stream, attention patterns, logits; opening the model says `warnings`. */
export async function expectGoldenPass(
  backend: Backend,
  golden: Omit<GoldenModel, 'config' | 'tensors'>,
  checkpoint: Folder,
  precision: Precision,
  tolerance: number,
  warnings: readonly string[] = [],
): Promise<Trace> {
  const model = await openModel(checkpoint, { backend });
  expect(model.warnings).toEqual(warnings);
  const keep = [...Object.keys(golden.stream), 'blocks.*.attn.pattern', 'logits'];
  const trace = traceForward(model, golden.ids, { precision, keep });
  const near = (name: string, expected: readonly number[]) =>
    expectClose(maxError(activationOf(trace, name).data, expected), 0, tolerance, name);
  for (const [name, values] of Object.entries(golden.stream)) near(name, values);
  for (const [i, values] of golden.patterns.entries()) near(`blocks.${i}.attn.pattern`, values);
  near('logits', golden.logits);
  expect(traceForward(model, golden.ids, { precision }).logits).toEqual(trace.logits);
  model.release();
  return trace;
}
