import { Option } from '@commander-js/extra-typings';
import { dyson, linalg, report } from '../index.ts';
import { outDirectory, writeAll } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { openPrompted, withPrompt } from './open.ts';
import { byteCount, promptFirstCommand } from './options.ts';
import { frameOf, jsonText, promptLine } from './result.ts';
import { terminalLooks } from './terminal.ts';

const defaults = dyson.STABILITY_DEFAULTS;

/** `tmech dyson lyapunov`: how fast changes of the residual stream grow per step. */
export function dysonLyapunovCommand(invocation: Invocation) {
  return inF64(
    promptFirstCommand('lyapunov', 'Lyapunov exponents of the pass: how fast changes of the residual stream grow.'),
  )
    .addOption(
      new Option(
        '--operators <kind>',
        'tangent: derivatives of the real steps; frozen: the operators of the Dyson series',
      )
        .choices(['tangent', 'frozen'] as const)
        .default(defaults.operators),
    )
    .option(
      '--max-bytes <n>',
      `bytes that one matrix of order T·D may take, as 512MiB (default: ${linalg.MATRIX_BYTES / 2 ** 20}MiB)`,
      byteCount(2 ** 32),
    )
    .option('-o, --out <dir>', 'where lyapunov.json and the figure (SVG) go')
    .action(async (text, { json, out, operators, maxBytes, ...given }) => {
      const options = withPrompt(text, given);
      const { progress, print } = invocation;
      const { precision } = options;
      if (operators === 'tangent' && precision === 'f32')
        throw new UsageError(
          'tmech dyson lyapunov: --precision must be f64 for tangents, but it is f32. Leave it out, or take --operators frozen.',
        );
      const directory = await outDirectory(invocation, out);
      const { model, prompt } = await openPrompted(options, progress);
      const result = dyson.runLyapunov(model, prompt.ids, {
        operators,
        precision,
        ...(maxBytes === undefined ? {} : { maxBytes }),
        onProgress: (done, total) => progress.update('exponents', done, total),
      });
      progress.stop();
      const parameters = { precision, operators, ...(maxBytes === undefined ? {} : { maxBytes }) };
      const data = { kind: 'dyson-lyapunov', ...frameOf(invocation, model, prompt, parameters), ...result };
      if (directory !== null)
        await writeAll(directory, [['lyapunov.json', jsonText(data)], ...report.renderLyapunovFigures(result)]);
      print(json ? jsonText(data) : promptLine(prompt) + report.renderLyapunov(result, terminalLooks()));
    });
}

/** `tmech dyson rank-collapse`: how far the tokens become alike along depth. */
export function dysonRankCollapseCommand(invocation: Invocation) {
  return inF64(promptFirstCommand('rank-collapse', 'Rank collapse: how far the tokens become alike along depth.'))
    .option('-o, --out <dir>', 'where rank-collapse.json and the figures (SVG) go')
    .action(async (text, { json, out, ...given }) => {
      const options = withPrompt(text, given);
      const { progress, print } = invocation;
      const { precision } = options;
      const directory = await outDirectory(invocation, out);
      const { model, prompt } = await openPrompted(options, progress);
      const result = dyson.runRankCollapse(model, prompt.ids, {
        precision,
        onProgress: (done, total) => progress.update('rank collapse', done, total),
      });
      progress.stop();
      const data = { kind: 'dyson-rank-collapse', ...frameOf(invocation, model, prompt, { precision }), ...result };
      if (directory !== null)
        await writeAll(directory, [
          ['rank-collapse.json', jsonText(data)],
          ...report.renderRankCollapseFigures(result),
        ]);
      print(json ? jsonText(data) : promptLine(prompt) + report.renderRankCollapse(result, terminalLooks()));
    });
}

/** The command with the precision of tangents as its own unless another is asked for. */
function inF64<C extends ReturnType<typeof promptFirstCommand>>(command: C): C {
  command.options.find((option) => option.attributeName() === 'precision')!.default(defaults.precision);
  command.setOptionValueWithSource('precision', defaults.precision, 'default');
  return command;
}
