import { CapacityError, FormatError } from '../../core/errors.ts';
import { describeJson, parseJsonObject } from '../../formats/json.ts';
import type { Folder } from '../checkpoint/checkpoint.ts';
import { type ReadLensOptions, readLens } from './lens-file.ts';
import type { TunedLens } from './tuned-lens.ts';

const WHERE = 'openLens';
const CONFIG = 'config.json';
/** Longest file that is read whole. */
const MAX_BYTES = 2 ** 30;
const PICKLE = /\.(pt|pth|bin|ckpt|pkl)$/;

/**
 * Opens a lens: a file of a folder, or without a name a folder of the public tuned-lens package, config.json and one
 * safetensors file. Its params.pt is a pickle, which can run code, so it must be converted first.
 *
 * @throws FormatError naming the file, and the field where there is one; CapacityError above 1 GiB.
 */
export async function openLens(folder: Folder, name?: string, options: ReadLensOptions = {}): Promise<TunedLens> {
  const names = await folder.names();
  if (name !== undefined)
    return withConfig(folder, names, readLens(await bytesOf(folder, name), name, options), options);
  const candidates = names.filter((candidate) => candidate.endsWith('.safetensors'));
  const pickle = names.find((candidate) => PICKLE.test(candidate));
  if (candidates.length === 0 && pickle !== undefined) throw pickled(pickle);
  if (candidates.length !== 1) {
    throw new FormatError(
      `${WHERE}: ${folder.label} must contain one safetensors file, but it has ${candidates.length}. Name the file.`,
      { source: folder.label },
    );
  }
  return withConfig(folder, names, readLens(await bytesOf(folder, candidates[0]!), candidates[0]!, options), options);
}

/** A lens of the tuned-lens package with what the config.json beside it says; others describe themselves. */
async function withConfig(
  folder: Folder,
  names: readonly string[],
  lens: TunedLens,
  { unchecked = false }: ReadLensOptions,
): Promise<TunedLens> {
  if (lens.fingerprint !== null || !names.includes('config.json')) return lens;
  const fields = parseJsonObject(await bytesOf(folder, 'config.json'), { where: WHERE, source: CONFIG });
  // A model's config.json beside a lens says nothing of it.
  if (fields.has('model_type')) return lens;
  checkConfig(fields, lens);
  // Version 0.1.0 of the package spelt the name wrong.
  const hash = fields.get('unembed_hash') ?? fields.get('unemebd_hash') ?? null;
  if (hash !== null && typeof hash !== 'string') throw fault('unembed_hash', 'be a text', hash);
  return { ...lens, unembedHash: unchecked ? null : hash };
}

async function bytesOf(folder: Folder, name: string): Promise<Uint8Array> {
  if (PICKLE.test(name)) throw pickled(name);
  const file = await folder.open(name);
  if (file === null)
    throw new FormatError(`${WHERE}: ${folder.label} must contain ${name}, but it does not. Check the path.`, {
      source: name,
    });
  if (file.size > MAX_BYTES)
    throw new CapacityError(
      `${WHERE}: ${name} must have at most ${MAX_BYTES} bytes, but it has ${file.size}.`,
      file.size,
    );
  const bytes = new Uint8Array(file.size);
  await file.read(0, bytes);
  return bytes;
}

function pickled(source: string): FormatError {
  return new FormatError(
    `${WHERE}: ${source} must be a safetensors file, but it is a pickle, which can run code. Convert it in Python: safetensors.torch.save_file(torch.load("params.pt", map_location="cpu", weights_only=True), "params.safetensors").`,
    { source },
  );
}

/** What config.json of the tuned-lens package says must be what the file holds. */
function checkConfig(fields: ReadonlyMap<string, unknown>, { D, translators }: TunedLens): void {
  const expected: readonly (readonly [string, unknown])[] = [
    ['lens_type', 'linear_tuned_lens'],
    ['d_model', D],
    ['num_hidden_layers', translators.size],
  ];
  for (const [field, value] of expected) {
    const found = fields.get(field);
    if (found !== undefined && found !== value)
      throw fault(field, `be ${describeJson(value)} as in the translators beside it`, found);
  }
}

function fault(field: string, must: string, value: unknown): FormatError {
  return new FormatError(`${WHERE}: ${field} in ${CONFIG} must ${must}, but it is ${describeJson(value)}.`, {
    source: CONFIG,
    field,
  });
}
