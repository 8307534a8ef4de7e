import { expect, it } from 'vitest';
import {
  aitken,
  andersonOfSequence,
  type Extrapolation,
  minimalPolynomial,
  reducedRank,
  scalarEpsilon,
  type VectorSequence,
  vectorEpsilon,
} from '../../src/linalg/acceleration/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

/** 1e-300 … 1e300. */
const SCALES = [1e-300, 1e-150, 1, 1e150, 1e300];
const SEEDS = 40;

/** What a family of sequences has at every seed: terms of n components, and the limit of those that have one. */
interface Family {
  readonly name: string;
  readonly term: (k: number, numbers: Float64Array, n: number) => number[];
  /** The limit by component; null where the component drifts. */
  readonly limit: (numbers: Float64Array, n: number) => (number | null)[];
}

const each = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));
const nulls = (n: number): null[] => new Array(n).fill(null);

const FAMILIES: readonly Family[] = [
  {
    name: 'linear drift',
    term: (k, x, n) => each(n, (i) => x[i]! + (0.1 + x[n + i]! ** 2) * k),
    limit: (_, n) => nulls(n),
  },
  { name: 'constant', term: (_, x, n) => each(n, (i) => x[i]!), limit: (x, n) => each(n, (i) => x[i]!) },
  {
    name: 'alternating',
    term: (k, x, n) => each(n, (i) => x[i]! + (k % 2 === 0 ? 1 : -1) * (0.1 + Math.abs(x[n + i]!))),
    limit: (x, n) => each(n, (i) => x[i]!),
  },
  {
    name: 'one geometric mode, one component constant',
    term: (k, x, n) => each(n, (i) => x[i]! + (i === n - 1 && n > 1 ? 0 : (0.1 + Math.abs(x[n + i]!)) * 0.6 ** k)),
    limit: (x, n) => each(n, (i) => x[i]!),
  },
  {
    name: 'one component drifts, the others have a geometric mode',
    term: (k, x, n) => each(n, (i) => x[i]! + (0.1 + Math.abs(x[n + i]!)) * (i === 0 ? k : 0.6 ** k)),
    limit: (x, n) => each(n, (i) => x[i]!).map((value, i) => (i === 0 ? null : value)),
  },
];

eachBackend('sequences that drift', (backend) => {
  const together: Readonly<Record<string, (s: VectorSequence) => Extrapolation>> = {
    minimalPolynomial: (s) => minimalPolynomial(backend, s),
    reducedRank: (s) => reducedRank(backend, s),
    andersonOfSequence: (s) => andersonOfSequence(backend, s),
    vectorEpsilon,
  };
  const apart: Readonly<Record<string, (s: VectorSequence) => Extrapolation>> = { aitken, scalarEpsilon };

  it.each(FAMILIES)('$name: a limit that is right, or the last term and a count', ({ term, limit }) => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const n = 1 + (seed % 4);
      const numbers = testNumbers(2 * n, 1000 + seed);
      const limits = limit(numbers, n);
      for (const scale of SCALES) {
        const terms = each(5 + (seed % 3), (k) => k).map((k) => term(k, numbers, n).map((x) => scale * x));
        const last = terms.at(-1)!;
        const check = (name: string, { value, fallbacks }: Extrapolation, drifts: (i: number) => boolean) => {
          const expected = limits.map((x, i) => (drifts(i) ? last[i]! : scale * x!));
          const where = `${name}, seed ${seed}, scale ${scale}`;
          for (const [i, x] of expected.entries()) expectClose(value[i]! / scale, x / scale, 1e-9, where);
          const counted = expected.filter((_, i) => drifts(i)).length;
          // A component that does not change may count: its last value is its limit.
          expect(fallbacks, where).toBeGreaterThanOrEqual(counted);
          expect(fallbacks, where).toBeLessThanOrEqual(Math.max(counted, unchanging));
        };
        const unchanging = terms[0]!.filter((x, i) => terms.every((t) => t[i] === x)).length;
        const anyDrifts = limits.includes(null);
        for (const [name, method] of Object.entries(together)) check(name, method(terms), () => anyDrifts);
        for (const [name, method] of Object.entries(apart)) check(name, method(terms), (i) => limits[i] === null);
      }
    }
  });

  it('quadratic drift has no limit where the terms show it, and its closed form where they do not', () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const n = 2 + (seed % 3);
      const x = testNumbers(3 * n, 2000 + seed);
      for (const scale of SCALES) {
        const terms = each(5 + (seed % 3), (k) => k).map((k) =>
          each(n, (i) => scale * (x[i]! + (0.1 + x[n + i]! ** 2) * k + (0.1 + x[2 * n + i]! ** 2) * k * k)),
        );
        for (const [name, method] of Object.entries({ ...together, scalarEpsilon })) {
          const where = `${name}, seed ${seed}, scale ${scale}`;
          expect(method(terms), where).toMatchObject({ value: Float64Array.from(terms.at(-1)!), fallbacks: n });
        }
      }
    }
    // One component: least squares with differences 1, 3, 5, 7 tenths, by hand.
    const squares = each(5, (k) => k).map((k) => [0.1 * k * k]);
    expectClose(aitken(squares).value[0]!, -0.85, 1e-14);
    expectClose(minimalPolynomial(backend, squares).value[0]!, -0.55, 1e-14);
    expectClose(reducedRank(backend, squares).value[0]!, -0.15, 1e-14);
  });

  it('constant steps are seen through the rounding errors of a running sum', () => {
    for (const scale of SCALES) {
      for (const step of [0.1, 1 / 3, -0.7, 1e-3]) {
        for (const count of [3, 4, 5, 9, 20, 60]) {
          let sum = 0;
          const terms = each(count, () => 0).map(() => {
            sum += step * scale;
            return [sum];
          });
          for (const [name, method] of Object.entries({ ...together, ...apart })) {
            const where = `${name}, ${count} steps of ${step}, scale ${scale}`;
            expect(method(terms), where).toMatchObject({ value: Float64Array.of(sum), fallbacks: 1 });
          }
        }
      }
    }
  });
});
