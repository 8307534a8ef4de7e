import { DomainError, FormatError } from '../../core/errors.ts';
import { type ArrayFile, listNames } from '../../formats/array-file.ts';
import { foreignFile, TELLING_BYTES } from '../../formats/foreign-file.ts';
import type { ReadOptions } from '../../formats/memory-budget.ts';
import { readMatrixMarket } from '../../formats/read-matrix-market.ts';
import { readNpy } from '../../formats/read-npy.ts';
import { openNpz } from '../../formats/read-npz.ts';
import { openSafetensors } from '../../formats/read-safetensors.ts';
import { openTorch } from '../../formats/read-torch.ts';
import { isTorch } from '../../formats/torch/torch-tensors.ts';
import { matrixFrom } from './array-matrix.ts';
import type { AnyMatrix } from './matrix.ts';

/** Options of `readMatrix`. */
export interface ReadMatrixOptions extends ReadOptions {
  /** Which array of a file that holds several. */
  readonly tensor?: string;
}

/**
 * A matrix from the bytes of a .npy, .npz, safetensors, PyTorch (.pt) or MatrixMarket file; which of them it is, its first bytes say.
 *
 * @param name what to call the file in messages.
 * @param tensor as the file spells it, or with other wrappers in front: `h.0.attn.c_attn.weight` is `transformer.h.0.attn.c_attn.weight` too.
 * @throws FormatError with the offset; DomainError naming the arrays there are if one must be chosen, and for a `tensor` of a format that
 * holds only one; CapacityError above `maxBytes`; what {@link matrixFrom} throws.
 * @example
 * const a = readMatrix(new Uint8Array(await file.arrayBuffer()), file.name, { tensor: 'blocks.0.attn.q' });
 */
export function readMatrix(bytes: Uint8Array, name: string, { tensor, ...options }: ReadMatrixOptions = {}): AnyMatrix {
  const start = String.fromCharCode(...bytes.subarray(0, 20));
  const single = start.startsWith('\x93NUMPY')
    ? readNpy
    : /^(\xef\xbb\xbf)?%*\s*MatrixMarket/i.test(start)
      ? readMatrixMarket
      : null;
  if (single !== null) {
    if (tensor === undefined) return matrixFrom(single(bytes, name, options));
    throw new DomainError(
      `readMatrix: tensor must be left out, because ${name} holds a single array, but it is '${tensor}'.`,
    );
  }
  if (isTorch(bytes)) return choose(openTorch(bytes, name, options), tensor);
  if (start.startsWith('PK')) return choose(openNpz(bytes, name, options), tensor);
  if (name.endsWith('.safetensors') || start[8] === '{') return choose(openSafetensors(bytes, name, options), tensor);
  const foreign = foreignFile(bytes.subarray(0, TELLING_BYTES), name);
  const fault = foreign === null ? 'its first bytes are of none.' : `it is ${foreign.what}. ${foreign.advice}`;
  throw new FormatError(
    `readMatrix: ${name} must be a .npy, .npz, safetensors, PyTorch or MatrixMarket file, but ${fault}`,
    {
      source: name,
      offset: 0,
    },
  );
}

/** Parts that wrappers of a model put in front of the names of its tensors. */
const WRAPPERS = ['transformer', 'model', 'gpt_neox', 'bert', 'roberta', 'distilbert', '_orig_mod', 'module'];

/** The file's spelling of a name: the name itself, or the one that differs from it by wrappers in front alone. */
function spelled({ names }: ArrayFile, tensor: string): string {
  if (names.includes(tensor)) return tensor;
  const [found, ...others] = names.filter((name) => bare(name) === bare(tensor));
  return found === undefined || others.length > 0 ? tensor : found;
}

function bare(name: string): string {
  const parts = name.split('.');
  const first = parts.findIndex((part) => !WRAPPERS.includes(part));
  return parts.slice(Math.max(0, first)).join('.');
}

function choose(file: ArrayFile, tensor: string | undefined): AnyMatrix {
  const [only, ...others] = file.names;
  if (tensor !== undefined) return matrixFrom(file.read(spelled(file, tensor)));
  if (only !== undefined && others.length === 0) return matrixFrom(file.read(only));
  throw new DomainError(
    `readMatrix: tensor must name an array of ${file.source}, but it is absent. There are: ${listNames(file.names)}.`,
  );
}
