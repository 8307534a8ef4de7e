import { parseJsonObject } from '../../formats/json.ts';
import type { Checkpoint, Folder } from './checkpoint.ts';
import { familyOf } from './family-table.ts';
import { openGgufFiles } from './gguf/files.ts';
import { openGguf } from './gguf/open-gguf.ts';
import { noConfig } from './missing-files.ts';
import { readConfig } from './read-config.ts';
import { SmallFiles } from './small-files.ts';
import { storedTensors } from './stored-tensors.ts';
import { streamWeights, tensorReader } from './stream-weights.ts';
import { tensorPlan } from './tensor-plan.ts';
import { matchTensors, numbersIn } from './tensor-table.ts';
import { headDifference } from './tied-head.ts';
import { openWeightFiles } from './weight-files.ts';
import { hasHead, withoutHead } from './without-head.ts';

const WHERE = 'openCheckpoint';

/**
 * Opens a checkpoint in the layout of the Hugging Face Hub: config.json, weights in safetensors (whole or in shards), and
 * usually tokenizer.json; or a GGUF file of llama.cpp, whole or in shards. Everything but the weights themselves is read and checked here.
 *
 * {@link Family} names the families that can be opened, {@link WeightType} the types of weights.
 *
 * @throws FormatError naming the file, and the field, tensor or offset, for anything that is missing, damaged or not supported.
 * @cost reads the json files and the headers, a few MB at most; and both where an unembedding is stored beside the embedding it shares.
 * @example
 * const checkpoint = await openCheckpoint(await openNodeFolder('models/bank'));
 * const fingerprint = await checkpoint.readWeights(({ tensor, firstRow, rows, bytes }) => {});
 */
export async function openCheckpoint(folder: Folder): Promise<Checkpoint> {
  const small = new SmallFiles(folder);
  const configBytes = await small.read('config.json');
  if (configBytes === null) {
    const files = await openGgufFiles(folder);
    if (files === null) throw await noConfig(folder);
    return openGguf(folder, files);
  }
  const { config: asked, warnings } = readConfig(configBytes);
  const weights = await openWeightFiles(folder, small);
  const family = familyOf(asked);
  const plan = tensorPlan(family, asked);
  const stored = storedTensors(plan, weights.files);
  const whole = hasHead(plan, stored);
  const difference = whole && asked.tied ? await headDifference(plan, stored) : null;
  const config = whole ? (difference === null ? asked : { ...asked, tied: false }) : withoutHead(asked);
  const table = matchTensors(config === asked ? plan : tensorPlan(family, config), stored, weights);
  const tokenizerFiles = await readTokenizerFiles(small);
  const smallHashes = small.fingerprint();
  return {
    label: folder.label,
    config,
    family,
    tensors: table.tensors,
    ignored: table.ignored,
    parameterCount: numbersIn(table.tensors.values()),
    warnings: [...warnings, ...(difference === null ? [] : [ownHead(difference)]), ...table.warnings],
    tokenizerFiles,
    readWeights: async (visit, options = {}) => ({
      ...smallHashes,
      ...(await streamWeights(weights.files, table.tensors, visit, options)),
    }),
    ...tensorReader(weights.files),
  };
}

function ownHead(difference: string): string {
  return `config.json says tie_word_embeddings: true, but an unembedding of other ${difference} is stored beside the embedding; the stored one is used.`;
}

async function readTokenizerFiles(small: SmallFiles): Promise<Checkpoint['tokenizerFiles']> {
  const [tokenizer, config] = [await readJson(small, 'tokenizer.json'), await readJson(small, 'tokenizer_config.json')];
  return tokenizer === null ? null : { tokenizer, config: config ?? {} };
}

async function readJson(small: SmallFiles, source: string): Promise<object | null> {
  const bytes = await small.read(source);
  return bytes === null ? null : Object.fromEntries(parseJsonObject(bytes, { where: WHERE, source }));
}
