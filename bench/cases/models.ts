/** Checkpoints the whole algorithms run on: the embedded model, GPT-2-small's shape on disk, a small one in memory. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Backend, transformer } from '../../src/index.ts';
import { tinyCheckpoint } from '../../tests/support/tiny-checkpoint.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRATCH = join(tmpdir(), 'transformer-mechanics-bench');

/** Sizes that a count of operations needs. The MLPs here have no gate and all heads have keys of their own. */
export interface Sizes {
  readonly V: number;
  readonly D: number;
  readonly L: number;
  readonly F: number;
}

export interface BenchModel {
  readonly label: string;
  readonly sizes: Sizes;
  /** Loads it into a backend; the second call for the same backend gives the same model. */
  readonly open: (backend: Backend) => Promise<transformer.Model>;
}

function benchModel(label: string, sizes: Sizes, folder: () => Promise<transformer.Folder>): BenchModel {
  const opened = new Map<Backend, Promise<transformer.Model>>();
  const open = (backend: Backend) => {
    let model = opened.get(backend);
    if (model === undefined) {
      model = folder().then((found) => transformer.openModel(found, { backend }));
      opened.set(backend, model);
    }
    return model;
  };
  return { label, sizes, open };
}

/** The model that comes with the package; null where it has not been trained yet. */
export async function embeddedModel(): Promise<BenchModel | null> {
  const directory = join(ROOT, 'models', 'bank');
  if (!existsSync(join(directory, 'model.safetensors'))) return null;
  const folder = () => transformer.openNodeFolder(directory);
  const { config } = await transformer.openCheckpoint(await folder());
  return benchModel('bank', config, folder);
}

const SMALL: Sizes = { V: 512, D: 128, L: 4, F: 512 };

/** 4 layers of width 128, 4 heads, 512 tokens: random weights in memory. */
export const smallModel = benchModel('4x128', SMALL, async () =>
  tinyCheckpoint({ ...SMALL, H: 4, maxPositions: 128, tokenizer: false }),
);

const SMOL: Sizes = { V: 49_152, D: 576, L: 1, F: 12 };

/** Embedding and unembedding in SmolLM2-135M's shape around one small layer: random weights in memory. */
export const smolHead = benchModel('SmolLM2 head', SMOL, async () =>
  tinyCheckpoint({ ...SMOL, family: 'llama', H: 9, tied: true, maxPositions: 64, tokenizer: false }),
);

/** Random weights in GPT-2-small's shape. */
export const gpt2Small = benchModel('GPT-2-small', { V: 50_257, D: 768, L: 12, F: 3072 }, () =>
  transformer.openNodeFolder(gpt2SmallDirectory()),
);

/** Folder of the GPT-2-small-shaped checkpoint; written (548 MB) where the temporary directory has none yet. */
export function gpt2SmallDirectory(): string {
  const directory = join(SCRATCH, 'gpt2-small');
  // The weights get their name only when they are complete.
  return written(directory, join(directory, 'model.safetensors'), []);
}

/** The same shape as one GGUF file with its matrices in `type`; written where the temporary directory has none yet. */
export function gpt2SmallFile(type: string): string {
  const file = join(SCRATCH, `gpt2-small-${type}.gguf`);
  return written(file, file, ['--gguf', type]);
}

/** Random weights in GPT-2-small's shape, from {@link gpt2SmallFile}. */
export function gpt2SmallGguf(type: string): BenchModel {
  return benchModel(`GPT-2-small ${type}`, gpt2Small.sizes, () => transformer.openNodeFolder(gpt2SmallFile(type)));
}

function written(path: string, complete: string, options: readonly string[]): string {
  if (existsSync(complete)) return path;
  mkdirSync(SCRATCH, { recursive: true });
  process.stderr.write(`writing a checkpoint of GPT-2-small's shape (548 MB in F32) to ${path} …\n`);
  const script = join(ROOT, 'scripts', 'random-checkpoint.ts');
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script, 'gpt2-small', path, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`random-checkpoint.ts ended with ${status}`);
  return path;
}
