import { lawsOf } from '../../../src/cli/read-laws.ts';
import { promptsOf } from '../../../src/cli/read-texts.ts';
import { npyBytes } from '../../../src/formats/npy.ts';
import { npzBytes } from '../../../src/formats/npz.ts';
import { safetensorsBytes } from '../../../src/formats/safetensors.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutatedJsonBytes } from '../mutate-json.ts';
import type { CaseRandom } from '../random.ts';
import { target, WrongAnswer } from '../target.ts';
import { type FileCase, placed } from '../work-folder.ts';

/** Lines of JSON, one of them changed. */
function jsonLines(random: CaseRandom, values: readonly unknown[]): Uint8Array {
  const changed = random.below(values.length);
  const lines = values.map((value, i) =>
    i === changed ? mutatedJsonBytes(random, value) : new TextEncoder().encode(JSON.stringify(value)),
  );
  const newline = random.pick(['\n', '\r\n', '\n\n', '']);
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from(newline)]));
}

const PROMPTS = ['the bank', { text: 'a b' }, { prompt: 'c' }, { ids: [1, 2, 3] }];
const LAWS = [
  { embed: [1, 2, 3], last: [0, 1, -1] },
  { embed: [4, 5, 6], last: [0, 0, 0] },
];
const ARRAYS = ['embed', 'last'].map((name) => ({ name, shape: [2, 3], data: Float64Array.of(1, 2, 3, -1, 0, 1) }));
export const FILE_TARGETS = [
  target<FileCase>({
    name: 'texts',
    make(random) {
      if (random.chance(0.6)) return { ending: '.jsonl', bytes: jsonLines(random, PROMPTS) };
      return { ending: '.txt', bytes: mutateBytes(random, Buffer.from('the bank\r\nnaïve 𝔘\n\n a\n')) };
    },
    async read(file) {
      for await (const prompt of promptsOf(await placed(file))) {
        if (!('text' in prompt ? typeof prompt.text === 'string' : Array.isArray(prompt.ids)))
          throw new WrongAnswer('no prompt');
      }
    },
  }),
  target<FileCase>({
    name: 'laws',
    make(random) {
      switch (random.below(5)) {
        case 0:
          return { ending: '.npz', bytes: mutateBytes(random, npzBytes(ARRAYS)) };
        case 1:
          return {
            ending: '.npy',
            bytes: mutateBytes(random, npyBytes({ name: 'a', shape: [2, 2, 3], data: new Float32Array(12).fill(1) })),
          };
        case 2:
          return { ending: '.safetensors', bytes: mutateBytes(random, safetensorsBytes(ARRAYS)) };
        default:
          return { ending: '.jsonl', bytes: jsonLines(random, LAWS) };
      }
    },
    async read(file) {
      const sources = await lawsOf(await placed(file), { rows: 'logits' }, 2 ** 20);
      for (const source of sources) source.names.map((_, stage) => source.logitsOf(stage));
    },
  }),
];
