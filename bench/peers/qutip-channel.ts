/** QuTiP as a peer of propagation: the same channel as Kraus operators on the cut Fock space, one thread. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../case.ts';

const PYTHON = process.env.BENCH_QUTIP_PYTHON ?? '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('./qutip_channel.py', import.meta.url));

/** Blocks over N tokens that act in turn on one text. */
export interface ChannelTask {
  readonly blocks: readonly { readonly scores: readonly number[]; readonly map: readonly number[] }[];
  readonly N: number;
  readonly text: readonly number[];
  readonly L: number;
}

let present: boolean | undefined;

/** The evolution by QuTiP; nothing where it is missing. BENCH_QUTIP_PYTHON names another interpreter. */
export function qutipChannel(task: ChannelTask): readonly Peer[] {
  present ??= spawnSync(PYTHON, ['-c', 'import qutip']).status === 0;
  if (!present) return [];
  return [
    {
      name: 'qutip',
      outputs: () => [{ name: 'weights', data: Float64Array.from(run(task, 1).weights) }],
      sample: () => run(task, 5).times,
    },
  ];
}

function run(task: ChannelTask, calls: number): { readonly times: number[]; readonly weights: number[] } {
  const env = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', ...process.env };
  const input = JSON.stringify({ ...task, calls });
  const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT], { input, encoding: 'utf8', env, maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`qutip_channel.py ended with ${status}: ${stderr}`);
  // QuTiP may print about itself first.
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}
