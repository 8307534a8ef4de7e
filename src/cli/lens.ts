import { Command } from '@commander-js/extra-typings';
import { transformer } from '../index.ts';
import type { Invocation } from './invocation.ts';
import { closed, frameOf, parametersOf, table, textsCommand } from './lens-parts.ts';
import { lensFrom, textsFrom } from './lens-source.ts';
import { lensTrainCommand } from './lens-train.ts';
import { openFrom } from './open.ts';
import { option } from './options.ts';
import { jsonText } from './result.ts';

/** `tmech lens train` and `tmech lens eval`. */
export function lensCommand(invocation: Invocation) {
  return new Command('lens')
    .description('Lenses: translators that make the residual stream readable at every sublayer.')
    .addCommand(lensTrainCommand(invocation))
    .addCommand(evalCommand(invocation));
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
