import { FormatError } from '../../../core/errors.ts';
import type { GgufFile } from './files.ts';

/** What a file holds beside its metadata about rotary positions; null where it has no such tensor. */
export interface RopeTensors {
  /** What frequencies are divided by. */
  readonly divisors: Float32Array | null;
  /** The same in sequences beyond the original context, and up to it. */
  readonly long: Float32Array | null;
  readonly short: Float32Array | null;
}

const NAMES = { divisors: 'rope_freqs.weight', long: 'rope_factors_long.weight', short: 'rope_factors_short.weight' };
/** Most numbers of such a tensor: half of the widest head. */
const MOST = 1 << 15;

/** true for a tensor that says how positions turn; no layer of the model holds it. */
export function isRopeTensor(name: string): boolean {
  return Object.values(NAMES).includes(name);
}

/** @throws FormatError naming the tensor for what is no list of numbers above zero. */
export async function readRopeTensors(files: readonly GgufFile[]): Promise<RopeTensors> {
  return {
    divisors: await readFactors(files, NAMES.divisors),
    long: await readFactors(files, NAMES.long),
    short: await readFactors(files, NAMES.short),
  };
}

async function readFactors(files: readonly GgufFile[], wanted: string): Promise<Float32Array | null> {
  for (const { name: source, bytes, header } of files) {
    const tensor = header.tensors.find(({ name }) => name === wanted);
    if (tensor === undefined) continue;
    const [count = 0, ...rest] = tensor.shape;
    const fault = (must: string, but: string): FormatError =>
      new FormatError(`openCheckpoint: tensor ${wanted} of ${source} must ${must}, but ${but}.`, {
        source,
        field: wanted,
      });
    if (tensor.dtype !== 'F32' || rest.length > 0 || count > MOST)
      throw fault(
        `be a list of at most ${MOST} numbers of type F32`,
        `it is ${tensor.dtype} [${tensor.shape.join(', ')}]`,
      );
    const stored = new Uint8Array(4 * count);
    await bytes.read(tensor.begin, stored);
    const factors = new Float32Array(stored.buffer);
    const wrong = factors.find((factor) => !(factor > 0 && Number.isFinite(factor)));
    if (wrong !== undefined) throw fault('hold numbers above zero', `it holds ${wrong}`);
    return factors;
  }
  return null;
}
