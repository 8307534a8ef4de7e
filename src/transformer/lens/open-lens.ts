import { CapacityError, FormatError } from '../../core/errors.ts';
import { describeJson, parseJsonObject } from '../../formats/json.ts';
import type { Folder } from '../checkpoint/checkpoint.ts';
import { readLens } from './lens-file.ts';
import type { TunedLens } from './tuned-lens.ts';

const WHERE = 'openLens';
/** Longest file that is read whole. */
const MAX_BYTES = 2 ** 30;
const PICKLE = /\.(pt|pth|bin|ckpt|pkl)$/;

/**
 * Opens a lens: a file of a folder, or without a name a folder of the public tuned-lens package, config.json and one
 * safetensors file. Its params.pt is a pickle, which can run code, so it must be converted first.
 *
 * @throws FormatError naming the file, and the field where there is one; CapacityError above 1 GiB.
 */
export async function openLens(folder: Folder, name?: string): Promise<TunedLens> {
  if (name !== undefined) return readLens(await bytesOf(folder, name), name);
  const names = await folder.names();
  const candidates = names.filter((candidate) => candidate.endsWith('.safetensors'));
  const pickle = names.find((candidate) => PICKLE.test(candidate));
  if (candidates.length === 0 && pickle !== undefined) throw pickled(pickle);
  if (candidates.length !== 1) {
    throw new FormatError(
      `${WHERE}: ${folder.label} must contain one safetensors file, but it has ${candidates.length}. Name the file.`,
      { source: folder.label },
    );
  }
  const lens = readLens(await bytesOf(folder, candidates[0]!), candidates[0]!);
  if (names.includes('config.json')) checkConfig(await bytesOf(folder, 'config.json'), lens);
  return lens;
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
function checkConfig(bytes: Uint8Array, { D, translators }: TunedLens): void {
  const source = 'config.json';
  const fields = parseJsonObject(bytes, { where: WHERE, source });
  const expected: readonly (readonly [string, unknown])[] = [
    ['lens_type', 'linear_tuned_lens'],
    ['d_model', D],
    ['num_hidden_layers', translators.size],
  ];
  for (const [field, value] of expected) {
    const found = fields.get(field);
    if (found === undefined || found === value) continue;
    throw new FormatError(
      `${WHERE}: ${field} in ${source} must be ${describeJson(value)} as in the translators beside it, but it is ${describeJson(found)}.`,
      { source, field },
    );
  }
}
