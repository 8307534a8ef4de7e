import type { Backend, BackendKind } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, inNameOf } from '../../core/errors.ts';
import { checkWord64 } from '../../core/philox.ts';
import { eig } from '../eigen/eig.ts';
import { checkFiniteMatrix } from '../matrix/arguments.ts';
import type { Matrix } from '../matrix/matrix.ts';
import { type CausalComparison, compareCausalAttention } from './causal-null.ts';
import { COMPARISON_DEFAULTS } from './defaults.ts';
import { type EllipticLawFit, fitEllipticLaw } from './elliptic-law.ts';
import { fitMarchenkoPastur, type MarchenkoPasturFit } from './marchenko-pastur-fit.ts';
import { type OverlapStatistics, overlapStatistics } from './overlaps.ts';
import { fitPowerLaw, type PowerLawFit, type PowerLawFlag } from './power-law.ts';
import { type SpacingRatios, spacingRatios } from './spacing-ratios.ts';

/** Options of `compareWithRandom`. */
export interface RandomComparisonOptions {
  /** `weights` (default): independent entries are the null. `attention`: random causal attention is. */
  readonly kind?: 'weights' | 'attention';
  /** Default 0n. */
  readonly seed?: bigint;
  /** Random matrices behind each p-value; default 99, for attention 299. */
  readonly surrogates?: number;
  /** Synthetic samples of the power law's goodness of fit; default 100. */
  readonly bootstraps?: number;
}

/** Where a matrix departs from its null, or where there is too little to say so. */
export type RandomFlag =
  | 'not-marchenko-pastur'
  | 'spikes'
  | 'no-marchenko-pastur-fit'
  | 'not-elliptic'
  | 'outliers'
  | 'no-elliptic-fit'
  | 'few-spacing-ratios'
  | 'no-tail-fit'
  | 'attention-not-random'
  | `tail-${PowerLawFlag}`;

/** A matrix against random ones. A part is null where it does not apply; `flags` then says why if that is no matter of shape. */
export interface RandomComparison {
  /** What the matrix was taken for. */
  readonly kind: 'weights' | 'attention';
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** Seed of the random matrices, decimal. */
  readonly seed: string;
  /** Which implementation ran. */
  readonly backend: BackendKind;
  /** Eigenvalues σ²/n against Marchenko–Pastur; weights only. */
  readonly marchenkoPastur: MarchenkoPasturFit | null;
  /** Power law of the tail of the eigenvalues σ²/n. */
  readonly tail: PowerLawFit | null;
  /** Square weights only. */
  readonly eigenvalues: Float64Array | null;
  /** Square weights against the elliptic law. */
  readonly elliptic: EllipticLawFit | null;
  /** Complex spacing ratios of square weights. */
  readonly spacingRatios: SpacingRatios | null;
  /** Overlaps of left and right eigenvectors of square weights. */
  readonly overlaps: OverlapStatistics | null;
  /** Attention only. */
  readonly causal: CausalComparison | null;
  /** Where the matrix departs from its null model, and why a part is absent. */
  readonly flags: readonly RandomFlag[];
}

/** Below this p-value a matrix counts as different from its null. */
const LEVEL = 0.01;
/** Fewer ratios than this say little about repulsion. */
const FEW_RATIOS = 30;

/**
 * Everything this folder knows about one real matrix: singular values against Marchenko–Pastur with spikes and a power-law tail, and for
 * a square one its eigenvalues against the elliptic law, complex spacing ratios and eigenvector overlaps; or an attention matrix
 * against random causal attention. Failures of a fit are flags, not errors.
 *
 * @throws DomainError for fewer than 3 rows or columns, an option out of range, or attention that is not causal; NonFiniteError naming the element;
 * CapacityError, ConvergenceError.
 * @cost singular values, eigenvalues with both sets of vectors, and those of the surrogates.
 * @source docs/linalg-random-matrices.md.
 * @example
 * const { marchenkoPastur, tail, flags } = compareWithRandom(backend, weights);
 */
export function compareWithRandom(
  backend: Backend,
  matrix: Matrix,
  {
    kind = 'weights',
    seed = COMPARISON_DEFAULTS.seed,
    bootstraps = COMPARISON_DEFAULTS.bootstraps,
    ...options
  }: RandomComparisonOptions = {},
): RandomComparison {
  const where = 'compareWithRandom';
  if (kind !== 'weights' && kind !== 'attention') {
    throw new DomainError(`${where}: kind must be weights or attention, but it is ${String(kind)}.`);
  }
  const { surrogates = COMPARISON_DEFAULTS.surrogates[kind] } = options;
  const { rows, columns } = matrix;
  checkInteger(where, 'rows of matrix', rows, 3);
  checkInteger(where, 'columns of matrix', columns, 3);
  checkInteger(where, 'surrogates', surrogates, 1);
  checkInteger(where, 'bootstraps', bootstraps, 1);
  checkWord64(where, 'seed', seed);
  checkFiniteMatrix(where, 'matrix', matrix);
  const frame = { kind, rows, columns, seed: String(seed), backend: backend.kind };
  if (kind === 'attention') {
    const causal = compareCausalAttention(matrix, { surrogates, seed });
    const strange = Object.values(causal.statistics).some(({ pValue }) => pValue < TESTS_LEVEL);
    return { ...frame, ...NOTHING, causal, flags: strange ? ['attention-not-random'] : [] };
  }
  const flags: RandomFlag[] = [];
  const marchenkoPastur = unless(flags, 'no-marchenko-pastur-fit', () =>
    fitMarchenkoPastur(backend, matrix, { surrogates, seed }),
  );
  if (marchenkoPastur !== null) {
    if (marchenkoPastur.pValue <= LEVEL) flags.push('not-marchenko-pastur');
    if (marchenkoPastur.spikes.length > 0) flags.push('spikes');
  }
  const tail =
    marchenkoPastur === null
      ? null
      : unless(flags, 'no-tail-fit', () => fitPowerLaw(marchenkoPastur.eigenvalues, { bootstraps, seed }));
  for (const flag of tail?.flags ?? []) flags.push(`tail-${flag}`);
  if (rows !== columns) return { ...frame, ...NOTHING, marchenkoPastur, tail, flags };
  return {
    ...frame,
    ...NOTHING,
    marchenkoPastur,
    tail,
    ...spectrumOf(backend, matrix, surrogates, seed, flags),
    flags,
  };
}

/** The smallest of six p-values of attention counts; each is held against a sixth of 5 %. */
const TESTS_LEVEL = 0.05 / 6;

const NOTHING = {
  marchenkoPastur: null,
  tail: null,
  eigenvalues: null,
  elliptic: null,
  spacingRatios: null,
  overlaps: null,
  causal: null,
} as const;

function spectrumOf(backend: Backend, matrix: Matrix, surrogates: number, seed: bigint, flags: RandomFlag[]) {
  const { values: eigenvalues, conditionNumbers } = inNameOf('compareWithRandom', () =>
    eig(backend, matrix, { conditionNumbers: true }),
  );
  const elliptic = unless(flags, 'no-elliptic-fit', () =>
    fitEllipticLaw(backend, matrix, { values: eigenvalues, surrogates, seed }),
  );
  if (elliptic === null) return { eigenvalues };
  if (elliptic.pValue <= LEVEL) flags.push('not-elliptic');
  if (elliptic.outliers.length > 0) flags.push('outliers');
  const ratios = spacingRatios(eigenvalues, { real: true });
  if (ratios.count < FEW_RATIOS) flags.push('few-spacing-ratios');
  const n = matrix.rows;
  const spacing = Math.sqrt((Math.PI * elliptic.semiAxes[0] * elliptic.semiAxes[1]) / n);
  const offAxis = elliptic.radii.map((radius, k) =>
    eigenvalues[2 * k + 1]! > 2 * spacing ? radius : Number.POSITIVE_INFINITY,
  );
  return {
    eigenvalues,
    elliptic,
    spacingRatios: ratios,
    overlaps: overlapStatistics(conditionNumbers!, offAxis, n),
  };
}

/** The result, or null with a flag where the data do not allow the fit. */
function unless<T>(flags: RandomFlag[], flag: RandomFlag, attempt: () => T): T | null {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    flags.push(flag);
    return null;
  }
}
