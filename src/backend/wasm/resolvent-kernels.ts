import type { ResolventKernels } from '../contract/resolvent.ts';
import { addressOf as at } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function resolventKernels(core: CoreExports): ResolventKernels {
  return {
    smallestSingularValues(upper, lower, n, start, points, count, tolerance, limit, values, steps, work) {
      const [matrix, adjoint, vector] = [at(upper), at(lower), at(start)];
      core.smallestSingularValues(
        matrix,
        adjoint,
        n,
        vector,
        at(points),
        count,
        tolerance,
        limit,
        at(values),
        at(steps),
        at(work),
      );
    },
  };
}
