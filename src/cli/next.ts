import { report, transformer } from '../index.ts';
import type { Invocation } from './invocation.ts';
import { openPrompted, withPrompt } from './open.ts';
import { integer, option, promptFirstCommand, share } from './options.ts';
import { frameOf, jsonText, promptLine } from './result.ts';
import { terminalLooks } from './terminal.ts';

/** Columns of logarithm, probability, id and token. */
const BESIDE_BARS = 45;

/** `tmech next`: the law of the next token and a greedy continuation. */
export function nextCommand(invocation: Invocation) {
  return promptFirstCommand('next', 'The likeliest next tokens (natural logarithms) and a greedy continuation.')
    .addOption(option.top)
    .option('--least <p>', 'least probability to list; default: all are listed', share)
    .option('--greedy <n>', 'tokens to continue greedily', integer(0, 100_000), transformer.NEXT_TOKEN_DEFAULTS.greedy)
    .action(
      async (
        text,
        { json, precision, top: wanted, least = transformer.NEXT_TOKEN_DEFAULTS.least, greedy, ...given },
      ) => {
        const options = withPrompt(text, given);
        const { progress } = invocation;
        const { model, prompt } = await openPrompted({ ...options, precision }, progress);
        const onProgress = (done: number, total: number) => progress.update('greedy', done, total);
        const asked = { precision, top: wanted, least, greedy, onProgress };
        const { top, greedyIds } = transformer.nextToken(model, prompt.ids, asked);
        progress.stop();
        const continuation = { ids: greedyIds, text: model.tokenizer?.decode(greedyIds) ?? null };
        if (json) {
          invocation.print(
            jsonText({
              kind: 'next',
              ...frameOf(invocation, model, prompt, { precision, k: wanted, least, greedy }),
              ids: prompt.ids,
              top,
              greedy: continuation,
            }),
          );
          return;
        }
        invocation.print(promptLine(prompt));
        const widest = Math.min(40, Math.max(0, terminalLooks().width - BESIDE_BARS));
        if (top.length === 0) invocation.print(`no token has a probability of at least ${least}\n`);
        for (const { id, token, logProb } of top) {
          const bar = '█'.repeat(Math.round(widest * Math.exp(logProb)));
          invocation.print(
            `${logProb.toFixed(5).padStart(10)}  ${Math.exp(logProb).toFixed(4)}  ${String(id).padStart(6)}  ${report.printable(token).padEnd(16)} ${bar}\n`,
          );
        }
        if (greedy > 0)
          invocation.print(continued(prompt.tokens.join(''), greedyIds.map((id) => model.tokenText(id)).join('')));
      },
    );
}

/** A prompt with what follows it in bold. */
function continued(prompt: string, continuation: string): string {
  const paint = new report.Paint(terminalLooks());
  return `\n${report.printable(prompt)}${paint.as('bold', report.printable(continuation))}\n`;
}
