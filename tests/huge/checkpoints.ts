/**
 * Random checkpoints with the shapes and names of published models of one to eight billion numbers, through the built command line, the peak memory of each
 * command against its limit.
 */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured, show } from '../support/measured-process.ts';

/** A command line on some tokens of a checkpoint, and the most memory it may take. */
interface Job {
  readonly command: string;
  readonly tokens: number;
  readonly options?: readonly string[];
  readonly limit: number;
  /** Processor seconds that it took when this was written, for the time that is left. */
  readonly usual: number;
}

interface Subject {
  /** Of `scripts/published-shapes.ts`. */
  readonly name: string;
  /** The type of a GGUF file; absent for a folder. */
  readonly gguf?: string;
  /** Bytes of it, at most. */
  readonly bytes: number;
  /** Processor seconds that writing it took. */
  readonly usual: number;
  readonly jobs: readonly Job[];
}

const GB = 1e9;
const analyze = (usual: number): Job => ({ command: 'analyze', tokens: 32, limit: 8 * GB, usual });
const streamed = (command: string, tokens: number, usual: number, ...more: readonly string[]): Job => ({
  command,
  tokens,
  options: ['--memory', '2GiB', ...more],
  limit: 4 * GB,
  usual,
});

const SUBJECTS: readonly Subject[] = [
  { name: 'llama-3.2-1b', bytes: 2.6 * GB, usual: 10, jobs: [analyze(200)] },
  { name: 'qwen3-1.7b', bytes: 3.6 * GB, usual: 15, jobs: [analyze(235)] },
  { name: 'gemma-2-2b', bytes: 5.4 * GB, usual: 20, jobs: [analyze(240)] },
  {
    name: 'llama-3.1-8b',
    gguf: 'Q4_K',
    bytes: 4.7 * GB,
    usual: 14,
    jobs: [
      streamed('next', 32, 22),
      streamed('qlens', 32, 23),
      streamed('dyson', 8, 96),
      // Of the tree of strings one step: every string more is a sweep over the file.
      streamed('analyze', 8, 150, '--depth', '1', '--greedy', '1', '--trajectories', '1'),
    ],
  },
];

/** Names of the checkpoints. */
export const CHECKPOINTS: readonly string[] = SUBJECTS.map(({ name }) => name);

/** Measures some of {@link CHECKPOINTS}, one after another. The process exits with 1 where a limit is missed or the disk is too small. */
export async function measureCheckpoints(names: readonly string[]): Promise<void> {
  const subjects = SUBJECTS.filter(({ name }) => names.includes(name));
  const { bavail, bsize } = statfsSync(tmpdir());
  const needed = Math.max(0, ...subjects.map(({ bytes }) => bytes));
  if (bavail * bsize < needed) {
    process.stderr.write(
      `test:huge: ${tmpdir()} must have room for ${(needed / GB).toFixed(1)} GB, but it has ${((bavail * bsize) / GB).toFixed(1)}. Set TMPDIR to a folder on a larger disk.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'tmech-huge-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const interrupted = (): void => process.exit(130);
  process.on('exit', remove).on('SIGINT', interrupted).on('SIGTERM', interrupted);
  const clock = new Clock(subjects.flatMap(({ usual, jobs }) => [usual, ...jobs.map((job) => job.usual)]));
  for (const subject of subjects) await measureOne(subject, folder, clock);
  process.off('exit', remove).off('SIGINT', interrupted).off('SIGTERM', interrupted);
  remove();
}

async function measureOne({ name, gguf, jobs, usual }: Subject, folder: string, clock: Clock): Promise<void> {
  const model = join(folder, gguf === undefined ? name : `${name}.gguf`);
  const type = gguf === undefined ? [] : ['--gguf', gguf];
  clock.say(`${name}: writing it`);
  await measured(['--import', 'tsx', 'scripts/random-checkpoint.ts', name, model, ...type]);
  clock.ended(usual);
  for (const { command, tokens, options = [], limit, usual } of jobs) {
    const what = [name, ...(gguf === undefined ? [] : [gguf]), ...options].join(' ');
    const label = `${what}: ${command}, ${tokens} tokens`;
    clock.say(label);
    const ids = Array.from({ length: tokens }, (_, i) => (i * 37) % 256).join();
    const out = command === 'analyze' ? ['--out', join(folder, 'report')] : [];
    const { seconds, processorSeconds, peakBytes } = await measured(
      ['dist/cli/main.js', command, '--model', model, '--ids', ids, ...options, ...out],
      (line) => {
        if (/%/.test(line)) clock.say(`${label}: ${line}`);
      },
    );
    clock.ended(usual);
    const figure = `${(peakBytes / 1e6).toFixed(0)} MB`;
    show(`${label}, peak memory`, figure, `${limit / 1e6} MB`, peakBytes <= limit);
    process.stdout.write(`  ${processorSeconds.toFixed(0)} s of processor time, ${seconds.toFixed(0)} s elapsed\n`);
  }
  rmSync(model, { recursive: true });
}

/** What is left, from the usual times and how much slower or faster this machine was up to now. */
class Clock {
  readonly #started = performance.now();
  readonly #total: number;
  #done = 0;

  constructor(usual: readonly number[]) {
    this.#total = usual.reduce((sum, seconds) => sum + seconds, 0);
  }

  ended(usual: number): void {
    this.#done += usual;
  }

  say(what: string): void {
    const gone = (performance.now() - this.#started) / 60_000;
    const rate = this.#done === 0 ? 1 / 60 : gone / this.#done;
    const left = Math.ceil((this.#total - this.#done) * rate);
    process.stderr.write(`[${gone.toFixed(1)} min gone, about ${left} left] ${what}\n`);
  }
}
