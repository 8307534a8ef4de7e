import { expect, it } from 'vitest';
import { MatrixSpace } from '../../src/linalg/functions/matrix-space.ts';
import { normOfProduct } from '../../src/linalg/functions/norm-estimate.ts';
import { eachBackend } from '../support/backends.ts';

eachBackend('the norm of a product', (backend) => {
  it.each([
    ['exact', 5],
    ['estimated', 60],
  ])('takes the factors in their order, %s', (_how, n) => {
    for (const width of [1, 2] as const) {
      backend.memory.scope(() => {
        const space = new MatrixSpace('test', backend, n, width, 4);
        const unit = (i: number, j: number, size: number) => {
          const block = space.matrix();
          block.view()[(i * space.ld + j) * width] = size;
          return block;
        };
        // e₀e₁ᵀ · 3e₁e₂ᵀ = 3e₀e₂ᵀ, but 0 the other way round.
        const [first, second] = [unit(0, 1, 1), unit(1, 2, 3)];
        expect(normOfProduct(space, [first, second])).toBe(3);
        expect(normOfProduct(space, [second, first])).toBe(0);
      });
    }
  });
});
