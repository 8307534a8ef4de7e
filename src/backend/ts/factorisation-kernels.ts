import type { Kernels } from '../kernels.ts';
import { arrayOf } from './array-of.ts';
import { lu } from './factorisations/lu.ts';

/** The LU factorisation, whose twin needs no work space. */
export const factorisationKernels: Pick<Kernels, 'lu'> = {
  lu: ({ a, n, width, pivots }) => lu(arrayOf(a), n, width, arrayOf(pivots)),
};
