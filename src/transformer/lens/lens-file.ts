import { FormatError } from '../../core/errors.ts';
import { isJsonObject, parseJsonObject, quoteName } from '../../formats/json.ts';
import type { NamedArray } from '../../formats/named-array.ts';
import { openSafetensors } from '../../formats/read-safetensors.ts';
import { safetensorsBytes } from '../../formats/safetensors.ts';
import { readPrefix, readTensorTable } from '../../formats/safetensors-header.ts';
import type { Fingerprint } from '../checkpoint/checkpoint.ts';
import type { Computation } from './computation.ts';
import { hasMatrices, LENS_KINDS, type LensKind, type Translator, type TunedLens } from './tuned-lens.ts';

/** Key of the metadata that says what a file is. */
const METADATA = 'tuned_lens';
const PREFIX = 'translators.';
const WHERE = 'readLens';

/**
 * A lens as a safetensors file: f32 tensors `translators.{stage}.weight` [D, D] (A, rows by output; none in a lens of kind bias) and
 * `translators.{stage}.bias` [D], and in the metadata `tuned_lens`, JSON with kind, D, the SHA-256 of the weight files, and what else the model computes by.
 */
export function lensBytes({ kind, D, translators, fingerprint, computation }: TunedLens): Uint8Array {
  const arrays = [...translators].flatMap(([stage, { weight, bias }]): NamedArray[] => [
    ...(weight === null ? [] : [{ name: `${PREFIX}${stage}.weight`, shape: [D, D], data: weight }]),
    { name: `${PREFIX}${stage}.bias`, shape: [D], data: bias },
  ]);
  return safetensorsBytes(arrays, { [METADATA]: JSON.stringify({ version: 1, kind, D, fingerprint, computation }) });
}

/** Options of `readLens`. */
export interface ReadLensOptions {
  /** Leaves out what the file says of the model it belongs to, so that any model of its width and stages takes it; default false. */
  readonly unchecked?: boolean;
}

/**
 * Reads what {@link lensBytes} wrote, or the parameters of the public tuned-lens package once they are safetensors: `{i}.weight` and
 * `{i}.bias`, where translator 0 belongs to the embedding and translator i to the stream after block i − 1. Mid-layer stages have
 * no translator there.
 *
 * @throws FormatError naming the file and the tensor. Whether the lens fits a model is checked where it is used.
 * @source the layout of https://github.com/AlignmentResearch/tuned-lens
 */
export function readLens(
  bytes: Uint8Array,
  source = 'lens.safetensors',
  { unchecked = false }: ReadLensOptions = {},
): TunedLens {
  const origin = { where: WHERE, source, size: bytes.length };
  const length = readPrefix(origin, bytes.subarray(0, 8));
  const { metadata } = readTensorTable(origin, bytes.subarray(8, 8 + length));
  const described = metadata.get(METADATA);
  const parts = new Map<string, { weight?: NamedArray; bias?: NamedArray }>();
  const file = openSafetensors(bytes, source);
  for (const name of file.names) {
    const found = described === undefined ? publicName(name) : ownName(name);
    if (found === null) {
      throw new FormatError(
        `${WHERE}: ${source} must hold translators only, but it has a tensor ${quoteName(name)}. Give a file of tmech lens train, or the translators of the tuned-lens package.`,
        { source, field: name },
      );
    }
    const [stage, part] = found;
    parts.set(stage, { ...parts.get(stage), [part]: file.read(name) });
  }
  const first = parts.values().next().value;
  const own = described === undefined ? null : readDescription(described, source);
  const D = own?.D ?? first?.bias?.shape[0] ?? first?.weight?.shape[0];
  if (D === undefined) throw new FormatError(`${WHERE}: ${source} must hold translators, but it has none.`, { source });
  const translators = [...parts].sort(byDepth).map(([stage, { weight, bias }]): [string, Translator] => [
    stage,
    {
      weight: weight === undefined ? null : numbersOf(weight, [D, D], source),
      bias: bias === undefined ? new Float32Array(D) : numbersOf(bias, [D], source),
    },
  ]);
  const kind = own?.kind ?? 'affine';
  const odd = translators.find(([, { weight }]) => (weight !== null) !== hasMatrices(kind));
  if (odd !== undefined) {
    throw new FormatError(
      `${WHERE}: ${source} must hold ${kind} translators, but that of ${odd[0]} ${hasMatrices(kind) ? 'has no weight' : 'has a weight'}.`,
      { source, field: odd[0] },
    );
  }
  const marks = unchecked ? null : own;
  return {
    kind,
    D,
    translators: new Map(translators),
    fingerprint: marks?.fingerprint ?? null,
    computation: marks?.computation ?? null,
    unembedHash: null,
  };
}

type PartName = readonly [stage: string, part: 'weight' | 'bias'];

function ownName(name: string): PartName | null {
  const match = /^translators\.(embed|blocks\.\d+\.resid_(?:mid|post))\.(weight|bias)$/.exec(name);
  return match === null ? null : [match[1]!, match[2] as 'weight' | 'bias'];
}

function publicName(name: string): PartName | null {
  const match = /^(?:layer_translators\.)?(\d{1,6})\.(weight|bias)$/.exec(name);
  if (match === null) return null;
  const layer = Number(match[1]);
  return [layer === 0 ? 'embed' : `blocks.${layer - 1}.resid_post`, match[2] as 'weight' | 'bias'];
}

/** Stages in the order of the pass. */
function byDepth([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return depthOf(a) - depthOf(b);
}

function depthOf(stage: string): number {
  const match = /^blocks\.(\d+)\.resid_(mid|post)$/.exec(stage);
  return match === null ? 0 : 2 * Number(match[1]) + (match[2] === 'mid' ? 1 : 2);
}

function numbersOf({ name, shape, data }: NamedArray, expected: readonly number[], source: string): Float32Array {
  if (shape.join() !== expected.join()) {
    throw new FormatError(
      `${WHERE}: tensor ${quoteName(name)} of ${source} must have shape [${expected.join(', ')}], but it has [${shape.join(', ')}].`,
      { source, field: name },
    );
  }
  const numbers = data instanceof Float32Array ? data : data instanceof Float64Array ? Float32Array.from(data) : null;
  const bad = numbers?.findIndex((value) => !Number.isFinite(value)) ?? 0;
  if (numbers !== null && bad < 0) return numbers;
  throw new FormatError(
    `${WHERE}: tensor ${quoteName(name)} of ${source} must hold finite floating-point numbers, but element ${bad} is ${String(data[bad])}.`,
    { source, field: name },
  );
}

interface Description {
  readonly kind: LensKind;
  readonly D: number;
  readonly fingerprint: Fingerprint | null;
  /** null in files of before it was written. */
  readonly computation: Computation | null;
}

function readDescription(text: string, source: string): Description {
  const options = { where: WHERE, source };
  const {
    version,
    kind,
    D,
    fingerprint,
    computation = null,
  } = Object.fromEntries(parseJsonObject(new TextEncoder().encode(text), options));
  const hashes = isJsonObject(fingerprint) ? Object.entries(fingerprint) : [];
  const sound =
    version === 1 &&
    LENS_KINDS.some((known) => known === kind) &&
    Number.isSafeInteger(D) &&
    (fingerprint === null || isJsonObject(fingerprint)) &&
    (computation === null || isJsonObject(computation)) &&
    hashes.every(([, hash]) => typeof hash === 'string');
  if (!sound) {
    throw new FormatError(
      `${WHERE}: the metadata ${METADATA} of ${source} must describe a lens of version 1, but it is ${text.slice(0, 80)}. Write the file again.`,
      { source, field: METADATA },
    );
  }
  return {
    kind: kind as LensKind,
    D: D as number,
    fingerprint: fingerprint === null ? null : (Object.fromEntries(hashes) as Fingerprint),
    computation: computation as Computation | null,
  };
}
