import { FormatError } from '../../core/errors.ts';
import { parseJsonObject } from '../../formats/json.ts';
import type { Checkpoint, Folder } from './checkpoint.ts';
import { FAMILIES, readConfig } from './read-config.ts';
import { SmallFiles } from './small-files.ts';
import { streamWeights } from './stream-weights.ts';
import { matchTensors } from './tensor-table.ts';
import { listNames, openWeightFiles } from './weight-files.ts';

const WHERE = 'openCheckpoint';

/**
 * Opens a checkpoint in the layout of the Hugging Face Hub: config.json, weights in safetensors (whole or in shards), and
 * usually tokenizer.json. Everything but the weights themselves is read and checked here.
 *
 * Families: `gpt2` (GPT2LMHeadModel), `gpt_neo` (GPTNeoForCausalLM), `gpt_neox` (GPTNeoXForCausalLM), `llama` (LlamaForCausalLM), and
 * this package's own classifiers, `post_norm_encoder`. Weights: F32, F16, BF16.
 *
 * @throws FormatError naming the file, and the field, tensor or offset, for anything that is missing, damaged or not supported.
 * @cost reads the json files and the headers, a few MB at most.
 * @example
 * const checkpoint = await openCheckpoint(await openNodeFolder('models/bank'));
 * const fingerprint = await checkpoint.readWeights(({ tensor, firstRow, rows, bytes }) => {});
 */
export async function openCheckpoint(folder: Folder): Promise<Checkpoint> {
  const small = new SmallFiles(folder);
  const configBytes = await small.read('config.json');
  if (configBytes === null) throw await noConfig(folder);
  const { config, warnings } = readConfig(configBytes);
  const files = await openWeightFiles(folder, small);
  const plan = FAMILIES.get(config.family)?.plan(config);
  if (plan === undefined)
    throw new FormatError(`${WHERE}: model_type must be known, but it is ${config.family}.`, { source: 'config.json' });
  const table = matchTensors(plan, files);
  const tokenizerFiles = await readTokenizerFiles(small);
  const smallHashes = small.fingerprint();
  let parameterCount = 0;
  for (const { shape } of table.tensors.values()) parameterCount += shape.reduce((product, size) => product * size, 1);
  return {
    label: folder.label,
    config,
    tensors: table.tensors,
    ignored: table.ignored,
    parameterCount,
    warnings: [...warnings, ...table.warnings],
    tokenizerFiles,
    readWeights: async (visit, options = {}) => ({
      ...smallHashes,
      ...(await streamWeights(files, table.tensors, visit, options)),
    }),
  };
}

async function readTokenizerFiles(small: SmallFiles): Promise<Checkpoint['tokenizerFiles']> {
  const [tokenizer, config] = [await readJson(small, 'tokenizer.json'), await readJson(small, 'tokenizer_config.json')];
  return tokenizer === null ? null : { tokenizer, config: config ?? {} };
}

async function readJson(small: SmallFiles, source: string): Promise<object | null> {
  const bytes = await small.read(source);
  return bytes === null ? null : Object.fromEntries(parseJsonObject(bytes, { where: WHERE, source }));
}

async function noConfig(folder: Folder): Promise<FormatError> {
  const names = await folder.names();
  const looked = 'config.json, model.safetensors (or model.safetensors.index.json) and tokenizer.json';
  return new FormatError(
    `${WHERE}: ${folder.label} must contain config.json, but it has ${names.length === 0 ? 'no files' : `only ${listNames(names)}`}. Give a folder with ${looked}.`,
    { source: 'config.json' },
  );
}
