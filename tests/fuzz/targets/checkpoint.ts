import { openCheckpoint } from '../../../src/transformer/checkpoint/open-checkpoint.ts';
import { lensBytes, readLens } from '../../../src/transformer/lens/lens-file.ts';
import type { LensKind, TunedLens } from '../../../src/transformer/lens/tuned-lens.ts';
import { openTokenizer } from '../../../src/transformer/tokenizer.ts';
import { ACTING } from '../../support/acting.ts';
import { concatenate, FAMILIES, jsonBytes, memoryFolder, tinyFiles } from '../../support/tiny-checkpoint.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutatedJsonBytes, mutateJson } from '../mutate-json.ts';
import type { CaseRandom } from '../random.ts';
import { target, WrongAnswer } from '../target.ts';

type Files = Map<string, Uint8Array>;

const CHECKPOINTS: readonly Files[] = [
  ...FAMILIES.map((family) => tinyFiles({ family })),
  tinyFiles({ shards: 2, V: 300 }),
];
const decoded = (files: Files, name: string): unknown => JSON.parse(new TextDecoder().decode(files.get(name)));
const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/** A checkpoint with one of its files changed. */
function withChanged(
  random: CaseRandom,
  names: readonly string[],
  change: (bytes: Uint8Array, name: string) => Uint8Array,
): Files {
  const files = new Map(random.pick(CHECKPOINTS.filter((known) => names.some((name) => known.has(name)))));
  const name = random.pick(names.filter((known) => files.has(known)));
  return files.set(name, change(files.get(name)!, name));
}

/** A safetensors file with a changed header of the right length, or with changed bytes. */
function changedWeights(random: CaseRandom, bytes: Uint8Array): Uint8Array {
  if (random.chance(0.2)) return mutateBytes(random, bytes);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = jsonBytes(
    mutateJson(random, JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))) ?? null,
  );
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
  return concatenate([prefix, header, bytes.subarray(8 + length)]);
}

async function readWhole(files: Files): Promise<void> {
  const checkpoint = await openCheckpoint(memoryFolder(files, ACTING));
  await checkpoint.readWeights(() => {});
}

const TEXTS = ['ab c', '', ' the  bank ', '½ naïve 𝔘\n', ACTING, '\ud800', 'a'.repeat(200)];

function lens(kind: LensKind): TunedLens {
  const translator = (seed: number) => ({
    weight: kind === 'bias' ? null : Float32Array.from({ length: 4 }, (_, k) => seed + k),
    bias: Float32Array.of(seed, 1),
  });
  const translators = new Map([
    ['embed', translator(0)],
    ['blocks.0.resid_mid', translator(3)],
  ] as const);
  return { kind, D: 2, translators, fingerprint: { [WEIGHTS]: 'ab' }, computation: null, unembedHash: null };
}
const LENSES = (['affine', 'bias'] as const).map((kind) => lensBytes(lens(kind)));

export const CHECKPOINT_TARGETS = [
  target<Files>({
    name: 'config',
    weight: 2,
    make: (random) =>
      withChanged(random, ['config.json'], (bytes) =>
        mutatedJsonBytes(random, JSON.parse(new TextDecoder().decode(bytes))),
      ),
    read: readWhole,
  }),
  target<Files>({
    name: 'weights',
    weight: 2,
    make: (random) =>
      withChanged(random, [WEIGHTS, INDEX], (bytes, name) =>
        name === INDEX
          ? mutatedJsonBytes(random, JSON.parse(new TextDecoder().decode(bytes)))
          : changedWeights(random, bytes),
      ),
    read: readWhole,
  }),
  target<{ readonly files: Files; readonly text: string }>({
    name: 'tokenizer',
    weight: 2,
    make(random) {
      const files = new Map(tinyFiles({ V: random.pick([30, 258]) }));
      const name = random.pick(['tokenizer.json', 'tokenizer.json', 'tokenizer.json', 'tokenizer_config.json']);
      return { files: files.set(name, mutatedJsonBytes(random, decoded(files, name))), text: random.pick(TEXTS) };
    },
    async read({ files, text }) {
      const checkpoint = await openCheckpoint(memoryFolder(files));
      const tokenizer = openTokenizer(checkpoint);
      const ids = tokenizer.encode(text, { bos: false });
      const { V } = checkpoint.config;
      const wrong = ids.find((id) => !(Number.isSafeInteger(id) && id >= 0 && id < V));
      if (wrong !== undefined) throw new WrongAnswer(`id ${wrong} of ${V}`);
      if (typeof tokenizer.decode(ids) !== 'string') throw new WrongAnswer('no text');
      for (let id = 0; id < Math.min(V, 40); id++) tokenizer.token(id);
    },
  }),
  target<Uint8Array>({
    name: 'lens-file',
    weight: 6,
    make: (random) => changedWeights(random, random.pick(LENSES)),
    read: (bytes) => readLens(bytes),
  }),
];
