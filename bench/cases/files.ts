/** Decoding with a whole model from one GGUF file, its weights resident in the file's type, beside llama.cpp on the same file. */
import { transformer } from '../../src/index.ts';
import type { Case, Output } from '../case.ts';
import type { Llama } from '../peers/llama.ts';
import { PROMPT, promptIds } from './forward.ts';
import { gpt2SmallFile, gpt2SmallGguf } from './models.ts';

/** Tokens read at once; the rest of {@link PROMPT} are read one by one. */
const GIVEN = 16;

/**
 * Types of the file's matrices, with the share of the logits' norm by which llama.cpp may differ. Its attention reads keys and values of 16 bits, and of
 * products with Q8_0 it rounds the other factor to 8 bits. Another model with as many random weights is off by about 1.4.
 */
const TYPES = [
  ['F32', 1e-2],
  ['BF16', 2e-2],
  ['F16', 1e-2],
  ['Q8_0', 5e-2],
] as const;

export function fileCases({ peersOf }: Llama): Case[] {
  return TYPES.map(([type, tolerance]): Case => {
    const { label, sizes, open } = gpt2SmallGguf(type);
    const ids = promptIds(PROMPT, sizes.V);
    return {
      group: 'files',
      name: `decode ${label} file ${ids.length - GIVEN} tokens`,
      precision: 'f32',
      work: { amount: ids.length - GIVEN, unit: 'tokens/s' },
      long: true,
      withoutTwin: true,
      timed: ['wasm'],
      async prepare(backend) {
        const session = new transformer.Session(await open(backend), { capacity: ids.length });
        session.append(ids.slice(0, GIVEN));
        let logits: Float32Array | Float64Array = new Float32Array(0);
        return {
          run: () => {
            session.rewind(GIVEN);
            for (const id of ids.slice(GIVEN)) logits = session.append([id]).logits;
          },
          outputs: () => [centred(logits)],
        };
      },
      peers: peersOf({ file: () => gpt2SmallFile(type), ids, given: GIVEN }, tolerance, centred),
    };
  });
}

/** Logits less their mean: what a law depends on, with nothing in common that would hide a difference. */
function centred(logits: Iterable<number>): Output {
  const data = Float64Array.from(logits);
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  return { name: 'logits − mean', data: data.map((x) => x - mean) };
}
