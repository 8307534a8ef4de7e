import { fock, report, VERSION } from '../index.ts';
import { readJson } from './files.ts';
import { openFrom, promptFrom } from './open.ts';
import { option, promptCommand } from './options.ts';
import { Progress } from './progress.ts';
import { frameOf, jsonText } from './result.ts';
import type { Invocation } from './run.ts';

/** `tmech chen`: the open-system model of a JSON description, or of a checkpoint and a prompt. */
export function chenCommand(invocation: Invocation) {
  const command = promptCommand(
    'chen',
    "Open quantum system (Chen): a JSON description of blocks, or a checkpoint's next-token law on a prompt.",
  )
    .argument('[description]', 'JSON description of tokens, blocks and text (see --schema)')
    .option('--schema', 'print the JSON Schema of descriptions')
    .addOption(option.top)
    .addOption(option.depth)
    .addOption(option.maxStrings)
    .addOption(option.trajectories)
    .addOption(option.seed)
    .addOption(option.temperature);
  return command.action(async (path, { json, schema, ...options }) => {
    if (schema) {
      invocation.print(jsonText(fock.descriptionJsonSchema()));
      return;
    }
    const progress = new Progress();
    const onProgress = (done: number, total: number) => progress.update('open system', done, total);
    const width = process.stdout.columns ?? 100;
    const colour = process.stdout.isTTY === true;
    if (path !== undefined) {
      const { maxStrings, trajectories, seed, top } = options;
      const source = await readJson(path);
      const system = fock.modelOfDescription(source, path);
      const result = fock.runChen(system, { maxStrings, trajectories, seed: BigInt(seed), top, onProgress });
      progress.stop();
      const provenance = {
        package: 'transformer-mechanics',
        version: VERSION,
        createdAt: new Date().toISOString(),
        command: invocation.args,
        backend: 'ts',
        precision: 'f64',
      };
      invocation.print(
        json ? jsonText({ provenance, description: source, ...result }) : report.renderChen(result, { width, colour }),
      );
      return;
    }
    const model = await openFrom(options, progress);
    const prompt = await promptFrom(model, options);
    const result = report.chenPicture(model, prompt, options, onProgress);
    progress.stop();
    invocation.print(
      json
        ? jsonText({ ...frameOf(invocation, model, prompt, options.precision), ...result })
        : report.renderChen(result, { width, colour }),
    );
  });
}
