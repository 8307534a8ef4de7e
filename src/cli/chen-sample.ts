import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { analyses, DomainError, fock, report } from '../index.ts';
import type { ChenOptions } from './chen-ways.ts';
import { lockFile } from './file-lock.ts';
import { placeOfFile, writeWhole } from './files.ts';
import { Interrupted, type Invocation, UsageError, untilStopped } from './invocation.ts';
import { portablePath } from './portable-paths.ts';
import { openParquet, type ParquetTrajectories } from './read-parquet.ts';
import { jsonText } from './result.ts';
import { SampleFile } from './sample-file.ts';
import { parquetBytes, rowsInGroup } from './sample-parquet.ts';
import { headerOf, type SampledModel, sampledModel } from './sampled-model.ts';
import { type TrajectoryLine, trajectoryLines } from './trajectory-lines.ts';

export interface SampleOptions extends ChenOptions {
  readonly file: string;
  readonly json: true | undefined;
}

/** Trajectories in a file before a run, and after it. */
interface Counts {
  readonly before: number;
  readonly total: number;
}

/** `tmech chen --sample`: trajectories to a JSON Lines or a Parquet file, which a later run continues. */
export async function chenSample(invocation: Invocation, options: SampleOptions): Promise<void> {
  if (!invocation.writes) {
    throw new DomainError('tmech chen: --sample must be free to write, but a rerun writes nothing. Run it yourself.');
  }
  if (!/\.(jsonl|parquet)$/.test(options.file)) {
    throw new UsageError(
      `tmech chen: --sample must name a file that ends in .jsonl or .parquet, but it is '${options.file}'. Change its ending.`,
    );
  }
  const path = await placeOfFile('--sample', options.file);
  const sampled = await sampledModel(invocation, options);
  let unlock = async () => {};
  try {
    await mkdir(dirname(path), { recursive: true });
    unlock = await lockFile(path);
    const toFile = options.file.endsWith('.parquet') ? sampleToParquet : sampleToLines;
    const { before, total } = await untilStopped((stopped) => toFile(path, stopped, invocation, sampled, options));
    invocation.progress.stop();
    const { computing, precision, streamed, source } = sampled;
    const summary = { file: portablePath(path), before, sampled: total - before, total };
    const provenance = analyses.provenanceOf(computing, precision, invocation.args, streamed);
    if (options.json) invocation.print(jsonText({ kind: 'chen-sample', provenance, ...source, ...summary }));
    else invocation.print(`${summary.sampled} trajectories written to ${report.printable(path)}, ${total} in all\n`);
  } finally {
    await unlock();
    sampled.release();
  }
}

type SampleTo = (
  path: string,
  stopped: AbortSignal,
  invocation: Invocation,
  sampled: SampledModel,
  options: SampleOptions,
) => Promise<Counts>;

const sampleToLines: SampleTo = async (path, stopped, invocation, sampled, options) => {
  const file = await openLines(path, stopped, invocation, sampled, options);
  const before = file.lines;
  try {
    await sampleTo(file, stopped, invocation, sampled, options);
    return { before, total: file.lines };
  } finally {
    await file.close();
  }
};

/** To lines beside the file, which become the file when all are there. A finished file goes back to lines for more. */
const sampleToParquet: SampleTo = async (path, stopped, invocation, sampled, options) => {
  const header = headerOf(sampled, options.seed);
  const finished = await openParquet(path, sampled.chen, header);
  try {
    if (finished !== null && finished.rows >= options.trajectories) {
      await readFinished(finished, stopped, invocation, async () => {});
      return { before: finished.rows, total: finished.rows };
    }
    const part = await placeOfFile('--sample', `${path}.part.jsonl`);
    const file = await openLines(part, stopped, invocation, sampled, options);
    const before = Math.max(file.lines, finished?.rows ?? 0);
    try {
      if (finished !== null) {
        await readFinished(finished, stopped, invocation, (lines, first) =>
          file.append(lines.slice(Math.max(0, file.lines - first))),
        );
      }
      await sampleTo(file, stopped, invocation, sampled, options);
      const groups = reportedGroups(file, stopped, invocation, sampled);
      await writeWhole(path, parquetBytes(header, groups));
    } finally {
      await file.close();
    }
    await rm(part);
    return { before, total: file.lines };
  } finally {
    await finished?.close();
  }
};

function openLines(
  path: string,
  stopped: AbortSignal,
  { progress }: Invocation,
  sampled: SampledModel,
  { seed }: SampleOptions,
): Promise<SampleFile> {
  return SampleFile.open(path, sampled.chen, headerOf(sampled, seed), (done, total) => {
    checkStopped(stopped, 'check the trajectories in its file');
    progress.update('checking', done, total);
  });
}

/** Checks the trajectories of a finished file, and hands them on with the number of the first. */
async function readFinished(
  finished: ParquetTrajectories,
  stopped: AbortSignal,
  { progress }: Invocation,
  take: (lines: readonly TrajectoryLine[], first: number) => Promise<void>,
): Promise<void> {
  let done = 0;
  for await (const lines of finished.groups()) {
    checkStopped(stopped, 'check the trajectories in its file');
    await take(lines, done);
    done += lines.length;
    progress.update('checking', done, finished.rows);
  }
}

/** @throws Interrupted after a signal to stop, the file being whole. */
async function sampleTo(
  file: SampleFile,
  stopped: AbortSignal,
  { progress }: Invocation,
  { chen, chunk }: SampledModel,
  { trajectories, seed }: SampleOptions,
): Promise<void> {
  const { laws, start, steps, space, vacuumToken } = chen;
  while (file.lines < trajectories) {
    checkStopped(stopped, `reach ${trajectories} trajectories`, ` at ${file.lines}`);
    const first = file.lines;
    const found = fock.sampleTrajectories(laws, start, steps, {
      trajectories: Math.min(chunk, trajectories - first),
      seed: BigInt(seed),
      first,
      cutoff: space.M,
      vacuumToken,
    });
    await file.append(trajectoryLines(found, first, chen));
    progress.update('sampling', file.lines, trajectories);
  }
}

/** Lines in the row groups of a Parquet file. */
async function* reportedGroups(
  file: SampleFile,
  stopped: AbortSignal,
  { progress }: Invocation,
  { chen }: SampledModel,
): AsyncGenerator<TrajectoryLine[]> {
  let done = 0;
  for await (const group of file.groups(rowsInGroup(chen.steps))) {
    checkStopped(stopped, 'write its Parquet file');
    yield group;
    done += group.length;
    progress.update('writing', done, file.lines);
  }
}

function checkStopped(stopped: AbortSignal, aim: string, where = ''): void {
  if (!stopped.aborted) return;
  throw new Interrupted(
    `tmech chen: --sample must ${aim}, but it was stopped${where}. Run the command again to go on.`,
  );
}
