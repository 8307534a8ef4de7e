import { fileURLToPath } from 'node:url';
import { transformer } from '../index.ts';
import { UsageError } from './invocation.ts';
import type { ModelOptions, PromptOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { standardInput } from './read-files.ts';
import { terminal } from './terminal.ts';

/** Folder of the model that comes with the package. */
export const EMBEDDED_MODEL = fileURLToPath(new URL('../../models/bank', import.meta.url));

/** Opens the checkpoint that the options name, or the embedded model. */
export async function openFrom(
  { model = EMBEDDED_MODEL, backend }: ModelOptions,
  progress: Progress,
): Promise<transformer.Model> {
  const folder = await transformer.openNodeFolder(model);
  const opened = await transformer.openModel(folder, {
    backend,
    onProgress: (done, total) => progress.update('reading', done, total),
  });
  progress.stop();
  for (const warning of opened.warnings) terminal.complain('warning', warning);
  return opened;
}

/** Options with the prompt that stands by itself. @throws UsageError if another is given. */
export function withPrompt<O extends PromptOptions>(prompt: string | undefined, options: O): O {
  if (prompt === undefined) return options;
  const other = options.prompt !== undefined ? '--prompt' : options.ids !== undefined ? '--ids' : null;
  if (other === null) return { ...options, prompt };
  throw new UsageError(
    `tmech: the prompt must come once, but it stands by itself and ${other} is given. Leave one of the two out.`,
  );
}

/** The prompt that the options give, as the model reads it. @throws UsageError if there is none, or two. */
export async function promptFrom(
  model: transformer.Model,
  { prompt, ids, bos }: PromptOptions,
): Promise<transformer.Prompt> {
  if ((prompt === undefined) === (ids === undefined)) {
    throw new UsageError(
      `tmech: the prompt must come from either --prompt or --ids, but ${prompt === undefined ? 'neither is' : 'both are'} given.`,
    );
  }
  if (ids === undefined)
    return promptOfText(model, prompt === '-' ? withoutNewline(await standardInput()) : prompt!, bos);
  return transformer.promptOf(model, { ids, ...bosOf(bos) });
}

/** A text as the model reads it. */
export function promptOfText(model: transformer.Model, text: string, bos: PromptOptions['bos']): transformer.Prompt {
  return transformer.promptOf(model, { text, ...bosOf(bos) });
}

function bosOf(bos: PromptOptions['bos']): { readonly bos?: boolean } {
  return bos === 'auto' ? {} : { bos: bos === 'on' };
}

/** A text without the newline that shells put at its end. */
function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
