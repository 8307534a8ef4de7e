/**
 * The matrices with known eigenvalues and condition numbers that LAPACK tests its own drivers with. The files belong to LAPACK: set
 * TMECH_LAPACK_TESTING to the folder TESTING of its source.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { eachBackend } from '../support/backends.ts';
import { conditionedMatrices } from '../support/lapack-testing.ts';

/** Precision to which the files' values were computed, after LAPACK's dget23: the unit roundoff of f32. */
const INPUT = 2 ** -24;
/** The threshold that ded.in and zed.in give for all ratios. */
const THRESHOLD = 20;
const TINY = 2 ** -1022;

const folder = process.env.TMECH_LAPACK_TESTING;
const sections = [
  ['ded.in', 'DVX'],
  ['zed.in', 'ZVX'],
] as const;
const present = folder !== undefined && sections.every(([file]) => existsSync(join(folder, file)));
if (!present) {
  process.stderr.write(
    "\n  NOTICE: LAPACK's test matrices are SKIPPED: set TMECH_LAPACK_TESTING to LAPACK's TESTING.\n\n",
  );
}
const cases = present
  ? sections.flatMap(([file, section]) =>
      conditionedMatrices(readFileSync(join(folder, file), 'utf8'), section).map(
        (entry, k) => [`${file} ${k + 1}, n = ${entry.matrix.rows}`, entry] as const,
      ),
    )
  : [];

/** How far two numbers with their uncertainties are apart: 1 if they overlap, else the quotient of the near ends. */
function separation(a: number, da: number, b: number, db: number): number {
  if (!(Number.isFinite(a) && Number.isFinite(b))) return Number.POSITIVE_INFINITY;
  if (a - da > b + db) return (a - da) / (b + db);
  return b - db > a + da ? (b - db) / (a + da) : 1;
}

/** Pairs (k, j) of eigenvalues, nearest first. */
function match(values: Float64Array, expected: readonly (readonly [number, number])[]): [k: number, j: number][] {
  const pairs = expected.flatMap(([re, im], k) =>
    expected.map((_, j) => ({ k, j, distance: Math.hypot(values[2 * j]! - re, values[2 * j + 1]! - im) })),
  );
  const [rows, columns] = [new Set<number>(), new Set<number>()];
  const matched: [number, number][] = [];
  for (const { k, j } of pairs.sort((a, b) => a.distance - b.distance)) {
    if (rows.has(k) || columns.has(j)) continue;
    rows.add(k);
    columns.add(j);
    matched.push([k, j]);
  }
  return matched;
}

eachBackend("LAPACK's matrices", (backend) => {
  it.skipIf(!present)('are all there', () => {
    expect(cases.length).toBeGreaterThan(40);
  });

  it.skipIf(!present).each(cases)('%s', (_title, { matrix, values: expected, s, sep }) => {
    const n = matrix.rows;
    const { values, conditionNumbers } = eig(backend, matrix, { conditionNumbers: true, balance: false });
    const norm = Math.hypot(...matrix.data);
    const v = Math.max(n * INPUT * norm, TINY);
    for (const [k, j] of match(values, expected)) {
      const [re, im] = expected[k]!;
      const size = Math.hypot(re, im);
      const error = Math.hypot(values[2 * j]! - re, values[2 * j + 1]! - im);
      // Five digits of the value; a perturbation of v, to first order and by Elsner's bound.
      const moved = Math.min(v / s[k]!, (2 * norm + v) ** (1 - 1 / n) * v ** (1 / n));
      expect(error <= 1e-4 * size + moved, `λ ${k} = ${re} + ${im}i is off by ${error}`).toBe(true);
      const tolerance = v > sep[k]! ? 1 : v / sep[k]!;
      const ratio = separation(s[k]!, tolerance, 1 / conditionNumbers![j]!, tolerance);
      expect(ratio < THRESHOLD, `s ${k} is ${1 / conditionNumbers![j]!}, not ${s[k]}: ratio ${ratio}`).toBe(true);
    }
  });
});
