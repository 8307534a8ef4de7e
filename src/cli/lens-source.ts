import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { analyses, CapacityError, transformer } from '../index.ts';
import { UsageError } from './invocation.ts';
import { portablePath } from './portable-paths.ts';
import type { Progress } from './progress.ts';
import { promptsOf } from './read-texts.ts';

/** A lens from a file, or from a folder of the tuned-lens package; `parameters` say in results which it was and what it was held against. null without a path. */
export async function lensFrom(path: string | undefined, unchecked = false) {
  if (path === undefined) {
    if (!unchecked) return null;
    throw new UsageError('tmech: --lens-unchecked must come with --lens, but it does not. Leave it out.');
  }
  if (path === '') throw new UsageError('tmech: --lens must name a file or a folder, but it is empty. Leave it out.');
  const whole = resolve(path);
  const isFolder = (await stat(whole).catch(() => null))?.isDirectory() ?? false;
  const folder = await transformer.openNodeFolder(isFolder ? whole : dirname(whole));
  const lens = await transformer.openLens(folder, isFolder ? undefined : basename(whole), { unchecked });
  return {
    lens,
    parameters: {
      lens: portablePath(path),
      lensKind: lens.kind,
      lensMarks: unchecked ? 'unchecked' : transformer.marksOf(lens),
    },
  };
}

/** Most tokens of the texts of a lens: they are kept in memory. */
const MOST_TOKENS = 2 ** 26;

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
  if (texts !== undefined) {
    const read: (readonly number[])[] = [];
    const onRead = (done: number, total: number) => progress.update('reading texts', done, total);
    let tokens = 0;
    for await (const prompt of promptsOf(texts, { onRead })) {
      const { ids } = analyses.dataSetPrompt(model, prompt);
      tokens += ids.length;
      if (tokens > MOST_TOKENS) {
        throw new CapacityError(
          `tmech: ${texts} must hold at most ${MOST_TOKENS} tokens, but it holds more. Take a part of it.`,
        );
      }
      read.push(ids);
    }
    progress.stop();
    return transformer.cutTexts(read, longest);
  }
  if (transformer.predictsMasked(model))
    throw new UsageError(
      `tmech lens: --texts must be given for a model of masked words, but it is not. ${model.label} writes no texts of its own.`,
    );
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
