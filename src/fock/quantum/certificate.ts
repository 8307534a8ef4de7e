import type { Backend } from '../../backend/backend.ts';
import { CapacityError } from '../../core/errors.ts';
import { eigenvaluesHermitian } from '../../linalg/eigen/eigh.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { mapByKraus, type OperatorOnStrings } from './apply-channel.ts';
import { checkDense, complexIdentity, hermitianPart, largestDifference } from './complex.ts';
import { groupBy } from './group.ts';
import { type KrausTables, krausTables } from './kraus-tables.ts';
import { type StringBasis, stringKey } from './string-basis.ts';
import type { StringChannel } from './string-channel.ts';

/** How far a map is from a quantum operation, on the strings of some sectors. */
export interface ChannelCertificate {
  /** Number of strings, d. */
  readonly inputs: number;
  /** Number of strings reached, D. */
  readonly outputs: number;
  /** max |Σ K†K − 1|, element by element; null where no Kraus operators are given. */
  readonly krausResidual: number | null;
  /** Smallest eigenvalue of the Choi matrix of order D·d: at least 0 up to rounding for a completely positive map. */
  readonly choiSmallest: number;
  /** Largest eigenvalue of the Choi matrix. */
  readonly choiLargest: number;
  /** Fewest Kraus operators that give the map: eigenvalues above 1e-12 of the largest. */
  readonly krausRank: number;
  /** max |Tr E(|h⟩⟨h′|) − δ_hh′|: 0 for a map that keeps the trace. */
  readonly traceResidual: number;
  /** max(0, λ_max(E*(1)) − 1): 0 for a map that does not increase the trace. */
  readonly traceExcess: number;
  /** max |J − J†|: 0 for a map that keeps operators Hermitian. */
  readonly hermiticityResidual: number;
  /** Order of the matrix that was diagonalised: rows of the Choi matrix that vanish are left out. */
  readonly choiSupport: number;
}

const RANK_TOLERANCE = 1e-12;
/** Largest number of elements of the Choi matrix that are stored. */
const MOST_ELEMENTS = 1 << 22;
const BYTES_PER_ELEMENT = 64;

/**
 * The certificate of a channel on all coherences between the strings of a basis, sectors included
 * ({@link StringBasis.sectors}). The Choi matrix is built from the images of the matrix units |h⟩⟨h′|, which here come from the
 * channel's Kraus operators; {@link certifyStep} takes them from elsewhere.
 *
 * @throws CapacityError if the support of the Choi matrix is too large.
 * @accuracy eigenvalues to 4·n·u·‖J‖, n = `choiSupport`.
 * @cost d² applications of the map, and O(n³).
 * @example
 * certifyChannel(backend, lastSiteDephasing(2), StringBasis.sectors(2, 0, 3)).krausRank; // 3
 */
export function certifyChannel(backend: Backend, channel: StringChannel, basis: StringBasis): ChannelCertificate {
  const kraus = krausTables(channel, basis);
  const certificate = certifyMap(backend, ({ matrix }) => mapByKraus(kraus, matrix), basis);
  return { ...certificate, krausResidual: krausResidual(kraus) };
}

/**
 * The certificate of any linear map between operators on strings, given by what it does.
 *
 * @param map applied to every matrix unit of the basis.
 * @throws CapacityError as {@link certifyChannel}.
 */
export function certifyMap(
  backend: Backend,
  map: (operator: OperatorOnStrings) => OperatorOnStrings,
  basis: StringBasis,
): ChannelCertificate {
  const d = basis.size;
  const rows = new Map<string, number>();
  const outputs = new Set<string>();
  const elements: { row: number; column: number; re: number; im: number }[] = [];
  const heisenbergOne = new ComplexMatrix(d, d);
  const rowOf = (string: string, i: number): number => {
    outputs.add(string);
    const key = `${string}|${i}`;
    const known = rows.get(key);
    if (known === undefined) rows.set(key, rows.size);
    return known ?? rows.size - 1;
  };
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const unit = new ComplexMatrix(d, d);
      unit.data[2 * (i * d + j)] = 1;
      const image = map({ basis, matrix: unit });
      const keys = image.basis.strings.map(stringKey);
      const { data, columns } = image.matrix;
      for (let at = 0; at < data.length; at += 2) {
        const [re, im] = [data[at]!, data[at + 1]!];
        if (re === 0 && im === 0) continue;
        const [a, b] = [Math.floor(at / 2 / columns), (at / 2) % columns];
        elements.push({ row: rowOf(keys[a]!, i), column: rowOf(keys[b]!, j), re, im });
        if (elements.length > MOST_ELEMENTS)
          throw new CapacityError(
            `certifyMap: the Choi matrix must have at most ${MOST_ELEMENTS} elements that are not 0, but it has more. Take fewer sectors.`,
            2 * MOST_ELEMENTS * BYTES_PER_ELEMENT,
          );
        if (a === b) {
          // E*(1)_ji = Tr E(|i⟩⟨j|)
          heisenbergOne.data[2 * (j * d + i)]! += re;
          heisenbergOne.data[2 * (j * d + i) + 1]! += im;
        }
      }
    }
  }
  const n = rows.size;
  checkDense('certifyMap', 'the Choi matrix', n, n);
  const choi = new ComplexMatrix(n, n);
  for (const { row, column, re, im } of elements) choi.data.set([re, im], 2 * (row * n + column));
  const hermitian = hermitianPart(choi);
  const values = eigenvaluesHermitian(backend, hermitian);
  const largest = values.at(-1) ?? 0;
  const vanishing = n < outputs.size * d ? 0 : Number.POSITIVE_INFINITY;
  return {
    inputs: d,
    outputs: outputs.size,
    krausResidual: null,
    choiSmallest: Math.min(values[0] ?? 0, vanishing),
    choiLargest: largest,
    krausRank: values.filter((value) => value > RANK_TOLERANCE * largest).length,
    traceResidual: largestDifference(heisenbergOne, complexIdentity(d)),
    traceExcess: Math.max(0, (eigenvaluesHermitian(backend, hermitianPart(heisenbergOne)).at(-1) ?? 0) - 1),
    hermiticityResidual: 2 * largestDifference(choi, hermitian),
    choiSupport: n,
  };
}

/** max |Σ K†K − 1| over the strings of the tables. */
export function krausResidual({ input: basis, tables }: KrausTables): number {
  const sum = new ComplexMatrix(basis.size, basis.size);
  for (const { elements } of tables) {
    for (const row of groupBy(elements, (element) => element.row).values()) {
      for (const left of row) {
        for (const right of row) {
          const at = 2 * (left.column * basis.size + right.column);
          sum.data[at]! += left.re * right.re + left.im * right.im;
          sum.data[at + 1]! += left.re * right.im - left.im * right.re;
        }
      }
    }
  }
  return largestDifference(sum, complexIdentity(basis.size));
}
