/** Python programs as peers: a process of its own for every round, one thread. */
import { spawnSync } from 'node:child_process';
import type { Peer } from '../case.ts';

/** The interpreter with NumPy and SciPy. */
const PYTHON = process.env.BENCH_NUMPY_PYTHON ?? 'python3';

const present = new Map<string, boolean>();

/**
 * A script that prints the CPU nanoseconds of each call of a function of `module`, a line each; a notice and nothing where the
 * module is missing. BENCH_NUMPY_PYTHON names another interpreter.
 */
export function pythonPeer(module: string, script: string, args: readonly (string | number)[]): readonly Peer[] {
  if (!present.has(module)) {
    present.set(module, spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0);
    if (!present.get(module)) process.stderr.write(`${module}: SKIPPED, ${PYTHON} cannot import it\n`);
  }
  if (!present.get(module)) return [];
  return [{ name: module.split('.')[0]!, outputs: null, sample: () => run(module, script, args.map(String)) }];
}

function run(module: string, script: string, args: readonly string[]): number[] {
  // OpenBLAS may take a CPU newer than itself for a much older one; where there is AVX-512, SkylakeX is right.
  const env = { OPENBLAS_NUM_THREADS: '1', OPENBLAS_CORETYPE: 'SkylakeX', ...process.env };
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', script, ...args], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`the ${module} peer (${args.join(' ')}) ended with ${status}: ${stderr}`);
  return stdout.trim().split('\n').map(Number);
}
