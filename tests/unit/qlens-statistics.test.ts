import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { Matrix, svd } from '../../src/linalg/index.ts';
import {
  baselineVectors,
  combination,
  cosineMatrix,
  distanceCorrelation,
  distanceMatrix,
  energyTest,
  groupSimilarity,
  householder,
  innerProducts,
  kMeans,
  meanChangeTest,
  meanSimilarity,
  pcaOf,
  similarityH,
  similarityTest,
  similarityU,
  stateFromLaw,
  studentUpperTail,
  UnitVectors,
  umapOf,
  unitaryMatrix,
} from '../../src/qlens/index.ts';
import { pairSquareSum } from '../../src/qlens/statistics/gram.ts';
import { RandomStates } from '../../src/qlens/statistics/random-states.ts';
import { groupMeans } from '../../src/qlens/statistics/similarity.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';

/** Unit vectors from numbers in rows. */
function unitVectors(rows: readonly ArrayLike<number>[], lengths?: readonly number[]): UnitVectors {
  const vectors = new UnitVectors(rows[0]!.length);
  rows.forEach((row, i) => {
    const norm = Math.sqrt(Array.from(row).reduce((sum, x) => sum + x * x, 0));
    vectors.add(
      Float64Array.from(row, (x) => x / norm),
      lengths?.[i] ?? 1,
    );
  });
  return vectors;
}

function randomVectors(count: number, V: number, seed: number): UnitVectors {
  return unitVectors(Array.from({ length: count }, (_, i) => testNumbers(V, 1000 * seed + i)));
}

/** The same vectors about a common direction. */
function gathered(count: number, V: number, seed: number, pull: number): UnitVectors {
  return unitVectors(
    Array.from({ length: count }, (_, i) => testNumbers(V, 1000 * seed + i).map((x, u) => x + (u === 0 ? pull : 0))),
  );
}

eachBackend('similarities of operators', (backend) => {
  it('cosines are those of the vectors, in several slabs', () => {
    const V = 700;
    const rows = Array.from({ length: 9 }, (_, i) => testNumbers(V, i + 1));
    const cosines = cosineMatrix(backend, [unitVectors(rows.slice(0, 4)), unitVectors(rows.slice(4))]);
    for (let i = 0; i < 9; i++) {
      for (let j = 0; j < 9; j++) {
        const dot = (a: number, b: number) => rows[a]!.reduce((sum, x, u) => sum + x * rows[b]![u]!, 0);
        expectClose(cosines.at(i, j), dot(i, j) / Math.sqrt(dot(i, i) * dot(j, j)), 1e-8);
      }
      expect(cosines.at(i, i)).toBe(1);
    }
  });

  it.each([2, 5, 50])('sim_U and sim_H are the normalised traces, V = %i', (V) => {
    const state = (seed: number) => {
      const weights = testNumbers(V, seed).map((x) => x * x + 0.01);
      return stateFromLaw(weights.map((x) => x / weights.reduce((sum, y) => sum + y, 0)));
    };
    const [first, second] = [householder(backend, state(1), state(2)), householder(backend, state(3), state(4))];
    const [U1, U2] = [unitaryMatrix(first), unitaryMatrix(second)];
    const cosine = first.basis.reduce((sum, x, u) => sum + x * second.basis[u]!, 0);
    const trace = U1.reduce((sum, x, at) => sum + x * U2[at]!, 0) / V;
    expectClose(similarityU(similarityH(cosine), V), trace, 1e-14);
  });

  it('in two dimensions sim_U = 2·sim_H − 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (h) => expectClose(similarityU(h, 2), 2 * h - 1, 1e-15)),
    );
  });

  it('the mean over pairs is the same from either Gram matrix', () => {
    const vectors = randomVectors(40, 6, 1);
    const pairs = groupSimilarity(cosineMatrix(backend, [vectors]), 40).within[0];
    expect(pairs.pairs).toBe(780);
    expectClose(meanSimilarity(backend, vectors)!, pairs.mean!, 1e-7);
    expect(meanSimilarity(backend, randomVectors(1, 6, 1))).toBeNull();
    const wide = randomVectors(5, 60, 1);
    expectClose(meanSimilarity(backend, wide)!, groupSimilarity(cosineMatrix(backend, [wide]), 5).within[0].mean!, 0);
  });

  it('the sum over pairs from products in f32: alike vectors count 1, others as in f64', () => {
    const vectors = randomVectors(9, 1300, 1);
    const cosines = cosineMatrix(backend, [vectors]).data;
    let squares = 0;
    for (let i = 0; i < 9; i++) for (let j = 0; j < i; j++) squares += cosines[9 * i + j]! ** 2;
    expectClose(pairSquareSum(backend, vectors) / squares, 1, 1e-6);
    const alike = unitVectors(Array.from({ length: 4 }, () => testNumbers(1300, 3)));
    expectClose(pairSquareSum(backend, alike), 6, 1e-14);
  });

  it('means within and between groups, with Cohen’s d', () => {
    const [r, c] = [Math.SQRT1_2, 1];
    const cosines = cosineMatrix(backend, [
      unitVectors([
        [1, 0],
        [r, r],
        [1, 0],
      ]),
      unitVectors([
        [0, c],
        [1, 1],
        [1, 0],
      ]),
    ]);
    const { within, between, effectSize } = groupSimilarity(cosines, 3);
    expectClose(within[0].mean!, (0.5 + 1 + 0.5) / 3, 1e-7);
    expectClose(within[1].mean!, (0.5 + 0 + 0.5) / 3, 1e-7);
    expectClose(between.mean!, (0 + 0.5 + 1 + 0.5 + 1 + 0.5 + 0 + 0.5 + 1) / 9, 1e-7);
    expectClose(effectSize!, 1 / 3 / Math.sqrt(1 / 12), 1e-6);
  });
});

describe('baselines', () => {
  const mean = (kind: 'circle' | 'feasible-arc' | 'random-states', V: number, count: number) =>
    meanSimilarity(wasmBackend, baselineVectors(wasmBackend, kind, V, count, 5n))!;
  // The deviation of a mean over pairs of n vectors is about 2·sd(E[c²|v])/√n + sd(c²)·√2/n.
  it.each([
    ['circle', 2, 0.5, 0],
    ['feasible-arc', 2, 0.5 + 2 / Math.PI ** 2, 4 / Math.PI ** 2],
    ['random-states', 2, 0.5 + 32 / Math.PI ** 4, 64 / Math.PI ** 4],
  ] as const)('%s, V = %i: exact means', (kind, V, simH, simU) => {
    const found = mean(kind, V, 40_000);
    expectClose(found, simH, 4 * 0.003);
    expectClose(similarityU(found, V), simU, 4 * 0.006);
  });
  it.each([
    [3, 0.4536, 0.01],
    [10, 0.1085, 0.003],
    [100, 0.01007, 0.0002],
  ])('random states, V = %i', (V, simH, tolerance) => {
    expectClose(mean('random-states', V, 4000), simH, tolerance);
  });
  it('the arc fills quadrants II and IV, both', () => {
    const rows = baselineVectors(tsBackend, 'feasible-arc', 2, 200).rows;
    expect(rows.every(([x, y]) => x! * y! <= 0)).toBe(true);
    const second = rows.filter(([x]) => x! < 0).length;
    expect(second).toBeGreaterThan(60);
    expect(second).toBeLessThan(140);
  });
  it('has the same bits from both backends', () => {
    const [a, b] = [tsBackend, wasmBackend].map((backend) => baselineVectors(backend, 'random-states', 17, 5, 3n));
    expect(a!.rows).toEqual(b!.rows);
    expect(a!.lengths).toEqual(b!.lengths);
  });
  it('can be drawn anew a few components at a time', () => {
    const whole = baselineVectors(wasmBackend, 'random-states', 50, 7, 3n);
    const again = new RandomStates(wasmBackend, 50, 7, 3n);
    expect(again.count).toBe(7);
    again.lengths.forEach((length, i) => {
      expectClose(length, whole.lengths[i]!, 1e-14);
    });
    for (const width of [50, 16, 1]) {
      for (let first = 0; first < 50; first += width) {
        const k = Math.min(width, 50 - first);
        const [rows, expected] = [again.block(first, k), whole.block(first, k)];
        rows.forEach((row, i) => {
          expect(row).toHaveLength(k);
          expect(maxError(row, expected[i]!)).toBeLessThanOrEqual(2 ** -24);
        });
      }
    }
    expect(maxError(cosineMatrix(wasmBackend, [again]).data, cosineMatrix(wasmBackend, [whole]).data)).toBeLessThan(
      1e-7,
    );
    expect(new RandomStates(tsBackend, 50, 7, 3n).block(3, 9)).toEqual(again.block(3, 9));
    expect(() => new RandomStates(tsBackend, 1, 7, 3n)).toThrow(DomainError);
  });
  it('says where it does not exist', () => {
    expect(() => baselineVectors(tsBackend, 'circle', 3, 4)).toThrow(DomainError);
  });
});

/** Largest distance of the empirical law of p-values j/(B+1) from the uniform one on those values. */
function uniformityGap(values: readonly number[], permutations: number): number {
  let gap = 0;
  for (let j = 1; j <= permutations + 1; j++) {
    const p = j / (permutations + 1);
    gap = Math.max(gap, Math.abs(values.filter((value) => value <= p + 1e-12).length / values.length - p));
  }
  return gap;
}

/** Independent vectors: nearby seeds of testNumbers are not. */
function chance(count: number, seed: number): UnitVectors {
  return baselineVectors(wasmBackend, 'random-states', 3, count, BigInt(seed));
}

describe('permutation tests', () => {
  it('give uniform p-values on null data: Kolmogorov–Smirnov over 1,000 repeats', () => {
    const tests = [similarityTest, energyTest, meanChangeTest] as const;
    const found: number[][] = [[], [], []];
    for (let seed = 0; seed < 1000; seed++) {
      const cosines = cosineMatrix(wasmBackend, [chance(14, seed)]);
      const options = { permutations: 39, seed: BigInt(seed) };
      for (const [k, test] of tests.entries()) found[k]!.push(test(wasmBackend, cosines, 6, options).p);
    }
    // 1.63/√1000 is the 1 % point for continuous laws, and on the safe side for this one.
    for (const values of found) expect(uniformityGap(values, 39)).toBeLessThan(1.63 / Math.sqrt(1000));
  });

  it('observe what a sum over all pairs does, for more operators than one panel of rows', () => {
    const [n, first] = [450, 190];
    const cosines = cosineMatrix(wasmBackend, [gathered(first, 7, 1, 1), randomVectors(n - first, 7, 2)]);
    const { within } = groupSimilarity(cosines, first);
    for (const backend of [tsBackend, wasmBackend]) {
      const { statistic } = similarityTest(backend, cosines, first, { permutations: 3 });
      expectClose(statistic, within[0].mean! - within[1].mean!, 1e-13);
    }
    const means = groupMeans(distanceMatrix(cosines), first);
    const inner = [first, n - first].map((m, k) => (means.within[k]!.mean! * (m - 1)) / m);
    expectClose(
      energyTest(wasmBackend, cosines, first, { permutations: 1 }).statistic,
      2 * means.between.mean! - inner[0]! - inner[1]!,
      1e-12,
    );
  });

  it('the permutation test of independence too', () => {
    const values: number[] = [];
    for (let seed = 0; seed < 1000; seed++) {
      const [a, b] = [chance(10, seed), chance(10, seed + 5000)].map((vectors) =>
        distanceMatrix(cosineMatrix(wasmBackend, [vectors])),
      );
      const options = { permutations: 39, seed: BigInt(seed) };
      values.push(distanceCorrelation(wasmBackend, a!, b!, options).permutationTest!.p);
    }
    expect(uniformityGap(values, 39)).toBeLessThan(1.63 / Math.sqrt(1000));
  });

  it('p is never below 1/(B+1), and reaches it', () => {
    const cosines = cosineMatrix(wasmBackend, [gathered(12, 9, 1, 6), randomVectors(12, 9, 2)]);
    for (const permutations of [1, 19, 1000]) {
      for (const test of [similarityTest, energyTest, meanChangeTest]) {
        const { p, floor, standardised } = test(wasmBackend, cosines, 12, { permutations });
        expect(floor).toBe(1 / (permutations + 1));
        expect(p).toBeGreaterThanOrEqual(floor);
        if (permutations === 1000) {
          expect(p).toBe(floor);
          expect(standardised!).toBeGreaterThan(3);
        }
      }
    }
  });

  it('sides mirror one another', () => {
    const cosines = cosineMatrix(wasmBackend, [gathered(8, 5, 1, 3), randomVectors(8, 5, 2)]);
    const of = (side: 'greater' | 'less' | 'two-sided') => similarityTest(wasmBackend, cosines, 8, { side });
    expect(of('greater').p).toBeLessThan(0.02);
    expect(of('less').p).toBeGreaterThan(0.98);
    expect(of('two-sided').p).toBeLessThan(0.03);
  });

  it('all permutations of identical operators tie: p = 1', () => {
    const same = unitVectors(Array.from({ length: 8 }, () => [1, 2, 2]));
    const { statistic, p, standardised } = similarityTest(wasmBackend, cosineMatrix(wasmBackend, [same]), 4);
    expectClose(statistic, 0, 1e-15);
    expect([p, standardised]).toEqual([1, null]);
  });

  it('statistics are what their formulas say', () => {
    const [first, second] = [gathered(5, 4, 1, 2), randomVectors(7, 4, 2)];
    const cosines = cosineMatrix(wasmBackend, [first, second]);
    const { within } = groupSimilarity(cosines, 5);
    expectClose(similarityTest(wasmBackend, cosines, 5).statistic, within[0].mean! - within[1].mean!, 1e-14);
    const mean = (from: number, to: number, start: number, end: number) => {
      let sum = 0;
      for (let i = from; i < to; i++) {
        for (let j = start; j < end; j++) sum += i === j ? 0 : Math.sqrt(2 - 2 * cosines.at(i, j) ** 2);
      }
      return sum / ((to - from) * (end - start));
    };
    const energy = 2 * mean(0, 5, 5, 12) - mean(0, 5, 0, 5) - mean(5, 12, 5, 12);
    expectClose(energyTest(wasmBackend, cosines, 5).statistic, energy, 1e-13);
    const lengths = Array.from({ length: 12 }, (_, i) => 0.1 * (i + 1));
    const norm = (vectors: UnitVectors, of: number[]) => {
      const sum = combination(vectors, new Float64Array(vectors.count).fill(1 / vectors.count), of);
      return Math.sqrt(sum.reduce((total, x) => total + x * x, 0));
    };
    const difference = norm(first, lengths.slice(0, 5)) - norm(second, lengths.slice(5));
    expectClose(meanChangeTest(wasmBackend, cosines, 5, { lengths }).statistic, difference, 1e-7);
  });

  it('has the same bits from both backends, however the product is cut', () => {
    const sets = [gathered(30, 11, 1, 1), randomVectors(31, 11, 2)];
    const [a, b] = [tsBackend, wasmBackend].map((backend) =>
      energyTest(backend, cosineMatrix(backend, sets), 30, { permutations: 50, seed: 9n }),
    );
    expect(a).toEqual(b);
  });

  it('names what is wrong', () => {
    const cosines = cosineMatrix(tsBackend, [randomVectors(6, 3, 1)]);
    expect(() => similarityTest(tsBackend, cosines, 1)).toThrow(DomainError);
    expect(() => similarityTest(tsBackend, cosines, 3, { permutations: 0 })).toThrow(DomainError);
    expect(() => similarityTest(tsBackend, cosines, 3, { side: 'left' as never })).toThrow(DomainError);
    expect(() => meanChangeTest(tsBackend, cosines, 3, { lengths: [1] })).toThrow(ShapeError);
  });
});

eachBackend('distance correlation', (backend) => {
  const distancesOf = (vectors: UnitVectors) => distanceMatrix(cosineMatrix(backend, [vectors]));
  it('is 1 of a sample with itself, without a t', () => {
    const a = distancesOf(randomVectors(9, 4, 1));
    const { correlation, permutationTest } = distanceCorrelation(backend, a, a, { permutations: 99 });
    expectClose(correlation!, 1, 1e-14);
    expect(permutationTest!.p).toBe(0.01);
  });
  it('is undefined, not NaN, for a constant sample', () => {
    const constant = distancesOf(unitVectors(Array.from({ length: 6 }, () => [3, 4])));
    const other = distancesOf(randomVectors(6, 2, 1));
    expect(distanceCorrelation(backend, constant, other)).toEqual({
      n: 6,
      correlation: null,
      tTest: null,
      permutationTest: null,
    });
  });
  it('needs four paired observations', () => {
    const three = distancesOf(randomVectors(3, 2, 1));
    expect(() => distanceCorrelation(backend, three, three)).toThrow(DomainError);
    expect(() => distanceCorrelation(backend, distancesOf(randomVectors(5, 2, 1)), three)).toThrow(ShapeError);
  });
});

eachBackend('principal components', (backend) => {
  it.each([
    [12, 5],
    [6, 40],
  ])('are those of an exact SVD, %i vectors of %i', (n, V) => {
    const lengths = Array.from({ length: n }, (_, i) => 0.2 + 0.05 * i);
    const vectors = gathered(n, V, 3, 1);
    const pca = pcaOf(backend, innerProducts(cosineMatrix(backend, [vectors]), lengths), 4);
    const rows = vectors.rows.map((row, i) => Float64Array.from(row, (x) => x * lengths[i]!));
    const mean = rows[0]!.map((_, u) => rows.reduce((sum, row) => sum + row[u]!, 0) / n);
    const exact = svd(backend, Matrix.fromRows(rows.map((row) => row.map((x, u) => x - mean[u]!))));
    for (let k = 0; k < 4; k++) {
      const sigma = exact.values[k]!;
      expectClose(pca.variances[k]!, sigma ** 2 / (n - 1), 1e-7 * exact.values[0]! ** 2);
      const sign = Math.sign(pca.scores.at(0, k) * exact.u.at(0, k));
      for (let i = 0; i < n; i++) expectClose(pca.scores.at(i, k), sign * sigma * exact.u.at(i, k), 2e-6);
      const direction = combination(vectors, pca.weights.data.subarray(k * n, (k + 1) * n), lengths);
      expect(
        maxError(
          direction,
          Float64Array.from({ length: V }, (_, u) => sign * exact.v.at(u, k)),
        ),
      ).toBeLessThan(1e-5);
    }
    const total = exact.values.reduce((sum, sigma) => sum + sigma ** 2, 0);
    expectClose(pca.shares[0]!, exact.values[0]! ** 2 / total, 1e-6);
  });
  it('has none where nothing varies, and one fewer than vectors at most', () => {
    const same = pcaOf(
      backend,
      cosineMatrix(backend, [
        unitVectors([
          [1, 2],
          [1, 2],
          [1, 2],
        ]),
      ]),
    );
    expect([same.variances, same.scores.columns]).toEqual([[], 0]);
    expect(pcaOf(backend, cosineMatrix(backend, [randomVectors(3, 8, 1)])).variances).toHaveLength(2);
  });
  it('by iteration gives what the direct way gives', () => {
    const big = gathered(401, 3, 1, 2);
    const direct = svd(backend, centredRows(big));
    const { variances } = pcaOf(backend, cosineMatrix(backend, [big]), 2);
    for (let k = 0; k < 2; k++) expectClose(variances[k]!, direct.values[k]! ** 2 / 400, 1e-7);
  });
});

function centredRows({ rows, V }: UnitVectors): Matrix {
  const mean = Array.from({ length: V }, (_, u) => rows.reduce((sum, row) => sum + row[u]!, 0) / rows.length);
  return Matrix.fromRows(rows.map((row) => Float64Array.from(row, (x, u) => x - mean[u]!)));
}

eachBackend('k-means', (backend) => {
  const three = unitVectors(
    [...Array(12)].map((_, i) => testNumbers(6, i + 1).map((x, u) => 0.2 * x + (u === i % 3 ? 1 : 0))),
  );
  const products = innerProducts(cosineMatrix(backend, [three]));
  it('finds three clusters that lie apart', () => {
    const { labels, sizes, converged, inertia } = kMeans(backend, products, { k: 3 });
    expect(labels).toEqual(Array.from({ length: 12 }, (_, i) => i % 3));
    expect([sizes, converged]).toEqual([[4, 4, 4], true]);
    let expected = 0;
    for (let c = 0; c < 3; c++) {
      const members = three.rows.filter((_, i) => i % 3 === c);
      const mean = members[0]!.map((_, u) => members.reduce((sum, row) => sum + row[u]!, 0) / 4);
      for (const row of members) for (const [u, x] of row.entries()) expected += (x - mean[u]!) ** 2;
    }
    expectClose(inertia, expected, 1e-6);
  });
  it('inertia falls with k and ends at 0', () => {
    const curve = Array.from({ length: 12 }, (_, i) => kMeans(backend, products, { k: i + 1 }).inertia);
    for (let i = 1; i < 12; i++) expect(curve[i]!).toBeLessThanOrEqual(curve[i - 1]! + 1e-12);
    expectClose(curve[11]!, 0, 1e-12);
  });
  it('copes with vectors that coincide', () => {
    const same = cosineMatrix(backend, [unitVectors(Array.from({ length: 5 }, () => [1, 1]))]);
    const { inertia, sizes } = kMeans(backend, same, { k: 3 });
    expectClose(inertia, 0, 1e-12);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(() => kMeans(backend, same, { k: 6 })).toThrow(DomainError);
  });
});

describe('UMAP', () => {
  const apart = unitVectors(
    Array.from({ length: 40 }, (_, i) => testNumbers(8, i + 1).map((x, u) => 0.2 * x + (u === i % 2 ? 1 : 0))),
  );
  const distances = distanceMatrix(cosineMatrix(wasmBackend, [apart]));
  it('keeps two groups apart, the same for the same seed', () => {
    const layout = umapOf(distances, { neighbours: 8, seed: 4n });
    expect([layout.rows, layout.columns]).toEqual([40, 2]);
    const between = (i: number, j: number) =>
      (layout.at(i, 0) - layout.at(j, 0)) ** 2 + (layout.at(i, 1) - layout.at(j, 1)) ** 2;
    for (let i = 0; i < 40; i++) {
      const others = Array.from({ length: 40 }, (_, j) => j).filter((j) => j !== i);
      const nearest = others.reduce((best, j) => (between(i, j) < between(i, best) ? j : best));
      expect(nearest % 2).toBe(i % 2);
    }
    expect(umapOf(distances, { neighbours: 8, seed: 4n })).toEqual(layout);
    expect(umapOf(distances, { neighbours: 8, seed: 5n })).not.toEqual(layout);
  });
  it('needs four points', () => {
    expect(() => umapOf(new Matrix(3, 3))).toThrow(DomainError);
  });
});

describe('unit vectors', () => {
  it('counts coinciding states and keeps who is who', () => {
    const vectors = new UnitVectors(2);
    vectors.add(Float64Array.of(0.6, -0.8), 0.5);
    vectors.add(null);
    vectors.add(Float64Array.of(-0.8, 0.6), 0.25);
    expect([vectors.count, vectors.coinciding, vectors.members, vectors.lengths]).toEqual([2, 1, [0, 2], [0.5, 0.25]]);
  });
  it('refuses what is no unit vector', () => {
    const vectors = new UnitVectors(2);
    expect(() => vectors.add(Float64Array.of(1, 1))).toThrow(DomainError);
    expect(() => vectors.add(Float64Array.of(1, Number.NaN))).toThrow(NonFiniteError);
    expect(() => vectors.add(Float64Array.of(1))).toThrow(ShapeError);
    expect(() => vectors.add(Float64Array.of(1, 0), 0)).toThrow(DomainError);
    expect(() => cosineMatrix(tsBackend, [vectors])).toThrow(ShapeError);
    vectors.add(Float64Array.of(1, 0));
    expect(() => cosineMatrix(tsBackend, [vectors, randomVectors(1, 3, 1)])).toThrow(ShapeError);
  });
  it('refuses a Gram matrix that no memory holds, before it allocates', () => {
    const vectors = new UnitVectors(2);
    for (let i = 0; i <= 12_000; i++) vectors.add(Float64Array.of(1, 0));
    expect(() => cosineMatrix(tsBackend, [vectors])).toThrow(CapacityError);
  });
});

it('Student’s tail: closed forms for one and two degrees of freedom', () => {
  expectClose(studentUpperTail(1, 1), 0.25, 5e-15);
  expectClose(studentUpperTail(Math.SQRT2, 2), 0.5 - 1 / (2 * Math.SQRT2), 5e-15);
  expect(studentUpperTail(0, 7)).toBe(0.5);
  expect(studentUpperTail(Infinity, 7)).toBe(0);
  expect(() => studentUpperTail(1, 0)).toThrow(DomainError);
});
