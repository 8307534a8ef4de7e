import { fock, report } from '../index.ts';
import { chenLumped } from './chen-lumped.ts';
import { readJson } from './files.ts';
import { terminalLooks } from './looks.ts';
import { openFrom, promptFrom } from './open.ts';
import { option, promptCommand } from './options.ts';
import { frameOf, jsonText, promptLine } from './result.ts';
import { type Invocation, UsageError } from './run.ts';

/** `tmech chen`: the open-system model of a JSON description, or of a checkpoint and a prompt. */
export function chenCommand(invocation: Invocation) {
  const command = promptCommand(
    'chen',
    "Open quantum system (Chen): a JSON description of blocks, or a checkpoint's next-token law on a prompt.",
  )
    .argument('[description]', 'JSON description of tokens, blocks and text (see --schema)')
    .option('--schema', 'print the JSON Schema of descriptions')
    .option('--lump', 'exact numbers of every step of a description, in polynomial time and without its strings')
    .option('-o, --out <dir>', 'with --lump: where its JSON and its figure go')
    .addOption(option.top)
    .addOption(option.depth)
    .addOption(option.maxStrings)
    .addOption(option.trajectories)
    .addOption(option.seed)
    .addOption(option.temperature)
    .addOption(option.topK)
    .addOption(option.topP);
  return command.action(async (path, { json, schema, lump, out, ...options }, self) => {
    if (schema) {
      invocation.print(jsonText(fock.descriptionJsonSchema()));
      return;
    }
    const given = (name: string) => self.getOptionValueSource(name) === 'cli';
    if (lump) {
      const foreign = [...OF_CHECKPOINTS.filter((name) => name !== 'backend'), ...OF_STRINGS].find(given);
      return chenLumped(invocation, { path, out, json, backend: options.backend, top: options.top, foreign });
    }
    if (out !== undefined) {
      throw new UsageError('tmech chen: --out must come with --lump, but it does not. Redirect --json instead.');
    }
    const { progress } = invocation;
    const run = path === undefined ? fromCheckpoint : fromDescription;
    const { frame, result, heading } = await run();
    progress.stop();
    const looks = terminalLooks();
    invocation.print(json ? jsonText({ ...frame, ...result }) : heading + report.renderChen(result, looks));

    async function fromDescription() {
      const foreign = OF_CHECKPOINTS.find(given);
      if (foreign !== undefined) {
        const flag = foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        throw new UsageError(`tmech chen: --${flag} must not come with a description, but it does. Leave it out.`);
      }
      const { trajectories, seed, top } = options;
      const maxStrings = given('maxStrings') ? options.maxStrings : undefined;
      const description = await readJson(path!);
      const system = fock.modelOfDescription(description, path);
      const result = fock.runChen(system, { maxStrings, trajectories, seed: BigInt(seed), top, onProgress });
      return {
        frame: { provenance: report.provenanceOf('ts', 'f64', invocation.args), description },
        result,
        heading: '',
      };
    }

    async function fromCheckpoint() {
      const model = await openFrom(options, progress);
      const prompt = await promptFrom(model, options);
      const { precision } = options;
      const result = report.chenPicture(model, prompt, options, onProgress);
      return { frame: frameOf(invocation, model, prompt, { precision }), result, heading: promptLine(prompt) };
    }

    function onProgress(done: number, total: number): void {
      progress.update('open system', done, total);
    }
  });
}

/** Options that a description leaves no use for. */
const OF_CHECKPOINTS = [
  'model',
  'prompt',
  'ids',
  'bos',
  'precision',
  'backend',
  'depth',
  'temperature',
  'topK',
  'topP',
];

/** Options of the tree of strings and of trajectories. */
const OF_STRINGS = ['maxStrings', 'trajectories', 'seed'];
