import { FormatError } from '../../../core/errors.ts';
import type { GgufMetadata } from '../../../formats/gguf/metadata.ts';
import type { GgufTensor } from '../../../formats/gguf/tensor-table.ts';
import { describeJson, quoteName } from '../../../formats/json.ts';
import type { Checkpoint, Folder } from '../checkpoint.ts';
import { familyOf } from '../family-table.ts';
import { configFrom } from '../read-config.ts';
import { storedTensors } from '../stored-tensors.ts';
import { streamWeights, tensorReader } from '../stream-weights.ts';
import { tensorPlan } from '../tensor-plan.ts';
import { matchTensors, numbersIn } from '../tensor-table.ts';
import type { WeightFile } from '../weight-files.ts';
import { GGUF_ARCHITECTURES, type GgufArchitecture } from './architectures.ts';
import { ggufFields } from './fields.ts';
import type { GgufFile } from './files.ts';
import { readRopeTensors } from './rope-tensors.ts';
import { ggufFamily, renamedTensors } from './tensors.ts';
import { ggufTokenizer } from './tokenizer/tokenizer.ts';

const WHERE = 'openCheckpoint';

/**
 * A model in GGUF as a checkpoint: the metadata become the fields of config.json that the family reads, the tensors get the names of the family's folders.
 *
 * @throws FormatError naming the file, and the key or tensor, for anything that is missing, damaged or not supported.
 */
export async function openGguf({ label }: Folder, files: readonly GgufFile[]): Promise<Checkpoint> {
  const [first] = files as [GgufFile];
  const { metadata } = first.header;
  const { name, architecture } = architectureOf(first);
  const tensors = new Map(files.flatMap(({ header }) => header.tensors).map((tensor) => [tensor.name, tensor]));
  const facts = {
    metadata,
    keyOf: (part: string) => `${name}.${part}`,
    has: (tensor: string) => tensors.has(tensor),
    rowsOf: (tensor: string) => rowsOf(tensors.get(tensor)),
  };
  const found = ggufFields(architecture, facts, await readRopeTensors(files));
  const model = typeof architecture.family === 'function' ? architecture.family(facts) : architecture.family;
  const origin = { source: first.name, nameOf: (field: string) => found.keys.get(field) };
  const { config: read, warnings } = configFrom(
    new Map<string, unknown>([['model_type', model], ...found.values]),
    origin,
  );
  const config = architecture.adjusted?.(read, facts) ?? read;
  const family = ggufFamily(familyOf(config), config, architecture);
  const plan = tensorPlan(family, config);
  const own = architecture.parts?.(facts) ?? {};
  const weights: WeightFile[] = files.map(({ name: file, bytes, header }) => ({
    name: file,
    bytes,
    header: {
      dataStart: header.dataStart,
      metadata: new Map(),
      tensors: renamedTensors(header.tensors, family, config, own),
    },
  }));
  const tokenizer = readTokenizer(metadata);
  const table = matchTensors(plan, storedTensors(plan, weights), { files: weights, promised: null });
  const unused = table.ignored.find((tensor) => plan.otherPart(tensor) === null);
  if (unused !== undefined) {
    throw new FormatError(
      `${WHERE}: tensor ${quoteName(unused)} of ${label} must belong to a model of architecture ${name} with these metadata, but it does not. The model is of a kind that is not read.`,
      { source: first.name, field: unused },
    );
  }
  return {
    label,
    config,
    family,
    tensors: table.tensors,
    ignored: table.ignored,
    parameterCount: numbersIn(table.tensors.values()),
    warnings: [
      ...warnings,
      ...(architecture.notices?.(facts) ?? []).map((notice) => `${first.name}: ${notice}`),
      ...found.unknown.map((key) => `${first.name} has a key this package does not know: ${quoteName(key)}.`),
      ...table.warnings,
      ...files.flatMap(excessOf),
      ...tokenizer.warnings,
    ],
    tokenizerFiles: tokenizer.files,
    readWeights: (visit, options = {}) => streamWeights(weights, table.tensors, visit, options),
    ...tensorReader(weights),
  };
}

function architectureOf({ name: source, header: { metadata } }: GgufFile): {
  readonly name: string;
  readonly architecture: GgufArchitecture;
} {
  const type = metadata.text('general.type') ?? 'model';
  if (type !== 'model') throw metadata.fault('general.type', 'be "model"');
  const name = metadata.text('general.architecture');
  const architecture = name === undefined ? undefined : GGUF_ARCHITECTURES.get(name);
  if (name !== undefined && architecture !== undefined) return { name, architecture };
  const known = [...GGUF_ARCHITECTURES.keys()].join(', ');
  throw new FormatError(
    `${WHERE}: general.architecture in ${source} must be one of ${known}, but it is ${describeJson(name)}. Models of other architectures are not read.`,
    { source, field: 'general.architecture' },
  );
}

/** The tokenizer that the metadata describe. One that cannot be read is a warning: the model still takes ids. */
function readTokenizer(metadata: GgufMetadata): {
  readonly files: Checkpoint['tokenizerFiles'];
  readonly warnings: readonly string[];
} {
  try {
    return { files: ggufTokenizer(metadata), warnings: [] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { files: null, warnings: [error.message] };
  }
}

/** A tensor of one axis has one row. */
function rowsOf(tensor: GgufTensor | undefined): number | undefined {
  return tensor === undefined || tensor.shape.length > 1 ? tensor?.shape[0] : 1;
}

function excessOf({ name, header: { excess } }: GgufFile): string[] {
  return excess === 0 ? [] : [`${name} has ${excess} bytes behind its last tensor, which are not used.`];
}
