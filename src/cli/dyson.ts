import { dyson, report } from '../index.ts';
import { dysonAccelerateCommand } from './dyson-accelerate.ts';
import { terminalLooks } from './looks.ts';
import { openFrom, promptFrom } from './open.ts';
import { promptCommand } from './options.ts';
import { frameOf, jsonText, promptLine } from './result.ts';
import type { Invocation } from './run.ts';

/** `tmech dyson`: all orders of the frozen expansion, the second-order map and the renormalisation flow. */
export function dysonCommand(invocation: Invocation) {
  const command = promptCommand(
    'dyson',
    'Dyson series: frozen operators, all orders, second-order map, direct logit attribution, renormalisation.',
  )
    .enablePositionalOptions()
    .addCommand(dysonAccelerateCommand(invocation));
  return command.action(async ({ json, ...options }) => {
    const { progress } = invocation;
    const model = await openFrom(options, progress);
    const prompt = await promptFrom(model, options);
    const { precision } = options;
    const result = dyson.runDyson(model, prompt.ids, {
      precision,
      onProgress: (done, total) => progress.update('Dyson series', done, total),
    });
    progress.stop();
    if (json)
      invocation.print(jsonText({ kind: 'dyson', ...frameOf(invocation, model, prompt, { precision }), ...result }));
    else invocation.print(promptLine(prompt) + report.renderDyson(result, terminalLooks()));
  });
}
