import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError, fock, report } from '../index.ts';
import { type ChenOptions, described } from './chen-ways.ts';
import { checkFile } from './files.ts';
import { openFrom, promptFrom } from './open.ts';
import { jsonText } from './result.ts';
import { Interrupted, type Invocation, UsageError } from './run.ts';
import { SampleFile } from './sample-file.ts';

export interface SampleOptions extends ChenOptions {
  readonly file: string;
  readonly json: true | undefined;
}

/** A system to sample, and what its results say of it. */
interface SampledSystem {
  readonly system: fock.ChenModel;
  readonly backend: report.Provenance['backend'];
  readonly precision: report.Provenance['precision'];
  /** Where the law is from. */
  readonly source: object;
  /** Trajectories sampled and written together. */
  readonly chunk: number;
  release(): void;
}

/** A description's laws take microseconds. */
const DESCRIBED_CHUNK = 1024;
/** As many histories as go through one pass of a checkpoint. */
const CHECKPOINT_CHUNK = 32;

/** `tmech chen --sample`: trajectories to a JSON Lines file, which a later run continues. */
export async function chenSample(invocation: Invocation, options: SampleOptions): Promise<void> {
  if (!invocation.writes) {
    throw new DomainError('tmech chen: --sample must be free to write, but a rerun writes nothing. Run it yourself.');
  }
  if (!options.file.endsWith('.jsonl')) {
    throw new UsageError(
      `tmech chen: --sample must name a file that ends in .jsonl, but it is '${options.file}'. Change its ending.`,
    );
  }
  const path = await checkFile('--sample', options.file);
  const sampled = options.path === undefined ? await ofCheckpoint(invocation, options) : await ofDescription(options);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await SampleFile.open(path, headerOf(sampled, options.seed), isTrajectory);
    const before = file.lines;
    try {
      await sampleTo(file, invocation, sampled, options);
    } finally {
      await file.close();
    }
    invocation.progress.stop();
    const { backend, precision, source } = sampled;
    const summary = { file: path, before, sampled: file.lines - before, total: file.lines };
    const provenance = report.provenanceOf(backend, precision, invocation.args);
    if (options.json) invocation.print(jsonText({ kind: 'chen-sample', provenance, ...source, ...summary }));
    else invocation.print(`${summary.sampled} trajectories written to ${path}, ${summary.total} in all\n`);
  } finally {
    sampled.release();
  }
}

async function ofDescription(options: SampleOptions): Promise<SampledSystem> {
  const { description, model } = await described(options);
  return {
    system: model,
    backend: 'ts',
    precision: 'f64',
    source: { description },
    chunk: DESCRIBED_CHUNK,
    release: () => {},
  };
}

async function ofCheckpoint(invocation: Invocation, options: SampleOptions): Promise<SampledSystem> {
  const model = await openFrom(options, invocation.progress);
  const prompt = await promptFrom(model, options);
  const { system, release } = report.chenSystem(model, prompt, options);
  const { label, fingerprint } = model;
  return {
    system,
    backend: model.backend.kind,
    precision: options.precision,
    source: { checkpoint: { label, fingerprint }, prompt, parameters: system.parameters },
    chunk: CHECKPOINT_CHUNK,
    release,
  };
}

/** Everything that determines the trajectories but their number: runs with equal headers write equal lines. */
function headerOf({ system, backend, precision, source }: SampledSystem, seed: string): object {
  const { package: name, version } = report.provenanceOf(backend, precision, []);
  return {
    kind: 'chen-trajectories',
    provenance: { package: name, version, backend, precision },
    ...source,
    ...fock.frameOfModel(system),
    seed,
  };
}

function isTrajectory(line: unknown, place: number): boolean {
  return (line as { stream?: unknown } | null)?.stream === place;
}

/** @throws Interrupted after a signal to stop, the file being whole. */
async function sampleTo(
  file: SampleFile,
  { progress }: Invocation,
  { system, chunk }: SampledSystem,
  { trajectories, seed }: SampleOptions,
): Promise<void> {
  const { laws, start, steps, space, vacuumToken } = system;
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  try {
    while (file.lines < trajectories && !stopped) {
      const first = file.lines;
      const found = fock.sampleTrajectories(laws, start, steps, {
        trajectories: Math.min(chunk, trajectories - first),
        seed: BigInt(seed),
        first,
        cutoff: space.M,
        vacuumToken,
      });
      await file.append(linesOf(found, first, steps, (token) => laws[0]!.label(token)));
      progress.update('sampling', file.lines, trajectories);
    }
  } finally {
    process.off('SIGINT', stop);
  }
  if (stopped && file.lines < trajectories) {
    throw new Interrupted(
      `tmech chen: --sample must reach ${trajectories} trajectories, but it was stopped at ${file.lines}. Run the command again to go on.`,
    );
  }
}

function linesOf(
  { count, prepared, tokens, logProbability }: fock.Trajectories,
  first: number,
  L: number,
  label: (token: number) => string,
): object[] {
  return Array.from({ length: count }, (_, k) => {
    const outcomes = tokens.subarray(k * L, (k + 1) * L);
    return {
      stream: first + k,
      text: prepared[k],
      tokens: [...outcomes],
      labels: Array.from(outcomes, label),
      logProbability: logProbability[k],
    };
  });
}
