/** LAPACK's drivers in emlapack: arguments by address, matrices by columns. A row-major matrix is given as its transpose. */
import type { Problem } from './packages.ts';

export interface Emlapack {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  [routine: `_${string}_`]: (...addresses: number[]) => number;
}

type Argument = string | number | Float64Array | Int32Array;

/** Calls a routine on copies of the arguments and copies the arrays back. */
function call(module: Emlapack, routine: string, ...args: readonly Argument[]): void {
  const addresses = args.map((value) => {
    const bytes =
      typeof value === 'string'
        ? Uint8Array.of(value.charCodeAt(0))
        : typeof value === 'number'
          ? new Uint8Array(Int32Array.of(value).buffer)
          : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const address = module._malloc(Math.max(bytes.length, 8));
    module.HEAPU8.set(bytes, address);
    return address;
  });
  module[`_${routine}_`]!(...addresses);
  args.forEach((value, k) => {
    if (typeof value === 'string' || typeof value === 'number') return;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    bytes.set(module.HEAPU8.subarray(addresses[k]!, addresses[k]! + bytes.length));
  });
  for (const address of addresses) module._free(address);
}

function transposed(n: number, x: Float64Array): Float64Array {
  const y = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) y[j * n + i] = x[i * n + j]!;
  return y;
}

export function lapackOf(module: Emlapack) {
  const ints = (n: number) => new Int32Array(n);
  const floats = (n: number) => new Float64Array(n);
  return {
    solve({ n, a, b }: Problem): Float64Array {
      const x = transposed(n, b);
      call(module, 'dgesv', n, n, transposed(n, a), n, ints(n), x, n, ints(1));
      return transposed(n, x);
    },
    eig({ n, a }: Problem): { re: Float64Array; im: Float64Array } {
      const [re, im, work] = [floats(n), floats(n), floats(40 * n)];
      const [left, right] = [floats(1), floats(n * n)];
      call(module, 'dgeev', 'N', 'V', n, a.slice(), n, re, im, left, 1, right, n, work, 40 * n, ints(1));
      return { re, im };
    },
    complexEig({ n, a }: Problem): { re: Float64Array; im: Float64Array } {
      const [values, work, right] = [floats(2 * n), floats(80 * n), floats(2 * n * n)];
      call(
        module,
        'zgeev',
        'N',
        'V',
        n,
        a.slice(),
        n,
        values,
        floats(2),
        1,
        right,
        n,
        work,
        40 * n,
        floats(2 * n),
        ints(1),
      );
      return { re: values.filter((_, k) => k % 2 === 0), im: values.filter((_, k) => k % 2 === 1) };
    },
    svd({ n, a }: Problem): Float64Array {
      const [values, length] = [floats(n), 4 * n * n + 40 * n];
      const [u, v] = [floats(n * n), floats(n * n)];
      call(module, 'dgesdd', 'S', n, n, a.slice(), n, values, u, n, v, n, floats(length), length, ints(8 * n), ints(1));
      return values;
    },
  };
}
