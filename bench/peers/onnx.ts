/** ONNX Runtime as a peer of the forward pass, native and in WebAssembly: the same weights and ids, a process of its own for every round. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type PeersOf, passPeers } from '../cases/forward.ts';
import { gpt2SmallDirectory } from '../cases/models.ts';
import { writeOnnxModel } from './onnx-model.ts';

const SCRIPT = fileURLToPath(new URL('./onnx_forward.mjs', import.meta.url));
const PASSES = 7;
/** The packages and the names of their lanes. */
const RUNTIMES = [
  ['node', 'onnx'],
  ['web', 'onnx-web'],
] as const;

export interface Onnx {
  readonly peersOf: PeersOf;
  /** A line for each package that cannot run here. */
  readonly skipped: readonly string[];
}

/** Looks which packages are installed and load here. */
export function openOnnx(): Onnx {
  const skipped: string[] = [];
  const peers: PeersOf[] = [];
  for (const [kind, lane] of RUNTIMES) {
    const why = whyNot(kind);
    if (why !== null) skipped.push(`onnxruntime-${kind}: SKIPPED, ${why}`);
    else peers.push(passPeers(lane, PASSES, (ids, passes, threads) => forward(kind, ids, passes, threads)));
  }
  return { skipped, peersOf: (row) => peers.flatMap((peersOf) => peersOf(row)) };
}

/** null if it can run. */
function whyNot(kind: string): string | null {
  const installed = new URL(`./node_modules/onnxruntime-${kind}/package.json`, import.meta.url);
  if (!existsSync(installed)) return 'run npx npm@10.8.2 ci --ignore-scripts --omit=optional --prefix bench/peers';
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, kind], { encoding: 'utf8' });
  return status === 0 ? null : `it does not load: ${stderr.trim().split('\n').at(-1)}`;
}

let model: string | undefined;

function forward(kind: string, ids: readonly number[], passes: number, threads: number) {
  model ??= writeOnnxModel(gpt2SmallDirectory());
  const args = [SCRIPT, kind, model, ids.join(), String(passes), String(threads)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`onnx_forward.mjs ${kind} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as { readonly ns: number[]; readonly logits: number[] };
}
