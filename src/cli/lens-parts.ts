import { analyses, transformer } from '../index.ts';
import type { Invocation } from './invocation.ts';
import { integer, modelCommand, seed } from './options.ts';
import { portablePath } from './portable-paths.ts';

/** Options of both: the model, and the texts. */
export function textsCommand(name: string, description: string) {
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

/** The share of the logit lens's KL that is gone. */
export function closed(before: number, after: number): string {
  return before > 0 ? `${(100 * (1 - after / before)).toFixed(1)} %` : '';
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(line).join('\n')}\n`;
}

export function parametersOf({
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

export function frameOf(
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
