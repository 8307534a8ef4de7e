import { Command, Option } from '@commander-js/extra-typings';
import { analyses, report, transformer } from '../index.ts';
import { checkFile, inPieces, writeWhole } from './files.ts';
import type { Invocation } from './invocation.ts';
import { lensFrom, textsFrom } from './lens-source.ts';
import { openFrom } from './open.ts';
import { integer, modelCommand, option, positive, seed } from './options.ts';
import { portablePath } from './portable-paths.ts';
import { jsonText } from './result.ts';
import { terminal } from './terminal.ts';

/** `tmech lens train` and `tmech lens eval`. */
export function lensCommand(invocation: Invocation) {
  return new Command('lens')
    .description('Tuned lens: translators that make the residual stream readable at every sublayer.')
    .addCommand(trainCommand(invocation))
    .addCommand(evalCommand(invocation));
}

/** Options of both: the model, and the texts. */
function textsCommand(name: string, description: string) {
  return modelCommand(name, description)
    .option('--texts <file>', 'a text a line, or .jsonl; default: texts drawn from the model itself')
    .option('--sample <n>', 'texts to draw where there is no file', integer(1, 1_000_000), 200)
    .option('--length <n>', 'tokens of a text at most; longer ones are cut', integer(1, 1_000_000), 64)
    .option(
      '--seed <n>',
      'seed of the drawn texts and of their order in training',
      seed,
      String(transformer.LENS_TRAINING_DEFAULTS.seed),
    );
}

function trainCommand(invocation: Invocation) {
  return textsCommand('train', 'Trains a translator for every sublayer and writes them as safetensors.')
    .requiredOption('-o, --out <file>', 'safetensors file to write')
    .addOption(
      new Option('--kind <kind>', 'affine: h + Ah + b; bias: h + b')
        .choices(['affine', 'bias'] as const)
        .default(transformer.LENS_TRAINING_DEFAULTS.kind),
    )
    .option('--steps <n>', 'steps of Adam at most', integer(0, 10_000_000), transformer.LENS_TRAINING_DEFAULTS.steps)
    .option('--batch <n>', 'texts of a step', integer(1, 1_000_000), transformer.LENS_TRAINING_DEFAULTS.batch)
    .option('--rate <x>', 'rate of the first step; it falls to 0', positive, transformer.LENS_TRAINING_DEFAULTS.rate)
    .action(async ({ json, out, ...options }) => {
      const { progress } = invocation;
      const file = await checkFile('--out', out);
      const model = await openFrom(options, progress);
      const texts = await textsFrom(model, options, progress);
      const { kind, steps, batch, rate, precision } = options;
      const remaining = transformer.splitOfTexts(texts.length).trained;
      if (texts.length > 1 && remaining < batch) {
        terminal.complain(
          'warning',
          `--batch asks for ${batch} texts a step, but of ${texts.length} only ${remaining} remain beside those held back: every step takes ${remaining === 1 ? 'the one' : `these ${remaining}`}.`,
        );
      }
      const trained = transformer.trainLens(model, texts, {
        ...{ kind, steps, batch, rate, precision, seed: BigInt(options.seed) },
        onText: (phase, done, total) => progress.update(phase === 'train' ? 'training' : 'evaluation', done, total),
      });
      progress.stop();
      if (invocation.writes) {
        const bytes = transformer.lensBytes(trained.lens);
        await writeWhole(
          file,
          inPieces(bytes, (done) => progress.update('writing', done, bytes.length)),
        );
        progress.stop();
      }
      const { lens: _, ...result } = trained;
      if (json) {
        const parameters = { ...parametersOf(options), kind, steps, batch, rate };
        invocation.print(
          jsonText({
            kind: 'lens-train',
            ...frameOf(invocation, model, parameters),
            file: portablePath(file),
            ...result,
          }),
        );
        return;
      }
      const first = trained.checks[0]!.kl;
      invocation.print(
        table(
          ['stage', 'KL, logit lens', 'KL, tuned', 'closed'],
          trained.stages.map((stage, s) => {
            const kl = trained.checks[trained.best[s]!]!.kl[s]!;
            return [stage, first[s]!.toFixed(4), kl.toFixed(4), closed(first[s]!, kl)];
          }),
        ),
      );
      const { trained: used, held } = trained.texts;
      invocation.print(
        `${trained.steps} steps of ${Math.min(batch, used)} on ${used} ${used === 1 ? 'text' : 'texts'}; the numbers are of ${held} ${held === 1 ? 'text' : 'texts'} held back.\n${report.printable(file)}\n`,
      );
    });
}

function evalCommand(invocation: Invocation) {
  return textsCommand('eval', 'KL to the final law, agreement and perplexity at every stage of texts.')
    .option(
      '--lens <file>',
      'what lens train wrote, or a folder of the tuned-lens package; default: the logit lens only',
    )
    .addOption(option.lensUnchecked)
    .action(async ({ json, ...options }) => {
      const { progress } = invocation;
      const lens = await lensFrom(options.lens, options.lensUnchecked);
      const model = await openFrom(options, progress);
      const texts = await textsFrom(model, options, progress);
      const evaluate = (stage: string, which: transformer.TunedLens | null) =>
        transformer.evaluateLens(model, which, texts, {
          precision: options.precision,
          onProgress: (done, total) => progress.update(stage, done, total),
        });
      const logit = evaluate('logit lens', null);
      const tuned = lens === null ? null : evaluate('tuned lens', lens.lens);
      progress.stop();
      if (json) {
        const frame = frameOf(invocation, model, { ...parametersOf(options), ...lens?.parameters });
        invocation.print(
          jsonText({ kind: 'lens-eval', ...frame, texts: texts.length, logitLens: logit, tunedLens: tuned }),
        );
        return;
      }
      invocation.print(evaluationTable(logit, tuned));
      invocation.print(`${logit.tokens} tokens of ${texts.length} texts; KL(final ‖ lens) in nats.\n`);
    });
}

function evaluationTable(logit: transformer.LensEvaluation, tuned: transformer.LensEvaluation | null): string {
  const cells = ({ kl, agreement, perplexity }: transformer.LensStageScore): string[] => [
    kl.toFixed(4),
    `${(100 * agreement).toFixed(1)} %`,
    perplexity === null ? '' : perplexity.toPrecision(4),
  ];
  const heads = ['KL', 'agrees', 'perplexity'];
  return table(
    ['stage', ...heads, ...(tuned === null ? [] : [...heads.map((head) => `tuned ${head}`), 'closed'])],
    logit.stages.map((row, s) => {
      const other = tuned?.stages[s];
      return [row.stage, ...cells(row), ...(other === undefined ? [] : [...cells(other), closed(row.kl, other.kl)])];
    }),
  );
}

/** The share of the logit lens's KL that is gone. */
function closed(before: number, after: number): string {
  return before > 0 ? `${(100 * (1 - after / before)).toFixed(1)} %` : '';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(line).join('\n')}\n`;
}

function parametersOf({
  precision,
  texts,
  sample,
  length,
  seed,
}: {
  readonly precision: 'f32' | 'f64';
  readonly texts?: string | undefined;
  readonly sample: number;
  readonly length: number;
  readonly seed: string;
}) {
  return { precision, ...(texts === undefined ? { sample } : { texts: portablePath(texts) }), length, seed };
}

function frameOf(
  { args }: Invocation,
  model: transformer.Model,
  parameters: { readonly precision: 'f32' | 'f64' } & Readonly<Record<string, string | number>>,
) {
  return {
    provenance: analyses.provenanceOf(model.backend, parameters.precision, args, model.streamed),
    checkpoint: analyses.summaryOf(model),
    parameters,
  };
}
