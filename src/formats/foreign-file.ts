/** What a file is instead of the one that was expected, and what to do. */
export interface ForeignFile {
  /** With its article: “a GGUF file of llama.cpp”. */
  readonly what: string;
  readonly advice: string;
}

interface Kind extends ForeignFile {
  /** How such files begin, one character per byte, in lower case. */
  readonly starts: readonly string[];
  /** What their names end with, in lower case. */
  readonly endings: readonly string[];
}

const AGAIN = 'Download it again.';
const CONVERT = 'Convert it in Python: AutoModelForCausalLM.from_pretrained(folder).save_pretrained(other).';
const SAFETENSORS = 'Take the model in safetensors.';

/** How many bytes of a file's beginning tell what it is. */
export const TELLING_BYTES = 64;

const ZIP: Kind = {
  starts: ['pk\x03\x04'],
  endings: ['.zip'],
  what: 'a zip archive',
  advice: 'Unpack it; if PyTorch wrote it, call it pytorch_model.bin.',
};

const KINDS: readonly Kind[] = [
  {
    starts: ['version https://git-lfs', 'version '],
    endings: [],
    what: 'a Git LFS pointer',
    advice: 'Fetch the weights with “git lfs pull”.',
  },
  {
    starts: ['<!doct', '<html', '<?xml', '<head'],
    endings: ['.html', '.htm'],
    what: 'a web page, perhaps an error of the server',
    advice: AGAIN,
  },
  {
    starts: ['gguf'],
    endings: ['.gguf'],
    what: 'a GGUF file of llama.cpp',
    advice: 'Give the file itself as the model.',
  },
  {
    starts: ['lmgg', 'fmgg', 'tjgg', 'algg'],
    endings: ['.ggml'],
    what: 'an old GGML file of llama.cpp',
    advice: SAFETENSORS,
  },
  {
    starts: ['\x89hdf'],
    endings: ['.h5', '.hdf5', '.keras'],
    what: 'a file of TensorFlow, which is not read',
    advice: CONVERT,
  },
  { starts: [], endings: ['.onnx', '.onnx_data'], what: 'an ONNX file, which is not read', advice: SAFETENSORS },
  { starts: [], endings: ['.msgpack'], what: 'a file of Flax, which is not read', advice: CONVERT },
  {
    starts: ['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'],
    endings: ['.bin', '.pt', '.pth', '.ckpt', '.pkl'],
    what: 'a file of PyTorch',
    advice:
      'If it is the state dictionary of a model of transformers, call it pytorch_model.bin, in a folder with its config.json.',
  },
  ZIP,
  { starts: ['\x1f\x8b'], endings: ['.gz', '.tgz'], what: 'a file packed by gzip', advice: 'Unpack it.' },
];

/**
 * What a file is by its first bytes, or where they tell nothing by its name; null where neither does.
 *
 * @param start the first {@link TELLING_BYTES}, or fewer
 */
export function foreignFile(start: Uint8Array, name = ''): ForeignFile | null {
  if (start.length === 0) return { what: 'an empty file', advice: AGAIN };
  const text = String.fromCharCode(...start.subarray(0, TELLING_BYTES))
    .toLowerCase()
    .trimStart();
  const found = KINDS.find(({ starts }) => starts.some((beginning) => text.startsWith(beginning)));
  // PyTorch packs its pickles as zip archives.
  return found === undefined || found === ZIP ? (foreignByName(name) ?? found ?? null) : found;
}

/** What a file is by its name; null where that tells nothing. */
export function foreignByName(name: string): ForeignFile | null {
  const lower = name.toLowerCase();
  return KINDS.find(({ endings }) => endings.some((ending) => lower.endsWith(ending))) ?? null;
}
