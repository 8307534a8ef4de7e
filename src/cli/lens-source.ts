import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { FormatError, transformer } from '../index.ts';
import type { Progress } from './progress.ts';
import { UsageError } from './run.ts';

/** A lens from a file, or from a folder of the tuned-lens package; `parameters` say in results which it was. */
export async function lensFrom(path: string) {
  if (path === '') throw new UsageError('tmech: --lens must name a file or a folder, but it is empty. Leave it out.');
  const whole = resolve(path);
  const isFolder = (await stat(whole).catch(() => null))?.isDirectory() ?? false;
  const folder = await transformer.openNodeFolder(isFolder ? whole : dirname(whole));
  const lens = await (isFolder ? transformer.openLens(folder) : transformer.openLens(folder, basename(whole)));
  return { lens, parameters: { lens: path, lensKind: lens.kind } };
}

export interface TextOptions {
  readonly texts?: string | undefined;
  readonly sample: number;
  readonly length: number;
  readonly seed: string;
  readonly precision: 'f32' | 'f64';
}

/** The texts that the options name as token ids, cut to length; without a file, texts drawn from the model itself. */
export async function textsFrom(
  model: transformer.Model,
  { texts, sample, length, seed, precision }: TextOptions,
  progress: Progress,
): Promise<number[][]> {
  const longest = Math.min(length, model.config.maxPositions);
  if (texts !== undefined) return transformer.cutTexts(await readTexts(model, texts), longest);
  const onProgress = (done: number, total: number) => progress.update('sampling', done, total);
  const sampled = transformer.sampleTexts(model, {
    count: sample,
    length: longest,
    seed: BigInt(seed),
    precision,
    onProgress,
  });
  progress.stop();
  return sampled;
}

/** One text for each line that is not blank; in a .jsonl file a text, an object with `text`, or one with `ids`. */
async function readTexts(model: transformer.Model, path: string): Promise<readonly (readonly number[])[]> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FormatError(
      `tmech: --texts must name a readable file, but ${path} is not (${error.code ?? error.message}). Check the path.`,
      { source: path },
    );
  });
  const json = extname(path).toLowerCase() === '.jsonl';
  return content.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const source = json ? sourceOfJson(line, `line ${i + 1} of ${path}`, path) : { text: line };
    return [transformer.promptOf(model, source).ids];
  });
}

function sourceOfJson(line: string, where: string, source: string): transformer.PromptSource {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'object' && value !== null) {
    if ('text' in value && typeof value.text === 'string') return { text: value.text };
    if ('ids' in value && Array.isArray(value.ids)) return { ids: value.ids as number[] };
  }
  throw new FormatError(
    `tmech: ${where} must be a JSON text, an object with text, or one with ids, but it is not. Mend the file.`,
    { source },
  );
}
