/** A random checkpoint as one GGUF file, in the names and the order of rows of llama.cpp's converters. */
import { GGML_TYPES } from '../src/formats/gguf/types.ts';
import { ggufHeader, padding } from '../tests/support/gguf-file.ts';
import {
  architectureOf,
  converted,
  ggufEntries,
  ggufName,
  isReordered,
  storedType,
  tokenizerEntries,
} from '../tests/support/gguf-model.ts';
import { DRAWN_TYPES, drawnBlocks, QUANTISED, quantised } from '../tests/support/gguf-quantise.ts';
import type { Model, Shape } from './published-shapes.ts';
import { writeWhole } from './write-whole.ts';

/** Types in which a file can be written. */
export const FILE_TYPES: readonly string[] = [...QUANTISED, ...DRAWN_TYPES];
const ALIGNMENT = 32;
const CHUNK = 1 << 20;

/**
 * Writes the model with its matrices in one type; vectors, and matrices whose rows are no whole blocks, are Q8_0 or F32. Numbers are rounded to the type where
 * there is a quantiser for it; of the other types random blocks are drawn.
 *
 * @param draw the next so many numbers of a tensor, in its folder's order
 * @param random 16 random bits
 */
export async function writeGguf(
  path: string,
  model: Model,
  dtype: string,
  draw: (name: string, count: number) => Float32Array,
  random: () => number,
): Promise<void> {
  const { config } = model;
  const tensors = model.tensors.filter(([name]) => !name.endsWith('.attn.bias'));
  const layouts = tensors.map(([name, shape]) => {
    const stored = isReordered(name, config) === 'transposed' ? shape.toReversed() : shape;
    const fits = stored.at(-1)! % GGML_TYPES.get(dtype)!.elements === 0;
    return {
      name: ggufName(name, architectureOf(config)),
      shape: stored,
      dtype: storedType(stored, fits ? dtype : 'Q8_0'),
    };
  });
  function* rounded(type: string, name: string, shape: Shape): Generator<Uint8Array> {
    for (const values of pieces(name, shape, config, draw)) yield quantised(type, values);
  }
  await writeWhole(path, async (file) => {
    await file.write(ggufHeader(3, [...ggufEntries(config), ...tokenizerEntries(model.V, model.endId)], layouts));
    for (const [i, [name, shape]] of tensors.entries()) {
      const type = layouts[i]!.dtype;
      let length = 0;
      for (const bytes of DRAWN_TYPES.includes(type) ? drawn(type, shape, random) : rounded(type, name, shape)) {
        await file.write(bytes);
        length += bytes.length;
      }
      await file.write(padding(length, ALIGNMENT));
    }
  });
}

/** Random blocks for all numbers of a tensor. */
function* drawn(type: string, shape: Shape, random: () => number): Generator<Uint8Array> {
  const count = product(shape);
  for (let at = 0; at < count; at += CHUNK) yield drawnBlocks(type, Math.min(CHUNK, count - at), 0.04, random);
}

/** The numbers of a tensor in the file's order: whole rows at a time, or all at once where rows change their places. */
function* pieces(
  name: string,
  shape: Shape,
  config: Model['config'],
  draw: (name: string, count: number) => Float32Array,
): Generator<Float32Array> {
  const count = product(shape);
  if (isReordered(name, config) !== null) {
    yield converted({ name, shape, values: draw(name, count) }, config).values;
    return;
  }
  const width = shape.at(-1) ?? 1;
  const step = Math.max(1, Math.floor(CHUNK / width)) * width;
  for (let at = 0; at < count; at += step) yield draw(name, Math.min(step, count - at));
}

function product(shape: Shape): number {
  return shape.reduce((total, size) => total * size, 1);
}
