import type { StatisticsKernels } from '../contract/statistics.ts';
import { arrayOf } from './array-of.ts';
import { permutedProduct } from './qlens/permuted-product.ts';

export const statisticsKernels: StatisticsKernels = {
  permutedProduct: (a, b, order, n, result) =>
    permutedProduct(arrayOf(a), arrayOf(b), arrayOf(order), n, arrayOf(result)),
};
