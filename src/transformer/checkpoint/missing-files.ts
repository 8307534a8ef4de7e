import { FormatError } from '../../core/errors.ts';
import { type ForeignFile, foreignByName } from '../../formats/foreign-file.ts';
import { quoteName } from '../../formats/json.ts';
import type { Folder } from './checkpoint.ts';

const WHERE = 'openCheckpoint';
const LAYOUT =
  'Give a folder with config.json, model.safetensors (or model.safetensors.index.json) and tokenizer.json.';

/** The error of a folder without config.json. */
export async function noConfig(folder: Folder): Promise<FormatError> {
  const names = await folder.names();
  const { found, advice } = insteadOf(names) ?? {
    found: names.length === 0 ? 'has no files' : `has only ${listNames(names)}`,
    advice: LAYOUT,
  };
  return new FormatError(`${WHERE}: ${folder.label} must contain config.json, but it ${found}. ${advice}`, {
    source: 'config.json',
  });
}

/** The error of a folder without weights. */
export async function noWeights(folder: Folder, single: string, index: string): Promise<FormatError> {
  const names = await folder.names();
  const { found, advice } = insteadOf(names) ?? {
    found: `has only ${listNames(names)}`,
    advice: 'Download the weights as well.',
  };
  return new FormatError(`${WHERE}: ${folder.label} must contain ${single} or ${index}, but it ${found}. ${advice}`, {
    source: single,
  });
}

interface Instead {
  readonly found: string;
  readonly advice: string;
}

/** What a folder holds instead of a checkpoint that is read; null where that is not known. */
function insteadOf(names: readonly string[]): Instead | null {
  if (names.some((name) => /^adapter_(config\.json|model\.)/.test(name))) {
    return {
      found: 'holds an adapter (LoRA) for another model',
      advice:
        'Merge the two in Python: AutoPeftModelForCausalLM.from_pretrained(folder).merge_and_unload().save_pretrained(other).',
    };
  }
  const shard = names.find((name) => /-\d+-of-\d+\.safetensors$/.test(name));
  if (shard !== undefined && !names.some((name) => name.endsWith('.safetensors.index.json')))
    return {
      found: `has ${quoteName(shard)} without an index`,
      advice: 'Download model.safetensors.index.json as well.',
    };
  const renamed = names.find((name) => name.endsWith('.safetensors'));
  if (renamed !== undefined && renamed !== 'model.safetensors')
    return { found: `has ${quoteName(renamed)} instead`, advice: 'If that is the model, call it model.safetensors.' };
  const others = names.flatMap((name): [string, ForeignFile][] => {
    const kind = foreignByName(name);
    return kind === null ? [] : [[name, kind]];
  });
  const [name, kind] = others.find(([other]) => /\.gguf$/i.test(other)) ?? others[0] ?? [];
  return name === undefined ? null : { found: `has ${quoteName(name)} instead, ${kind!.what}`, advice: kind!.advice };
}

/** Some file names in a message. */
function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'no files';
  const shown = names.slice(0, 6).map(quoteName).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}
