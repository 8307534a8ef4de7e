import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lawsOf } from '../../../src/cli/read-laws.ts';
import { promptsOf } from '../../../src/cli/read-texts.ts';
import { SampleFile } from '../../../src/cli/sample-file.ts';
import type { TrajectoryLine } from '../../../src/cli/trajectory-lines.ts';
import { npyBytes } from '../../../src/formats/npy.ts';
import { npzBytes } from '../../../src/formats/npz.ts';
import { safetensorsBytes } from '../../../src/formats/safetensors.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutatedJsonBytes } from '../mutate-json.ts';
import type { CaseRandom } from '../random.ts';
import { target, WrongAnswer } from '../target.ts';

const folder = mkdtempSync(join(tmpdir(), 'tmech-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A case in a file, whose name says what it is. */
interface FileCase {
  readonly ending: string;
  readonly bytes: Uint8Array;
}

async function placed({ ending, bytes }: FileCase): Promise<string> {
  const path = join(folder, `case${ending}`);
  await writeFile(path, bytes);
  return path;
}

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
const HEADER = { kind: 'chen-trajectories', seed: '1', text: ['a'] };
const LINES = [0, 1, 2].map((stream) => ({
  stream,
  text: 0,
  tokens: [0, 1],
  labels: ['a', 'b'],
  logProbability: -0.5 - stream,
}));

const isLine = (value: unknown, place: number): value is TrajectoryLine =>
  typeof value === 'object' && value !== null && (value as { stream?: unknown }).stream === place;

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
  target<FileCase>({
    name: 'sample-file',
    make(random) {
      const whole = Buffer.from([HEADER, ...LINES].map((line) => `${JSON.stringify(line)}\n`).join(''));
      if (random.chance(0.5)) return { ending: '.jsonl', bytes: mutateBytes(random, whole) };
      return {
        ending: '.jsonl',
        bytes: random.chance(0.3)
          ? whole.subarray(0, random.below(whole.length))
          : jsonLines(random, [HEADER, ...LINES]),
      };
    },
    async read(file) {
      const sample = await SampleFile.open(await placed(file), HEADER, isLine);
      try {
        const { lines } = sample;
        await sample.append([{ ...LINES[0]!, stream: lines }]);
        let read = 0;
        for await (const group of sample.groups(2)) read += group.length;
        if (read !== lines + 1) throw new WrongAnswer(`${read} lines of ${lines + 1}`);
      } finally {
        await sample.close();
      }
    },
  }),
];
