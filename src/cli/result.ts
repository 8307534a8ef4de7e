import { report, type transformer } from '../index.ts';
import type { Invocation } from './run.ts';

/** What every JSON result of a command carries. */
export interface ResultFrame {
  readonly provenance: report.Provenance;
  readonly checkpoint: report.CheckpointSummary;
  readonly prompt: transformer.Prompt;
}

export function frameOf(
  invocation: Invocation,
  model: transformer.Model,
  prompt: transformer.Prompt,
  precision: 'f32' | 'f64',
): ResultFrame {
  return {
    provenance: report.provenanceOf(model, precision, commandOf(invocation, prompt)),
    checkpoint: report.summaryOf(model),
    prompt,
  };
}

/** The command line as it can be repeated: a prompt from standard input is written out. */
export function commandOf({ args }: Invocation, { text }: transformer.Prompt): string[] {
  return args.map((arg, i) => (arg === '-' && ['-p', '--prompt'].includes(args[i - 1] ?? '') ? (text ?? arg) : arg));
}

/** A result as JSON text with a final newline. */
export function jsonText(result: unknown): string {
  return `${JSON.stringify(result, null, 1)}\n`;
}
