import type { Backend } from '../../backend/backend.ts';
import { CapacityError } from '../../core/errors.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import type { BlockLaw } from '../block-law.ts';
import type { NextTokenLaw } from '../next-token-law.ts';
import { mapByKraus, type OperatorOnStrings } from './apply-channel.ts';
import { type ChannelCertificate, certifyMap, krausResidual } from './certificate.ts';
import { largestDifference, MOST_ORDER } from './complex.ts';
import { krausTables } from './kraus-tables.ts';
import type { StringBasis } from './string-basis.ts';
import { type StepChannelOptions, type StepKind, stepChannel } from './string-channel.ts';

/** The certificate of a step, whose action is written down apart from its Kraus operators. */
export interface StepCertificate extends ChannelCertificate {
  readonly krausResidual: number;
  /** Largest difference between the action on matrix units and that of the Kraus operators. */
  readonly krausDisagreement: number;
}

/** Elements of the images of all matrix units: some minutes of work. */
const MOST_WORK = 2 ** 32;

/** Options of `certifyStep`. */
export interface CertifyStepOptions extends StepChannelOptions {
  /** Called for each of the d² matrix units whose image is worked out, d = `basis.size`. */
  readonly onImage?: (() => void) | undefined;
}

/**
 * The certificate of one step on all coherences between the strings of a basis. The Choi matrix comes from what the step makes of matrix
 * units, not from the Kraus operators, which would make it positive by construction:
 *
 *     history   |h⟩⟨h′| ↦ δ_hh′ Σ_y p(y|h) |h y⟩⟨h y|
 *     outcome   |h⟩⟨h′| ↦ Σ_y √(p(y|h) p(y|h′)) |h y⟩⟨h′ y|
 *     position  |h⟩⟨h′| ↦ δ_mm′ Σ_i √(a_i(h) a_i(h′)) |h φ(x_i)⟩⟨h′ φ(x′_i)|
 *     coherent  |h⟩⟨h′| ↦ Σ_yz √(p(y|h) p(z|h′)) |h y⟩⟨h′ z|
 *
 * with p(x_0|vac) = 1. The Kraus operators are compared with it.
 *
 * @throws as {@link stepChannel}; CapacityError.
 * @accuracy eigenvalues to 4·n·u·‖J‖, n = `choiSupport`.
 * @cost d² matrices of the order of the strings reached, and O(n³).
 * @example
 * certifyStep(backend, 'outcome', law, StringBasis.sectors(2, 0, 3)).choiSmallest;
 */
export function certifyStep(
  backend: Backend,
  kind: StepKind,
  law: NextTokenLaw,
  basis: StringBasis,
  { onImage, ...options }: CertifyStepOptions = {},
): StepCertificate {
  const kraus = krausTables(stepChannel(kind, law, options), basis, MOST_ORDER);
  checkWork(basis.size, kraus.output.size);
  const moves = basis.strings.map((string) => movesOf(kind, law, string, options.vacuumToken ?? 0, kraus.output));
  let krausDisagreement = 0;
  const map = ({ matrix }: OperatorOnStrings): OperatorOnStrings => {
    onImage?.();
    const image = imageOf(kind, moves, matrix, kraus.output);
    krausDisagreement = Math.max(krausDisagreement, largestDifference(image, mapByKraus(kraus, matrix).matrix));
    return { basis: kraus.output, matrix: image };
  };
  const certificate = certifyMap(backend, map, basis);
  return { ...certificate, krausResidual: krausResidual(kraus), krausDisagreement };
}

/** @throws CapacityError before anything is worked out if the images of all matrix units are too much work. */
function checkWork(d: number, n: number): void {
  const elements = d * d * n * n;
  if (elements <= MOST_WORK) return;
  throw new CapacityError(
    `certifyStep: the images of all matrix units must have at most ${MOST_WORK} elements, but ${d * d} images of order ${n} have ${elements}. Use fewer sectors or fewer tokens.`,
  );
}

/** What can happen to a string: it goes to a place among the outputs with a probability. */
interface Moves {
  readonly length: number;
  /** One entry for each token, or for each position. */
  readonly places: readonly number[];
  readonly probabilities: readonly number[];
}

function movesOf(
  kind: StepKind,
  law: NextTokenLaw,
  string: Int32Array,
  vacuumToken: number,
  output: StringBasis,
): Moves {
  const place = (token: number) => output.placeOf([...string, token]);
  const tokens = Array.from({ length: law.V }, (_, token) => token);
  const { length } = string;
  if (kind === 'position' && length > 0) {
    const { block } = law as BlockLaw;
    const probabilities = [...(law as BlockLaw).positionProbabilities(string)];
    return { length, places: Array.from(string, (token) => place(block.tokenMap[token]!)), probabilities };
  }
  const certain = tokens.map((token) => (token === vacuumToken ? 1 : 0));
  const probabilities = length === 0 ? certain : [...law.probabilities(string)];
  return { length, places: tokens.map(place), probabilities };
}

/** Σ a_hh′ E(|h⟩⟨h′|) */
function imageOf(kind: StepKind, moves: readonly Moves[], a: ComplexMatrix, output: StringBasis): ComplexMatrix {
  const n = output.size;
  const image = new ComplexMatrix(n, n);
  for (const [h, left] of moves.entries()) {
    for (const [k, right] of moves.entries()) {
      const [re, im] = [a.data[2 * (h * a.columns + k)]!, a.data[2 * (h * a.columns + k) + 1]!];
      if (re === 0 && im === 0) continue;
      if (kind === 'history' && h !== k) continue;
      if (kind === 'position' && left.length !== right.length) continue;
      for (const [y, p] of left.probabilities.entries()) {
        for (const [z, q] of right.probabilities.entries()) {
          if ((kind !== 'coherent' && y !== z) || p * q === 0) continue;
          const [size, to] = [Math.sqrt(p * q), 2 * (left.places[y]! * n + right.places[z]!)];
          image.data[to]! += size * re;
          image.data[to + 1]! += size * im;
        }
      }
    }
  }
  return image;
}
