import { expect, it } from 'vitest';
import { Matrix } from '../../src/linalg/index.ts';
import { distanceCorrelation, studentUpperTail } from '../../src/qlens/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose } from '../support/numbers.ts';
import golden from './distance-correlation.json' with { type: 'json' };

/** Euclidean distances between the rows of n points. */
function distances(flat: readonly number[], n: number): Matrix {
  const width = flat.length / n;
  const matrix = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let d = 0; d < width; d++) square += (flat[i * width + d]! - flat[j * width + d]!) ** 2;
      matrix.data[i * n + j] = Math.sqrt(square);
    }
  }
  return matrix;
}

eachBackend('distance correlation of 2013, from NumPy and SciPy', (backend) => {
  it.each(golden.cases)('$name', ({ n, x, y, r, t, degrees, p }) => {
    const { correlation, tTest } = distanceCorrelation(backend, distances(x, n), distances(y, n), { permutations: 0 });
    expectClose(correlation!, r, 1e-13);
    expect(tTest!.degrees).toBe(degrees);
    expectClose(tTest!.t, t, 1e-11 * Math.max(1, Math.abs(t)));
    expectClose(tTest!.p, p, 1e-11 * p);
  });
});

it.each(golden.tails)('tail of Student’s t beyond $t with $degrees degrees of freedom', ({ t, degrees, p }) => {
  expectClose(studentUpperTail(t, degrees), p, 1e-11 * p);
  expectClose(studentUpperTail(-t, degrees), 1 - p, 1e-11 * p);
});
