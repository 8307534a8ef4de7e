/** PyTorch as a peer: the same checkpoint and ids, a process of its own for every round, one thread or two. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../case.ts';
import { FORWARD_ROWS, type PeersOf, PROMPT, passPeers } from '../cases/forward.ts';
import { LENS_ROW } from '../cases/lens-rows.ts';
import { gpt2SmallDirectory } from '../cases/models.ts';

const SCRIPT = fileURLToPath(new URL('./torch_forward.py', import.meta.url));
/** Debian's interpreter, to which python3-torch belongs; another one by BENCH_PYTHON. */
const PYTHON = process.env.BENCH_PYTHON ?? '/usr/bin/python3';
const FORWARD_PASSES = 7;
const PRODUCT_PASSES = 100;

/** What a process of the peer printed. */
interface Report {
  readonly torch: string;
  readonly threads: number;
  readonly blas: { readonly name: string; readonly coreType: string | null };
  readonly ns: readonly number[];
  readonly logits: readonly number[] | null;
}

export interface TorchFacts {
  readonly version: string;
  readonly threads: number;
  readonly blas: string;
  readonly coreType: string | null;
}

export interface Torch {
  readonly peersOf: PeersOf;
  readonly facts: TorchFacts | null;
  /** A line for people where this peer cannot run. */
  readonly skipped: readonly string[];
}

/** Looks whether PyTorch can run here, on a BLAS that is worth comparing with. */
export function openTorch(): Torch {
  const none = (why: string): Torch => ({ peersOf: () => [], facts: null, skipped: [`torch: SKIPPED, ${why}`] });
  const probe = spawnSync(PYTHON, ['-c', 'import torch'], { encoding: 'utf8' });
  if (probe.status !== 0) return none(`${PYTHON} cannot import it (Debian: apt-get install python3-torch)`);
  const { torch, threads, blas } = run(1, 'product', '8', '8', '8', '1');
  // The reference BLAS is some twenty times slower than OpenBLAS: a time with it would say nothing about PyTorch.
  if (blas.name === 'reference BLAS')
    return none('its BLAS is the reference one (Debian: apt-get install libopenblas0)');
  return { peersOf, facts: { version: torch, threads, blas: blas.name, coreType: blas.coreType }, skipped: [] };
}

const passPeersOf = passPeers('torch', FORWARD_PASSES, (ids, passes, threads) => {
  const { ns, logits } = run(threads, 'forward', gpt2SmallDirectory(), ids.join(), String(passes));
  return { ns, logits: logits ?? [] };
});

function peersOf(row: string): readonly Peer[] {
  if (row === FORWARD_ROWS.product) {
    return [{ name: 'torch', outputs: null, sample: () => product(PROMPT, 768, 3072, PRODUCT_PASSES).ns }];
  }
  if (row === LENS_ROW.name) {
    const { rows, D, V } = LENS_ROW;
    return [{ name: 'torch', outputs: null, sample: () => product(rows, D, V, FORWARD_PASSES).ns }];
  }
  return passPeersOf(row);
}

function product(rows: number, k: number, n: number, passes: number): Report {
  return run(1, 'product', String(rows), String(k), String(n), String(passes));
}

function run(threads: number, ...args: string[]): Report {
  const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads), ...coreType() },
  });
  if (status !== 0) throw new Error(`torch_forward.py ${args[0]} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Report;
}

/** Debian's OpenBLAS takes CPUs newer than itself for old ones; with AVX-512 its SkylakeX kernels are the right ones. */
function coreType(): { OPENBLAS_CORETYPE?: string } {
  const given = process.env.OPENBLAS_CORETYPE;
  if (given !== undefined) return { OPENBLAS_CORETYPE: given };
  try {
    return / avx512f /.test(readFileSync('/proc/cpuinfo', 'utf8')) ? { OPENBLAS_CORETYPE: 'SkylakeX' } : {};
  } catch {
    return {};
  }
}
