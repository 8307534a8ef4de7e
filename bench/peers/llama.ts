/** llama.cpp as a peer of decoding, by node-llama-cpp: the same file and ids, a process of its own for every round, one thread, no GPU. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Output, Peer } from '../case.ts';

const SCRIPT = fileURLToPath(new URL('./llama_decode.mjs', import.meta.url));
const INSTALLED = new URL('./node_modules/node-llama-cpp/package.json', import.meta.url);
const PASSES = 5;

/** A file, and ids of which the first `given` are read at once and the others one by one. */
export interface DecodeTask {
  /** Path of the GGUF file; it is written when first asked for. */
  readonly file: () => string;
  readonly ids: readonly number[];
  readonly given: number;
}

export interface Llama {
  /** `read` makes an output of the logits behind the last id; `tolerance` as in {@link Peer}. */
  readonly peersOf: (
    task: DecodeTask,
    tolerance: number,
    read: (logits: readonly number[]) => Output,
  ) => readonly Peer[];
  /** A line if it cannot run here. */
  readonly skipped: readonly string[];
}

/** Looks whether node-llama-cpp is installed and its prebuilt llama.cpp loads here. */
export function openLlama(): Llama {
  const none = (why: string): Llama => ({ peersOf: () => [], skipped: [`llama.cpp: SKIPPED, ${why}`] });
  if (!existsSync(INSTALLED))
    return none('run npx npm@10.8.2 ci --ignore-scripts --omit=optional --prefix bench/peers (Linux on x64)');
  const probe = spawnSync(process.execPath, [SCRIPT], { encoding: 'utf8' });
  if (probe.status !== 0) return none(`its binary does not load: ${probe.stderr.trim().split('\n').at(-1)}`);
  return {
    skipped: [],
    peersOf: (task, tolerance, read) => [
      {
        name: 'llama.cpp',
        tolerance,
        outputs: () => [read(run(task, 1).logits)],
        sample: () => run(task, PASSES).ns,
      },
    ],
  };
}

function run({ file, ids, given }: DecodeTask, passes: number): { readonly ns: number[]; readonly logits: number[] } {
  const args = [SCRIPT, file(), ids.join(), String(given), String(passes)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`llama_decode.mjs ended with ${status}: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}
