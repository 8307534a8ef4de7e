import { GGML_TYPES } from '../../../src/formats/gguf/types.ts';
import { openCheckpoint } from '../../../src/transformer/checkpoint/open-checkpoint.ts';
import golden from '../../golden/gguf-architectures.json' with { type: 'json' };
import { fromBase64 } from '../../support/base64.ts';
import { type GgufEntry, type GgufParts, ggufBytes } from '../../support/gguf-file.ts';
import { ggufParts } from '../../support/gguf-model.ts';
import { memoryFolder, type TinyOptions, tinyConfig, tinyTensors } from '../../support/tiny-checkpoint.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import type { CaseRandom } from '../random.ts';
import { target, WrongAnswer } from '../target.ts';

const MODELS: readonly GgufParts[] = (
  [
    ['gpt2', 'F32'],
    ['gpt_neox', 'BF16'],
    ['llama', 'Q4_1'],
    ['qwen2', 'Q8_0'],
  ] as const
).map(([family, dtype]) => {
  const options: TinyOptions = { family, D: 32, F: 32, L: 1, V: 12 };
  const { entries, tensors } = ggufParts(tinyTensors(options).values(), tinyConfig(options), dtype);
  return { entries: [...entries, ['tokenizer.ggml.tokens', ['a', 'b', '½']]], tensors };
});
/** Files of every architecture, written elsewhere. */
const ARCHITECTURES = golden.cases.map(({ file }) => fromBase64(file));
const WHOLE = [...MODELS.map(ggufBytes), ...ARCHITECTURES];
const WORDS = [
  'GGUF',
  'FUGG',
  'general.alignment',
  'general.architecture',
  'llama.',
  'rope_freqs.weight',
  'split.count',
  'blk.0.attn_qkv.weight',
  'output.weight',
  '\0\0\0\0\0\0\0\x10',
  '\xff\xff\xff\xff\xff\xff\xff\xff',
];
const NUMBERS = [0, 1, 2, 3, 7, 31, 33, 2 ** 16, 2 ** 31 - 1, 2 ** 32 - 1, -1];
const TYPES = [...GGML_TYPES.keys()];

/** A whole file with a value, a row of its table or a tensor changed. */
function changedParts(random: CaseRandom): Uint8Array {
  const { entries, tensors } = random.pick(MODELS);
  const at = random.below(entries.length);
  const row = random.below(tensors.length);
  const other = random.pick(random.pick(MODELS).tensors);
  const { name, dtype, shape, bytes } = tensors[row]!;
  switch (random.below(6)) {
    case 0:
      return ggufBytes({ tensors, entries: entries.filter((_, i) => i !== at) });
    case 1:
      return ggufBytes({
        tensors,
        entries: entries.map((entry, i) => (i === at ? changedEntry(random, entry) : entry)),
      });
    case 2:
      return ggufBytes({
        entries,
        tensors: random.chance(0.5) ? tensors.filter((_, i) => i !== row) : [...tensors, other],
      });
    case 3: {
      const type = random.pick(TYPES);
      return ggufBytes({ entries, tensors: tensors.map((each, i) => (i === row ? sized(name, type, shape) : each)) });
    }
    case 4: {
      const axes = random.chance(0.3)
        ? [...shape, 1]
        : shape.map((size) => (random.chance(0.5) ? size : random.below(70) + 1));
      return ggufBytes({ entries, tensors: tensors.map((each, i) => (i === row ? sized(name, dtype, axes) : each)) });
    }
    default:
      return ggufBytes({
        entries,
        tensors: [...tensors, { name: 'rope_freqs.weight', dtype: 'F32', shape: [bytes.length >> 2], bytes }],
      });
  }
}

/** A tensor of zeros; of no bytes where its rows are no whole blocks. */
function sized(name: string, dtype: string, shape: readonly number[]) {
  const { elements, bytes } = GGML_TYPES.get(dtype)!;
  const blocks = shape.reduce((a, b) => a * b, 1) / elements;
  return { name, dtype, shape, bytes: new Uint8Array(Number.isInteger(blocks) ? blocks * bytes : 0) };
}

function changedEntry(random: CaseRandom, [key]: GgufEntry): GgufEntry {
  const number = random.pick(NUMBERS);
  switch (random.below(5)) {
    case 0:
      return [key, random.pick(['llama', 'gpt2', 'none', '', 'linear', 'model'])];
    case 1:
      return [key, random.chance(0.5)];
    case 2:
      return [key, [number, number], 'i32'];
    case 3:
      return [key, number, random.pick(['u8', 'i32', 'f32', 'u64', 'f64'] as const)];
    default:
      return [
        random.pick(['llama.expert_count', 'general.alignment', 'split.count', 'gpt2.rope.freq_base']),
        number,
        'u32',
      ];
  }
}

export const GGUF_TARGETS = [
  target<Uint8Array>({
    name: 'gguf',
    weight: 4,
    make: (random) =>
      random.chance(0.5)
        ? changedParts(random)
        : mutateBytes(random, random.pick(WHOLE), { words: WORDS, others: WHOLE }),
    async read(bytes) {
      const checkpoint = await openCheckpoint(memoryFolder(new Map([['x.gguf', bytes]])));
      const seen = new Map<string, number>();
      await checkpoint.readWeights(({ tensor, firstRow, rows }) => {
        if (firstRow !== (seen.get(tensor.name) ?? 0)) throw new WrongAnswer(`row ${firstRow} of ${tensor.name}`);
        seen.set(tensor.name, firstRow + rows);
      });
      for (const { name, shape } of checkpoint.tensors.values())
        if (seen.get(name) !== (shape[0] ?? 1)) throw new WrongAnswer(`${seen.get(name)} rows of ${name}`);
    },
  }),
];
