import { report } from '../index.ts';
import { lensFrom } from './lens-source.ts';
import { terminalLooks } from './looks.ts';
import { openFrom, promptFrom } from './open.ts';
import { option, promptCommand } from './options.ts';
import { frameOf, jsonText, promptLine } from './result.ts';
import type { Invocation } from './run.ts';

/** `tmech qlens`: the state vector ψ = √p at every sublayer and the unitary of every step. */
export function qlensCommand(invocation: Invocation) {
  const command = promptCommand(
    'qlens',
    'State vector (QLens): logit lens at every sublayer, unitaries, Hamiltonians and geometry along depth.',
  );
  return command
    .addOption(option.top)
    .addOption(option.operator)
    .option('--lens <file>', 'tuned lens: what tmech lens train wrote, or a folder of the tuned-lens package')
    .action(async ({ json, ...options }) => {
      const { progress } = invocation;
      const model = await openFrom(options, progress);
      const prompt = await promptFrom(model, options);
      const { precision, operator, top } = options;
      const lens = options.lens === undefined ? null : await lensFrom(options.lens);
      const onProgress = (done: number, total: number) => progress.update('state vector', done, total);
      const result = report.qlensPicture(model, prompt, options, onProgress, lens?.lens ?? null);
      progress.stop();
      const labels = report.labelsOf(
        model,
        [...result.stages, ...result.transitions].flatMap(({ top }) => top.map(({ id }) => id)),
      );
      if (json)
        invocation.print(
          jsonText({
            kind: 'qlens',
            ...frameOf(invocation, model, prompt, { precision, operator, top, ...lens?.parameters }),
            labels,
            ...result,
          }),
        );
      else invocation.print(promptLine(prompt) + report.renderQLens(result, labels, terminalLooks()));
    });
}
