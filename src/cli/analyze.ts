import { join } from 'node:path';
import { analyses, report } from '../index.ts';
import { checkDirectory, writeAll, writeWhole } from './files.ts';
import type { Invocation } from './invocation.ts';
import { openPrompted, positionFrom, withPrompt } from './open.ts';
import { integer, option, promptFirstCommand } from './options.ts';
import { commandOf, jsonText, placeIn, promptLine } from './result.ts';
import { terminalLooks } from './terminal.ts';

const DEFAULT_OUT = 'tmech-report';

/** `tmech analyze`: all three pictures of one prompt, as a summary and a report. */
export function analyzeCommand(invocation: Invocation) {
  const command = promptFirstCommand(
    'analyze',
    'All three physical pictures of a prompt: prints a summary, writes report.json, report.html and figures.',
  )
    .option(
      '-o, --out <dir>',
      `where the report goes (default: ${DEFAULT_OUT}; with --json nothing is written unless this is given)`,
    )
    .option('--greedy <n>', 'tokens to continue greedily', integer(0, 100_000), analyses.ANALYSIS_DEFAULTS.greedy)
    .addOption(option.top)
    .addOption(option.depth)
    .addOption(option.maxStrings)
    .addOption(option.trajectories)
    .addOption(option.seed)
    .addOption(option.temperature)
    .addOption(option.operator)
    .addOption(option.position);
  command.alias('analyse');
  return command.action(async (text, { out, json, ...given }) => {
    const options = withPrompt(text, given);
    const wanted = invocation.writes && (out !== undefined || !json);
    const directory = wanted ? await checkDirectory('--out', out ?? DEFAULT_OUT) : null;
    const { progress } = invocation;
    const { model, prompt } = await openPrompted(options, progress);
    const { precision, top, greedy, depth, maxStrings, trajectories, seed, temperature, operator } = options;
    const chosen = { precision, top, greedy, depth, maxStrings, trajectories, seed, temperature, operator };
    const parameters = { ...chosen, ...positionFrom(model, prompt, options.position) };
    const analysis = analyses.analysePrompt(model, prompt, parameters, {
      command: commandOf(invocation, prompt),
      onProgress: (stage, done, total) => progress.update(stage, done, total),
    });
    progress.stop();
    if (directory !== null) {
      await writeAll(join(directory, 'figures'), report.renderSvgFigures(analysis));
      await writeWhole(join(directory, 'report.html'), report.renderReport(analysis));
      await writeWhole(join(directory, 'report.json'), jsonText(analysis));
    }
    if (json) invocation.print(jsonText(analysis));
    else {
      invocation.print(promptLine(prompt) + report.renderSummary(analysis, terminalLooks()));
      if (directory !== null) {
        invocation.print(
          `\nReport: ${placeIn(directory, 'report.html')}\nData:   ${placeIn(directory, 'report.json')}\n`,
        );
      }
    }
  });
}
