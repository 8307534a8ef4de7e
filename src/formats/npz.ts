import { zipSync } from 'fflate';
import { CapacityError } from '../core/errors.ts';
import { checkNamedArrays, type NamedArray } from './named-array.ts';
import { npyBytes } from './npy.ts';

/** A zip without 64-bit extensions ends here. */
const MAX_BYTES = 2 ** 32 - 1;
/** Fixed, so that equal arrays give equal files. */
const TIME = new Date(1980, 0, 1);

/**
 * Arrays as an .npz file, which numpy.load opens: a zip of .npy files.
 *
 * @param options `compress`: deflate the arrays; they are stored as they are by default, which is faster and hardly larger for
 *   floating-point numbers.
 * @throws ShapeError if a shape and its data disagree.
 * @throws DomainError if names collide or hold a path.
 * @throws CapacityError above 4 GiB.
 */
export function npzBytes(
  arrays: readonly NamedArray[],
  { compress = false }: { readonly compress?: boolean } = {},
): Uint8Array {
  checkNamedArrays('npzBytes', arrays);
  const size = arrays.reduce((sum, array) => sum + array.data.byteLength + 1024 + 8 * array.name.length, 1024);
  if (size > MAX_BYTES) {
    throw new CapacityError(
      `npzBytes: arrays must have less than ${MAX_BYTES} bytes, but they have ${size}. Write safetensors.`,
      size,
    );
  }
  return zipSync(Object.fromEntries(arrays.map((array) => [`${array.name}.npy`, npyBytes(array)])), {
    level: compress ? 6 : 0,
    mtime: TIME,
  });
}
