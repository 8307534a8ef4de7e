import { analyses, dyson, FormatError, report, type transformer } from '../index.ts';
import { EMBEDDED_PROMPTS } from './embedded-prompts.ts';
import { outDirectory, writeAll } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { openFrom, promptOfText } from './open.ts';
import { bosOption, integer, modelCommand } from './options.ts';
import { linesOf } from './read-texts.ts';
import { jsonText } from './result.ts';
import { terminalLooks } from './terminal.ts';

/** `tmech dyson accelerate`: how well extrapolation predicts the final state of real prompts. */
export function dysonAccelerateCommand(invocation: Invocation) {
  return modelCommand(
    'accelerate',
    'Scores series acceleration: the final state predicted from the first sublayers, and from low orders.',
  )
    .argument('[prompts...]', 'the prompts, instead of --prompt')
    .option('-p, --prompt <text>', 'a prompt; may be given several times', (text, before?: readonly string[]) => [
      ...(before ?? []),
      text,
    ])
    .option('--prompts <file>', 'text file with a prompt on each line')
    .addOption(bosOption())
    .option(
      '--steps <n>',
      'numbers of terms to try, spaced evenly up to the number of sublayers',
      integer(1, 1000),
      dyson.ACCELERATION_DEFAULTS.steps,
    )
    .option('-o, --out <dir>', 'where accelerate.json and the error curves (SVG) go')
    .action(async (alone, { json, out, steps, ...options }) => {
      const { progress, args, print } = invocation;
      const directory = await outDirectory(invocation, out);
      const texts = await textsFrom(alone, options);
      const model = await openFrom(options, progress);
      const prompts = texts.map((text) => promptOfText(model, text, options.bos));
      const { precision } = options;
      const result = dyson.runAcceleration(
        model,
        prompts.map(({ ids }) => ids),
        { precision, steps, onProgress: (done, total) => progress.update('acceleration', done, total) },
      );
      progress.stop();
      const data = {
        kind: 'dyson-accelerate',
        provenance: analyses.provenanceOf(model.backend, precision, args, model.streamed),
        checkpoint: analyses.summaryOf(model),
        parameters: { precision, steps },
        texts: prompts.map(({ text, ids, bos }: transformer.Prompt) => ({ text, ids, bos })),
        ...result,
      };
      if (directory !== null) {
        await writeAll(directory, [['accelerate.json', jsonText(data)], ...report.renderAccelerationFigures(result)]);
      }
      print(json ? jsonText(data) : report.renderAcceleration(result, terminalLooks()));
    });
}

/** Each takes some forward passes. */
const MOST_PROMPTS = 100_000;

interface TextOptions {
  readonly model?: string | undefined;
  readonly prompt?: readonly string[] | undefined;
  readonly prompts?: string | undefined;
}

/** The prompts that stand by themselves or that the options give; without any, those of the embedded model. */
async function textsFrom(
  alone: readonly string[],
  { model, prompt, prompts }: TextOptions,
): Promise<readonly string[]> {
  const given = [
    ...(alone.length === 0 ? [] : ['by themselves']),
    ...(prompt === undefined ? [] : ['by --prompt']),
    ...(prompts === undefined ? [] : ['by --prompts']),
  ];
  if (given.length > 1) {
    throw new UsageError(
      `tmech: the prompts must come in one way, but they are given ${given.join(' and ')}. Leave all but one out.`,
    );
  }
  if (alone.length > 0) return alone;
  if (prompt !== undefined) return prompt;
  if (prompts !== undefined) return promptLines(prompts);
  if (model === undefined) return EMBEDDED_PROMPTS;
  throw new UsageError(
    'tmech: --model must come with prompts, but there are none. Name some prompts, or a file with --prompts.',
  );
}

async function promptLines(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of linesOf(path)) {
    if (lines.length === MOST_PROMPTS) {
      throw new FormatError(
        `tmech: ${path} must hold at most ${MOST_PROMPTS} prompts, but it holds more. Take a part.`,
        {
          source: path,
        },
      );
    }
    lines.push(text);
  }
  if (lines.length > 0) return lines;
  throw new FormatError(`tmech: ${path} must hold a prompt on each line, but it holds none. Write some.`, {
    source: path,
  });
}
