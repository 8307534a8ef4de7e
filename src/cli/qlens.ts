import { Option } from '@commander-js/extra-typings';
import { analyses, qlens, report } from '../index.ts';
import { outDirectory, writeAll } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { lensFrom } from './lens-source.ts';
import { openPrompted, withPrompt } from './open.ts';
import { flagOf, integer, nonZero, option, positive, promptFirstCommand, seed } from './options.ts';
import { qlensDataSet } from './qlens-data-set.ts';
import { frameOf, jsonText, promptLine } from './result.ts';
import { terminalLooks } from './terminal.ts';

/** Options that say nothing about a single prompt. */
const OF_DATA_SETS = [
  'limit',
  'steps',
  'saveVectors',
  'allOperators',
  'permutations',
  'seed',
  'umap',
  'rows',
  'stages',
  'sumTolerance',
  'maxBytes',
];

/** Options that say how a file of laws is read. */
const OF_LAWS = ['rows', 'stages', 'sumTolerance', 'maxBytes'];

/** `tmech qlens`: the state vector ψ = √p at every sublayer and the unitary of every step. */
export function qlensCommand(invocation: Invocation) {
  const command = promptFirstCommand(
    'qlens',
    'State vector (QLens): logit lens at every sublayer, unitaries, Hamiltonians and geometry along depth.',
  );
  return command
    .addOption(option.top)
    .addOption(option.operator)
    .addOption(
      new Option('--alpha <x>', 'α in U = exp(iαH), not 0').argParser(nonZero).default(qlens.QLENS_DEFAULTS.alpha),
    )
    .option('--lens <file>', 'tuned lens: what tmech lens train wrote, or a folder of the tuned-lens package')
    .addOption(option.lensUnchecked)
    .option('--texts <file>', 'a data set: one prompt per line, or per line of a .jsonl file')
    .option('--laws <file>', 'predictions of another program: .npy, .npz, .safetensors, .pt or .jsonl')
    .addOption(
      new Option('--rows <kind>', 'with --laws: what its rows are')
        .choices(['logits', 'probabilities', 'hidden'] as const)
        .default('logits' as const),
    )
    .option(
      '--stages <names...>',
      'with --laws: arrays to take, first stage to last; default: all in the order of the file',
    )
    .addOption(option.maxBytes)
    .option(
      '--sum-tolerance <x>',
      'with --rows probabilities: how far their sum may be from 1',
      positive,
      qlens.QLENS_DEFAULTS.sumTolerance,
    )
    .option('--limit <n>', 'of a data set: predictions to read; default: all', integer(1))
    .option('--steps <names...>', 'of a data set: steps to keep, by the stage after; default: all')
    .option(
      '--permutations <n>',
      'of a data set: relabellings of every test',
      integer(1, 10_000_000),
      qlens.QLENS_DEFAULTS.permutations,
    )
    .addOption(
      new Option('--seed <n>', 'of a data set: seed of its random choices')
        .argParser(seed)
        .default(String(qlens.QLENS_DEFAULTS.seed)),
    )
    .option('--no-umap', 'of a data set: leave UMAP out')
    .option('--all-operators', 'of a data set: rotations and one unitary for all texts too; twice the memory')
    .option('-o, --out <dir>', 'where JSON and figures go, and the page of a data set')
    .option('--save-vectors', 'with --out: the unit vectors of every step as .npy, f32')
    .action(async (text, { json, ...rest }, self) => {
      const options = withPrompt(text, rest);
      if (options.texts !== undefined || options.laws !== undefined) {
        if (options.prompt !== undefined || options.ids !== undefined) {
          throw new UsageError(
            'tmech qlens: --texts and --laws must not come with a prompt, but they do. Leave the prompt out.',
          );
        }
        const given = (name: string) => self.getOptionValueSource(name) === 'cli';
        const unread = options.laws === undefined ? OF_LAWS.find(given) : undefined;
        if (unread !== undefined) {
          throw new UsageError(`tmech qlens: ${flagOf(unread)} must come with --laws, but it does not. Leave it out.`);
        }
        return qlensDataSet(invocation, {
          json,
          ...options,
          ofOnePrediction: ['operator', 'alpha'].find(given) ?? null,
        });
      }
      const foreign = OF_DATA_SETS.find((name) => self.getOptionValueSource(name) === 'cli');
      if (foreign !== undefined) {
        const source = OF_LAWS.includes(foreign) ? '--laws' : '--texts or --laws';
        throw new UsageError(
          `tmech qlens: ${flagOf(foreign)} must come with ${source}, but it does not. Leave it out.`,
        );
      }
      const { progress } = invocation;
      const directory = await outDirectory(invocation, options.out);
      const { model, prompt } = await openPrompted(options, progress);
      const { precision, operator, alpha, top } = options;
      const lens = await lensFrom(options.lens, options.lensUnchecked);
      const result = analyses.qlensPicture(model, prompt, {
        ...{ precision, operator, alpha, top },
        lens: lens?.lens ?? null,
        onProgress: (done, total) => progress.update('state vector', done, total),
      });
      progress.stop();
      const labels = analyses.unitLabelsOf(
        model,
        [...result.stages, ...result.transitions].flatMap(({ top }) => top.map(({ id }) => id)),
      );
      const frame = frameOf(invocation, model, prompt, { precision, operator, alpha, top, ...lens?.parameters });
      const data = { kind: 'qlens', ...frame, labels, ...result };
      if (directory !== null) {
        await writeAll(directory, [['qlens.json', jsonText(data)], ...report.renderQLensFigures(result)]);
      }
      if (json) invocation.print(jsonText(data));
      else invocation.print(promptLine(prompt) + report.renderQLens(result, labels, terminalLooks()));
    });
}
