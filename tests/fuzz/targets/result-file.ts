import { fileURLToPath } from 'node:url';
import { MechanicsError } from '../../../src/core/errors.ts';
import { mutatedJsonBytes } from '../mutate-json.ts';
import { quietRun } from '../quiet-run.ts';
import { target } from '../target.ts';
import { type FileCase, placed } from '../work-folder.ts';

const DESCRIPTION = fileURLToPath(new URL('../../../examples/chen-two-blocks.json', import.meta.url));
const COMMANDS = [
  ['chen', DESCRIPTION, '--trajectories', '0'],
  ['chen', DESCRIPTION, '--enumerate'],
  ['next', '--model', '/nonexistent', '-p', 'a'],
  ['analyze', '--model', '/nonexistent', '--'],
];

class Refused extends MechanicsError {}

export const RESULT_TARGETS = [
  target<FileCase>({
    name: 'result-file',
    make(random) {
      const provenance = {
        package: 'transformer-mechanics',
        version: '0.1.0',
        schema: 1,
        backend: 'ts',
        command: random.pick(COMMANDS),
      };
      const result = {
        provenance,
        kind: 'chen',
        name: 'x',
        table: [{ step: 1, entropy: 0.5 }],
        checkpoint: { label: 'a', fingerprint: { b: 'c' } },
      };
      return { ending: '.json', bytes: mutatedJsonBytes(random, result) };
    },
    async read(file) {
      const { code, output } = await quietRun(['rerun', await placed(file)], true);
      if (code !== 0) throw new Refused('REFUSED', output);
    },
    // No case is the result of its command to the last number.
    answers: 'none',
  }),
];
