/** Programs of this repository in processes of their own, with the time and the memory that they took. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const METER = './tests/scale/peak-memory.mjs';

export interface Measured {
  readonly stdout: string;
  readonly seconds: number;
  /** Of all threads. */
  readonly processorSeconds: number;
  /** Most resident memory at any time. */
  readonly peakBytes: number;
}

/**
 * Runs Node with these arguments in the repository's root.
 *
 * @param onLine called with each line of its stderr as it comes
 * @throws Error with all of stderr where it fails
 */
export async function measured(args: readonly string[], onLine: (line: string) => void = () => {}): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', METER, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill();
  process.once('exit', stop);
  const [stdout, stderr] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr, onLine),
    new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  process.off('exit', stop);
  if (child.exitCode !== 0)
    throw new Error(`${args.join(' ')} failed (${child.exitCode ?? child.signalCode}): ${stderr}`);
  const [, peak, processor] = /peak memory (\d+) bytes, processor time ([\d.]+) s/.exec(stderr)!;
  return {
    stdout,
    seconds: (performance.now() - started) / 1000,
    processorSeconds: Number(processor),
    peakBytes: Number(peak),
  };
}

/** A line of a table of figures against limits; one that misses its limit makes the process exit with 1. */
export function show(what: string, figure: string, limit: string, good: boolean): void {
  process.stdout.write(
    `${what.padEnd(44)} ${figure.padStart(12)}   limit ${limit.padEnd(10)} ${good ? 'met' : 'MISSED'}\n`,
  );
  if (!good) process.exitCode = 1;
}

async function textOf(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): Promise<string> {
  stream.setEncoding('utf8');
  let [text, line] = ['', ''];
  for await (const piece of stream) {
    text += piece;
    if (onLine === undefined) continue;
    const lines = (line + piece).split('\n');
    line = lines.pop()!;
    for (const whole of lines) onLine(whole);
  }
  return text;
}
