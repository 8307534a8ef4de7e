import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MechanicsError } from '../../../src/core/errors.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutatedJsonBytes } from '../mutate-json.ts';
import { quietRun } from '../quiet-run.ts';
import type { CaseRandom } from '../random.ts';
import { target, WrongAnswer } from '../target.ts';
import { placed } from '../work-folder.ts';

const DESCRIPTION = fileURLToPath(new URL('../../../examples/chen-two-blocks.json', import.meta.url));

function sample(path: string, trajectories: number) {
  return quietRun(['chen', DESCRIPTION, '--sample', path, '--trajectories', String(trajectories)], true);
}

let valid: Uint8Array | undefined;

/** A file of three trajectories. */
async function wholeFile(): Promise<Uint8Array> {
  if (valid !== undefined) return valid;
  const path = await placed({ ending: '.jsonl', bytes: new Uint8Array(0) });
  await rm(path);
  await sample(path, 3);
  valid = await readFile(path);
  return valid;
}

/** A torn file, one with changed bytes, or one with a changed line. */
function damaged(random: CaseRandom, whole: Uint8Array): Uint8Array {
  if (random.chance(0.2)) return whole.subarray(0, random.below(whole.length));
  if (random.chance(0.5)) return mutateBytes(random, whole);
  const lines = new TextDecoder().decode(whole).trimEnd().split('\n');
  const at = random.below(lines.length);
  const line = mutatedJsonBytes(random, JSON.parse(lines[at]!));
  return Buffer.concat([
    Buffer.from(
      lines
        .slice(0, at)
        .map((text) => `${text}\n`)
        .join(''),
    ),
    line,
    Buffer.from(['', ...lines.slice(at + 1), ''].join('\n')),
  ]);
}

class Refused extends MechanicsError {}

export const SAMPLE_TARGETS = [
  target<CaseRandom>({
    name: 'sample-file',
    make: (random) => random,
    async read(random) {
      const whole = await wholeFile();
      const bytes = damaged(random, whole);
      const path = await placed({ ending: '.jsonl', bytes });
      const { code, output } = await sample(path, 4);
      const after = await readFile(path);
      if (code !== 0) {
        if (!after.equals(bytes)) throw new WrongAnswer('a file that was refused is another now');
        throw new Refused('REFUSED', output);
      }
      if (!after.subarray(0, whole.length).equals(whole)) throw new WrongAnswer('other trajectories than were sampled');
    },
  }),
];
