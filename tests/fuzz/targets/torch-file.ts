import { readAll } from '../../../src/formats/array-file.ts';
import { openTorch } from '../../../src/formats/read-torch.ts';
import { openCheckpoint } from '../../../src/transformer/checkpoint/open-checkpoint.ts';
import { readTorchHeader } from '../../../src/transformer/checkpoint/torch-file.ts';
import golden from '../../golden/torch-files.json' with { type: 'json' };
import { fromBase64 } from '../../support/base64.ts';
import { memoryFolder, tinyFiles } from '../../support/tiny-checkpoint.ts';
import { asTorch } from '../../support/torch-file.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { target, WrongAnswer } from '../target.ts';

const NAME = 'pytorch_model.bin';
const FILES = golden.read.map(({ file }) => fromBase64(file)).filter(({ length }) => length < 20_000);
const MODELS = [asTorch(tinyFiles()), asTorch(tinyFiles({ family: 'llama', dtype: 'F16' }), { wide: true })];
/** Operations and names of pickles, fields of directories. */
const WORDS = [
  'cos\nsystem\n',
  'ctorch\nFloatStorage\n',
  'ctorch._utils\n_rebuild_tensor_v2\n',
  'ccollections\nOrderedDict\n',
  '(',
  ')R',
  't',
  'u',
  '}',
  'q\x00',
  'h\x00',
  'j\xff\xff\xff\xff',
  'X\xff\xff\xff\x7f',
  '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f',
  '.',
  'PK\x01\x02',
  'PK\x05\x06',
  'PK\x06\x06',
];

export const TORCH_TARGETS = [
  target<Uint8Array>({
    name: 'torch-file',
    weight: 3,
    make: (random) => mutateBytes(random, random.pick(FILES), { words: WORDS, others: FILES }),
    async read(bytes) {
      const source = (await memoryFolder(new Map([[NAME, bytes]])).open(NAME))!;
      readAll(openTorch(bytes));
      const { tensors } = await readTorchHeader(NAME, source);
      for (const { name, shape, begin, end } of tensors) {
        if (!(begin >= 0 && begin <= end && end <= bytes.length))
          throw new WrongAnswer(`${name} at ${begin} to ${end}`);
        const count = shape.reduce((product, size) => product * size, 1);
        if (count === 0 ? begin !== end : (end - begin) % count !== 0)
          throw new WrongAnswer(`${name} of ${end - begin}`);
      }
    },
  }),
  target<Map<string, Uint8Array>>({
    name: 'torch-checkpoint',
    make(random) {
      const files = new Map(random.pick(MODELS));
      return files.set(NAME, mutateBytes(random, files.get(NAME)!, { words: WORDS }));
    },
    async read(files) {
      const checkpoint = await openCheckpoint(memoryFolder(files));
      await checkpoint.readWeights(() => {});
    },
  }),
];
