import { Option } from '@commander-js/extra-typings';
import { report, transformer } from '../index.ts';
import { checkFile, inPieces, writeWhole } from './files.ts';
import { Interrupted, type Invocation, UsageError, untilStopped } from './invocation.ts';
import { closed, frameOf, parametersOf, table, textsCommand } from './lens-parts.ts';
import { textsFrom } from './lens-source.ts';
import { openFrom } from './open.ts';
import { integer, positive } from './options.ts';
import { portablePath } from './portable-paths.ts';
import { timeLeft } from './progress.ts';
import { jsonText } from './result.ts';
import { terminal } from './terminal.ts';

const DEFAULTS = transformer.LENS_TRAINING_DEFAULTS;

/** What progress calls the phases of the work. */
const PHASES = { read: 'reading streams', check: 'evaluation', train: 'training', fit: 'least squares' } as const;

/** Work that is shorter than this begins without a word of what it costs, in seconds. */
const WORTH_SAYING = 5;

/** `tmech lens train`. */
export function lensTrainCommand(invocation: Invocation) {
  return textsCommand('train', 'Trains a translator for every sublayer and writes them as safetensors.')
    .requiredOption('-o, --out <file>', 'safetensors file to write')
    .addOption(
      new Option(
        '--kind <kind>',
        'affine: h + Ah + b; bias: h + b, both trained by the laws; ridge: h + Ah + b by least squares of the final stream',
      )
        .choices(transformer.LENS_KINDS)
        .default(DEFAULTS.kind),
    )
    .addOption(
      new Option('--init <init>', 'where training of --kind affine begins: the logit lens, or a ridge lens')
        .choices(['logit', 'ridge'] as const)
        .default('logit' as const),
    )
    .option('--steps <n>', 'steps of Adam at most', integer(0, 10_000_000), DEFAULTS.steps)
    .option('--batch <n>', 'texts of a step', integer(1, 1_000_000), DEFAULTS.batch)
    .option('--rows <n>', 'rows of a step at each stage; default: those that take seconds', integer(1, 1_000_000))
    .option('--rate <x>', 'rate of the first step; it falls to 0', positive, DEFAULTS.rate)
    .action(async ({ json, out, ...options }, command) => {
      const { progress } = invocation;
      const { kind, init, precision } = options;
      const foreign = (['init', 'steps', 'batch', 'rows', 'rate'] as const).find(
        (name) => command.getOptionValueSource(name) === 'cli',
      );
      if (kind === 'ridge' && foreign !== undefined)
        throw new UsageError(
          `tmech lens train: --${foreign} must come with --kind affine or bias, but it comes with ridge, which has no steps. Leave it out.`,
        );
      if (kind === 'bias' && init === 'ridge')
        throw new UsageError(
          'tmech lens train: --init ridge must come with --kind affine, but it comes with bias. Leave it out.',
        );
      const file = await checkFile('--out', out);
      const model = await openFrom(options, progress);
      const texts = await textsFrom(model, options, progress);
      const seed = BigInt(options.seed);
      const parameters = { ...parametersOf(options), kind };
      const save = async (lens: transformer.TunedLens) => {
        progress.stop();
        if (!invocation.writes) return;
        const bytes = transformer.lensBytes(lens);
        await writeWhole(
          file,
          inPieces(bytes, (done) => progress.update('writing', done, bytes.length)),
        );
        progress.stop();
      };
      const onWork = ({ phase, done, total }: transformer.LensWork) => progress.update(PHASES[phase], done, total);
      const leastSquares = (signal: AbortSignal) =>
        transformer.trainRidgeLensInTurns(model, texts, { seed, precision, signal, onWork });
      const plan = transformer.lensTrainingPlan(model, texts, { ...planned(options), seed });
      const least = transformer.ridgeFlop(model, texts, plan);

      if (kind === 'ridge') {
        sayCost(model, precision, [least]);
        const trained = await untilStopped(leastSquares);
        await save(trained.lens);
        const { lens: _, ...result } = trained;
        if (json)
          invocation.print(
            jsonText({
              kind: 'lens-ridge',
              ...frameOf(invocation, model, parameters),
              file: portablePath(file),
              ...result,
            }),
          );
        else invocation.print(ridgeText(trained, file));
        endedBy(trained);
        return;
      }

      const { steps, batch, rows, rate } = options;
      warnOfBatch(texts.length, batch);
      sayCost(model, precision, [
        ...(init === 'ridge' ? [least] : []),
        transformer.trainingFlop(plan, { steps, every: DEFAULTS.every }),
      ]);
      const trained = await untilStopped(async (signal) => {
        const start = init === 'ridge' ? (await leastSquares(signal)).lens : undefined;
        return transformer.trainLensInTurns(model, texts, {
          ...{ kind, steps, batch, rate, precision, seed, signal, onWork },
          ...(rows === undefined ? {} : { rows }),
          ...(start === undefined ? {} : { start }),
        });
      });
      await save(trained.lens);
      const { lens: _, ...result } = trained;
      if (json) {
        const all = { ...parameters, init, steps, batch, rate, ...(rows === undefined ? {} : { rows }) };
        invocation.print(
          jsonText({ kind: 'lens-train', ...frameOf(invocation, model, all), file: portablePath(file), ...result }),
        );
      } else invocation.print(trainedText(trained, batch, file));
      endedBy(trained);
    });
}

/** @throws Interrupted where a signal ended the work, so that the exit code says so. */
function endedBy({ stopped }: { readonly stopped: boolean }): void {
  if (stopped) throw new Interrupted('tmech lens train: stopped; the lens so far is written.');
}

/** What a plan depends on. */
function planned({
  batch,
  rows,
  precision,
}: {
  readonly batch: number;
  readonly rows?: number | undefined;
  readonly precision: 'f32' | 'f64';
}) {
  return { batch, precision, ...(rows === undefined ? {} : { rows }) };
}

function warnOfBatch(texts: number, batch: number): void {
  const remaining = transformer.splitOfTexts(texts).trained;
  if (texts <= 1 || remaining >= batch) return;
  terminal.complain(
    'warning',
    `--batch asks for ${batch} texts a step, but of ${texts} only ${remaining} remain beside those held back: every step takes ${remaining === 1 ? 'the one' : `these ${remaining}`}.`,
  );
}

/** Says what the work will take, where that is worth it. */
function sayCost(model: transformer.Model, precision: 'f32' | 'f64', parts: readonly transformer.LensFlop[]): void {
  const sum = (part: keyof transformer.LensFlop) => parts.reduce((all, flop) => all + flop[part], 0);
  const flop = { passes: sum('passes'), lenses: sum('lenses'), sums: sum('sums') };
  const seconds = transformer.estimateSeconds(model, precision, flop);
  if (seconds < WORTH_SAYING) return;
  const all = flop.passes + flop.lenses + flop.sums;
  terminal.note(
    `lens train: at most ${(all / 1e12).toPrecision(2)} TFLOP${timeLeft(1000 * seconds).replace(' left', '')} by a probe; Ctrl-C ends it with the best lens so far\n`,
  );
}

function trainedText(trained: transformer.LensTraining, batch: number, file: string): string {
  const first = trained.checks[0]!.kl;
  const rows = trained.stages.map((stage, s) => {
    const kl = trained.checks[trained.best[s]!]!.kl[s]!;
    return [stage, first[s]!.toFixed(4), kl.toFixed(4), closed(first[s]!, kl)];
  });
  const { trained: used, held } = trained.texts;
  const { sampled } = trained;
  return `${table(['stage', 'KL, logit lens', 'KL, tuned', 'closed'], rows)}${trained.stopped ? 'stopped after ' : ''}${trained.steps} steps of ${Math.min(batch, used)} on ${texts(used)}; the numbers are of ${sampled.held} tokens of ${texts(held)} held back.\n${report.printable(file)}\n`;
}

function ridgeText(trained: transformer.RidgeLens, file: string): string {
  const rows = trained.stages.map(({ stage, logitKl, kl, penalty, unexplained }) => [
    stage,
    logitKl.toFixed(4),
    kl.toFixed(4),
    closed(logitKl, kl),
    String(penalty),
    unexplained === null ? '' : unexplained.toPrecision(3),
  ]);
  const tokens = trained.stages[0]?.tokens ?? 0;
  const { held } = trained;
  return `${table(['stage', 'KL, logit lens', 'KL, ridge', 'closed', 'penalty', 'unexplained'], rows)}${trained.stopped ? 'stopped: ' : ''}${tokens} tokens of ${texts(trained.texts.trained)}; penalty and unexplained by ${held.tokens} tokens of ${texts(trained.texts.held)} held back, KL by ${held.rows} of them.\n${report.printable(file)}\n`;
}

function texts(count: number): string {
  return `${count} ${count === 1 ? 'text' : 'texts'}`;
}
