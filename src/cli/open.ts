import { fileURLToPath } from 'node:url';
import { type Backend, openBackend, transformer } from '../index.ts';
import { UsageError } from './invocation.ts';
import type { ModelOptions, PromptOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { standardInput } from './read-files.ts';
import { terminal } from './terminal.ts';

/** Folder of the model that comes with the package. */
export const EMBEDDED_MODEL = fileURLToPath(new URL('../../models/bank', import.meta.url));

/** Opens the backend that the options name. */
export function backendFrom({ backend, threads }: Pick<ModelOptions, 'backend' | 'threads'>): Promise<Backend> {
  return openBackend({ kind: backend, ...(threads === undefined ? {} : { threads }) });
}

/** Opens the checkpoint that the options name, or the embedded model, and says what its reader noticed. */
export async function openFrom(options: ModelOptions, progress: Progress): Promise<transformer.Model> {
  const model = await openQuietly(options, progress);
  warnOf(model, null);
  return model;
}

/** The same with the prompt that the options give, which has to be there before a checkpoint is read. */
export async function openPrompted(
  options: ModelOptions & PromptOptions,
  progress: Progress,
): Promise<{ readonly model: transformer.Model; readonly prompt: transformer.Prompt }> {
  checkPromptGiven(options);
  const model = await openQuietly(options, progress);
  let fault: unknown = null;
  try {
    return { model, prompt: await promptFrom(model, options) };
  } catch (error) {
    fault = error;
    throw error;
  } finally {
    warnOf(model, fault);
  }
}

async function openQuietly(
  { model = EMBEDDED_MODEL, memory, ...options }: ModelOptions,
  progress: Progress,
): Promise<transformer.Model> {
  const folder = await transformer.openNodeFolder(model);
  const opened = await transformer.openModel(folder, {
    backend: await backendFrom(options),
    memory,
    onProgress: (done, total) => progress.update('reading', done, total),
  });
  progress.stop();
  if (opened.streamed !== null) terminal.complain('note', streamingNote(opened.streamed, memory !== undefined));
  return opened;
}

/** What is said, once, of weights that stay in their files. */
function streamingNote({ budget, bytesPerSweep }: transformer.StreamedWeights, asked: boolean): string {
  const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const why = asked ? 'that --memory allows' : 'of memory that are free; --memory says otherwise';
  return `${size(bytesPerSweep)} of weights stay in their files and are read in every sweep over the layers: the others have the ${size(budget)} ${why}.`;
}

/** The warnings, but for one that is the reason of the error. */
function warnOf({ warnings }: transformer.Model, fault: unknown): void {
  for (const warning of warnings)
    if (!(fault instanceof Error && fault.message === warning)) terminal.complain('warning', warning);
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

/** @throws UsageError if there is no prompt, or two. */
function checkPromptGiven({ prompt, ids }: PromptOptions): void {
  if ((prompt === undefined) !== (ids === undefined)) return;
  throw new UsageError(
    `tmech: the prompt must come from either --prompt or --ids, but ${prompt === undefined ? 'neither is' : 'both are'} given.`,
  );
}

/** The prompt that the options give, as the model reads it. */
async function promptFrom(model: transformer.Model, { prompt, ids, bos }: PromptOptions): Promise<transformer.Prompt> {
  if (ids === undefined)
    return promptOfText(model, prompt === '-' ? withoutNewline(await standardInput()) : prompt!, bos);
  return transformer.promptOf(model, { ids, ...bosOf(bos) });
}

/**
 * The token that gives the output, as an option of what computes, where the model leaves the choice.
 *
 * @throws DomainError if the model predicts masked words, and neither a word is masked nor a position given, or if the position is not to be chosen.
 */
export function positionFrom(
  model: transformer.Model,
  { ids }: transformer.Prompt,
  position: number | undefined,
): { readonly position?: number } {
  if (transformer.predictsMasked(model)) return { position: transformer.predictedRow(model, ids, position) };
  if (position !== undefined) transformer.predictingRow(model, ids, position);
  return {};
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
