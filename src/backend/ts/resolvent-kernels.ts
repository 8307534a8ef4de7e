import type { ResolventKernels } from '../contract/resolvent.ts';
import { arrayOf } from './array-of.ts';
import { smallestSingularValues } from './resolvent/smallest-singular-values.ts';

export const resolventKernels: ResolventKernels = {
  smallestSingularValues: (upper, lower, n, start, points, count, tolerance, limit, values, steps, work) =>
    smallestSingularValues(
      arrayOf(upper),
      arrayOf(lower),
      n,
      arrayOf(start),
      arrayOf(points),
      count,
      tolerance,
      limit,
      arrayOf(values),
      arrayOf(steps),
      arrayOf(work),
    ),
};
