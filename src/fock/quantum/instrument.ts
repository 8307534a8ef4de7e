import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkArray, checkMembers } from '../../core/kinds.ts';
import { compensatedSum } from '../../core/sums.ts';
import { eigh } from '../../linalg/eigen/eigh.ts';
import { type AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';
import { DIAMOND, type MeasuredSector, type Outcome } from '../measurement.ts';
import { applyChannel } from './apply-channel.ts';
import { checkSize } from './arguments.ts';
import { combination, complexIdentity, largestDifference, scaleColumns, toComplex } from './complex.ts';
import { normalised, roundingOf } from './conversions.ts';
import { krausTables } from './kraus-tables.ts';
import { checkState, type QuantumState } from './states.ts';
import { checkBasis, checkSameTokens, type StringBasis } from './string-basis.ts';
import { channelOfOperators, type StringChannel } from './string-channel.ts';
import { lastSiteOperator, operatorBetween, projectorOnto, type StringOperator } from './string-operator.ts';

/** A possible outcome and what finding it does to the state. */
export interface InstrumentOutcome {
  /** What the outcome is called. */
  readonly label: string | number;
  /** ρ ↦ Σ_j K_j ρ K_j†, whose trace is the outcome's probability. */
  readonly channel: StringChannel;
}

/** A measurement with its state change: completely positive maps that together keep the trace. */
export interface Instrument {
  /** Number of tokens. */
  readonly V: number;
  /** All that can be found. */
  readonly outcomes: readonly InstrumentOutcome[];
}

/** An outcome that was found. */
export interface Branch {
  /** What the outcome is called. */
  readonly label: string | number;
  /** Probability of finding it. */
  readonly probability: number;
  /** The reduced state, of trace 1. */
  readonly state: QuantumState;
}

/** What sums of effects may differ from 1 by, and probabilities from the trace. */
const COMPLETENESS_TOLERANCE = 1e-10;

/**
 * The measurement (X, D) of the model: X({x}) projects the last site onto x, X({◇}) is everything else.
 *
 * @param sector as for outcomeLaw: one length, or `last-site` for whatever sector is occupied.
 * @source Chen, eqs. 8, 9, 13, 14.
 */
export function lastSiteMeasurement(V: number, sector: MeasuredSector = 'last-site'): Instrument {
  checkInteger('lastSiteMeasurement', 'V', V, 1);
  return eventMeasurement(
    V,
    Array.from({ length: V + 1 }, (_, i) => [i === 0 ? DIAMOND : i - 1]),
    sector,
  );
}

/**
 * The measurement of events A ⊂ Ω, X(A) = Σ_{ω∈A} X({ω}): coarser than (X, D), and it keeps the coherence within an event. Labels are
 * the outcomes of the events, joined by commas; a single outcome is its own.
 *
 * @throws DomainError unless every outcome of Ω lies in exactly one event.
 */
export function eventMeasurement(
  V: number,
  events: readonly (readonly Outcome[])[],
  sector: MeasuredSector = 'last-site',
): Instrument {
  if (sector !== 'last-site') checkInteger('eventMeasurement', 'sector', sector, 1);
  checkInteger('eventMeasurement', 'V', V, 1);
  checkArray('eventMeasurement', 'events', events, 'events');
  for (const [i, event] of events.entries()) checkArray('eventMeasurement', `events[${i}]`, event, 'outcomes');
  const all = events.flat();
  for (const outcome of all)
    if (outcome !== DIAMOND) checkInteger('eventMeasurement', 'every token', outcome, 0, V - 1);
  if (all.length !== V + 1 || new Set(all).size !== V + 1)
    throw new DomainError(
      `eventMeasurement: the events must hold each of the ${V + 1} outcomes once, but they hold ${new Set(all).size} of them in ${all.length} places.`,
    );
  const found = (string: Int32Array): Outcome =>
    sector !== 'last-site' && string.length !== sector ? DIAMOND : (string.at(-1) ?? DIAMOND);
  const outcomes = events.map((event) => {
    const projector = projectorOnto(V, (string) => event.includes(found(string)));
    return { label: event.length === 1 ? event[0]! : event.join(','), channel: channelOfOperators('X', [projector]) };
  });
  return { V, outcomes };
}

/** An effect E of a POVM with its outcome. */
export interface LabelledEffect {
  /** What the outcome is called. */
  readonly label: string | number;
  /** 0 ≤ E ≤ 1 */
  readonly effect: AnyMatrix;
}

/**
 * A POVM on the last site with Lüders' reduction ρ ↦ √E ρ √E; strings that it does not look at give ◇.
 *
 * @param effects V×V matrices.
 * @throws ShapeError; DomainError unless every E ≥ 0 and Σ E = 1, both to 1e-10.
 * @source G. Lüders, Ann. Phys. (Leipzig) 443 (1950) 322 for projectors; P. Busch, P. Lahti, J. Pellonpää, K. Ylinen, Quantum Measurement
 * (2016).
 */
export function lastSitePovm(
  backend: Backend,
  V: number,
  effects: readonly LabelledEffect[],
  sector: MeasuredSector = 'last-site',
): Instrument {
  const outcomes = luedersOutcomes(backend, 'lastSitePovm', V, effects, (root) => lastSiteOperator(V, root, sector));
  const rest = projectorOnto(
    V,
    (string) => string.length === 0 || (sector !== 'last-site' && string.length !== sector),
  );
  return { V, outcomes: [...outcomes, { label: DIAMOND, channel: channelOfOperators(DIAMOND, [rest]) }] };
}

/**
 * A POVM on the span of some strings with Lüders' reduction. States must lie in that span.
 *
 * @param effects matrices of the order of the basis.
 * @throws as {@link lastSitePovm}
 */
export function povmOnStrings(backend: Backend, basis: StringBasis, effects: readonly LabelledEffect[]): Instrument {
  checkBasis('povmOnStrings', 'basis', basis);
  const outcomes = luedersOutcomes(backend, 'povmOnStrings', basis.size, effects, (root) =>
    operatorBetween(basis, basis, root),
  );
  return { V: basis.V, outcomes };
}

function luedersOutcomes(
  backend: Backend,
  where: string,
  n: number,
  effects: readonly LabelledEffect[],
  lift: (root: ComplexMatrix) => StringOperator,
): InstrumentOutcome[] {
  checkArray(where, 'effects', effects, 'effects with their labels');
  let sum = new ComplexMatrix(n, n);
  const outcomes = effects.map((labelled, i) => {
    checkMembers(where, `effects[${i}]`, labelled, 'an object', { effect: 'object' });
    const { label, effect } = labelled;
    checkSize(where, `effect '${label}'`, effect, n, n);
    sum = combination(1, sum, 1, toComplex(effect));
    return { label, channel: channelOfOperators(String(label), [lift(positiveRoot(backend, where, label, effect))]) };
  });
  const defect = largestDifference(sum, complexIdentity(n));
  if (!(defect <= COMPLETENESS_TOLERANCE))
    throw new DomainError(
      `${where}: effects must sum to 1 to ${COMPLETENESS_TOLERANCE}, but the sum is off by ${defect}.`,
    );
  return outcomes;
}

/** √E by the eigendecomposition; eigenvalues up to 8·n·u of the largest are taken for 0, whose root would be far larger. */
function positiveRoot(backend: Backend, where: string, label: string | number, effect: AnyMatrix): ComplexMatrix {
  const { values, vectors } = eigh(backend, toComplex(effect));
  if (values[0]! < -COMPLETENESS_TOLERANCE)
    throw new DomainError(`${where}: effects must be at least 0, but '${label}' has the eigenvalue ${values[0]}.`);
  const least = roundingOf(values);
  const roots = values.map((value) => (value > least ? Math.sqrt(value) : 0));
  return multiply(backend, scaleColumns(vectors, roots), vectors, { opB: 'conjugate-transpose' });
}

/**
 * The instrument that reads the environment of a channel: one outcome for each of its Kraus operators on some strings. For the
 * `position` extension it is the law by position.
 */
export function environmentInstrument(channel: StringChannel, basis: StringBasis): Instrument {
  const { tables } = krausTables(channel, basis);
  const outcomes = tables.map(({ environment }) => ({
    label: environment,
    channel: {
      name: `${channel.name} ${environment}`,
      V: channel.V,
      dilate: (string: Int32Array) => channel.dilate(string).filter((term) => term.environment === environment),
    },
  }));
  return { V: channel.V, outcomes };
}

/**
 * All outcomes of positive probability with their reduced states.
 *
 * @throws ShapeError unless state and instrument have the same tokens; DomainError if probabilities do not sum to Tr ρ to 1e-10: the state
 * reaches beyond what the instrument measures.
 */
export function measure(instrument: Instrument, state: QuantumState): Branch[] {
  checkMembers('measure', 'instrument', instrument, 'an instrument', { V: 'number', outcomes: 'object' });
  checkState('measure', 'state', state);
  checkSameTokens('measure', instrument.V, state.V);
  const found = instrument.outcomes.map(({ label, channel }) => {
    const image = applyChannel(channel, state);
    return { label, image, probability: image.trace };
  });
  const sum = compensatedSum(found.map(({ probability }) => probability));
  if (!(Math.abs(sum - state.trace) <= COMPLETENESS_TOLERANCE))
    throw new DomainError(
      `measure: the instrument must account for the whole state of trace ${state.trace}, but its probabilities sum to ${sum}. Measure all strings of the state.`,
    );
  return found
    .filter(({ probability }) => probability > 0)
    .map(({ label, image, probability }) => ({ label, probability, state: normalised(image) }));
}
