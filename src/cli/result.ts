import { join } from 'node:path';
import { analyses, CapacityError, report, type transformer } from '../index.ts';
import type { Invocation } from './invocation.ts';

/** What every JSON result of a command carries. */
export interface ResultFrame {
  readonly provenance: analyses.Provenance;
  readonly checkpoint: analyses.CheckpointSummary;
  readonly prompt: transformer.Prompt;
  /** Everything that determines the numbers besides the checkpoint and the prompt. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

export function frameOf(
  invocation: Invocation,
  model: transformer.Model,
  prompt: transformer.Prompt,
  parameters: { readonly precision: 'f32' | 'f64' } & Readonly<Record<string, string | number>>,
): ResultFrame {
  return {
    provenance: analyses.provenanceOf(
      model.backend,
      parameters.precision,
      commandOf(invocation, prompt),
      model.streamed,
    ),
    checkpoint: analyses.summaryOf(model),
    prompt,
    parameters,
  };
}

/** The command line as it can be repeated: a prompt from standard input is written out. */
export function commandOf({ args }: Invocation, { text }: transformer.Prompt): string[] {
  const given = text ?? '-';
  const dash = dashOf(args);
  return args.map((arg, i) => {
    if (i === dash) return /^(-p|--prompt)$/.test(args[i - 1] ?? '') ? given : `--prompt=${given}`;
    return arg === '--prompt=-' || arg === '-p-' ? arg.slice(0, -1) + given : arg;
  });
}

/** Where the `-` that stands for standard input is: a value of --prompt, or by itself and then not the value of an option. */
function dashOf(args: readonly string[]): number {
  const dashes = args.flatMap((arg, i) => (arg === '-' ? [i] : []));
  const named = dashes.find((i) => /^(-p|--prompt)$/.test(args[i - 1] ?? ''));
  return named ?? dashes.find((i) => !args[i - 1]?.startsWith('-')) ?? dashes.at(-1) ?? -1;
}

/** How the model read the prompt; whether a beginning-of-text token came first differs between tools, so it is always said. */
export function promptLine({ ids, bos }: transformer.Prompt): string {
  return `${ids.length} tokens, beginning-of-text token ${bos ? 'on' : 'off'}\n\n`;
}

/** A path on one line. */
export function placeIn(directory: string, name: string): string {
  return report.printable(join(directory, name));
}

/** A result as JSON text with a final newline, whose strings hold no character that acts on a terminal. @throws CapacityError for more than the engine's longest string. */
export function jsonText(result: unknown): string {
  try {
    return report.printableJson(`${JSON.stringify(result, null, 1)}\n`);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CapacityError(
      `tmech: the JSON of the result must be one string, but it is too long (${cause.message}). Ask for less: fewer strings, steps or entries.`,
    );
  }
}
