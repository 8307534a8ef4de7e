import { Complex } from 'complex.js';
import { describe, expect, it } from 'vitest';
import { MechanicsError } from '../../src/core/errors.ts';
import { DiagonalState, quantum } from '../../src/fock/index.ts';
import { identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { tsBackend as backend } from '../support/backends.ts';

const { Channel, FactoredState, MatrixState, StringBasis } = quantum;

const basis = StringBasis.sectors(2, 1, 1);
const id = Channel.ofKraus([identity(2)]);
const psi = FactoredState.pure(2, [{ text: [0, 1], amplitude: 1 }]);
const law = { V: 2, label: String, probabilities: () => Float64Array.of(0.5, 0.5) };
const step = quantum.stepChannel('outcome', law);
const notFinite = new Matrix(2, 2, Float64Array.of(1, Number.NaN, 0, 1));

/** What callers without types give where something else is meant. */
const WRONG: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  number: 3,
  string: 'x',
  rows: [
    [1, 0],
    [0, 1],
  ],
  ragged: [[1, 0], [0]],
  'list of rows': [[[1, 0], [0]]],
  object: {},
  Complex: new Complex(1, 2),
  Float64Array: new Float64Array(4),
  'NaN matrix': notFinite,
  'list with NaN': [notFinite],
  'list with a number': [identity(2), 3],
};

/** Every entry, given each of the wrong values. */
const ENTRIES: Readonly<Record<string, (x: never) => unknown>> = {
  Channel: (x) => new Channel(1, 2, x),
  'Channel.ofKraus': (x) => Channel.ofKraus(x),
  'Channel.ofSuperoperator': (x) => Channel.ofSuperoperator(2, 2, x),
  'Channel.ofStinespring': (x) => Channel.ofStinespring(2, x),
  'Channel.ofMap, its action': (x) => Channel.ofMap(2, 2, x),
  'Channel.ofMap, an image': (x) => Channel.ofMap(2, 2, () => x),
  'Channel.ofStrings': (x) => Channel.ofStrings(x, basis),
  'Channel.apply': (x) => id.apply(x),
  krausOperators: (x) => quantum.krausOperators(backend, x),
  stinespringOf: (x) => quantum.stinespringOf(x),
  composeMaps: (x) => quantum.composeMaps(backend, id, x),
  tensorMaps: (x) => quantum.tensorMaps(x, id),
  adjointMap: (x) => quantum.adjointMap(x),
  complementaryMap: (x) => quantum.complementaryMap(x),
  processFidelity: (x) => quantum.processFidelity(backend, x, id),
  averageGateFidelity: (x) => quantum.averageGateFidelity(backend, x),
  diamondNorm: (x) => quantum.diamondNorm(backend, x),
  chiMatrix: (x) => quantum.chiMatrix(x),
  channelOfChi: (x) => quantum.channelOfChi(x),
  channelOfPauliTransfer: (x) => quantum.channelOfPauliTransfer(x),
  isCompletelyPositive: (x) => quantum.isCompletelyPositive(backend, x),
  FactoredState: (x) => new FactoredState(basis, x),
  'FactoredState, its basis': (x) => new FactoredState(x, psi.factor),
  'FactoredState.pure': (x) => FactoredState.pure(2, x),
  'FactoredState.of': (x) => FactoredState.of(basis, x),
  MatrixState: (x) => new MatrixState(basis, x),
  'MatrixState.of': (x) => MatrixState.of(basis, x),
  'DiagonalState.ofMixture': (x) => DiagonalState.ofMixture(2, x),
  sectorOperator: (x) => quantum.sectorOperator(2, x),
  tensorProduct: (x) => quantum.tensorProduct(2, x),
  lastSiteOperator: (x) => quantum.lastSiteOperator(2, x),
  projectorOnto: (x) => quantum.projectorOnto(2, x),
  operatorBetween: (x) => quantum.operatorBetween(basis, basis, x),
  operatorMatrix: (x) => quantum.operatorMatrix(x, basis, basis),
  stepChannel: (x) => quantum.stepChannel('outcome', x),
  channelOfOperators: (x) => quantum.channelOfOperators('x', x),
  composeChannels: (x) => quantum.composeChannels(step, x),
  'applyChannel, its channel': (x) => quantum.applyChannel(x, psi),
  'applyChannel, its state': (x) => quantum.applyChannel(step, x),
  eventMeasurement: (x) => quantum.eventMeasurement(2, x),
  lastSitePovm: (x) => quantum.lastSitePovm(backend, 2, x),
  povmOnStrings: (x) => quantum.povmOnStrings(backend, basis, [{ label: 'E', effect: x }]),
  measure: (x) => quantum.measure(x, psi),
  mixStates: (x) => quantum.mixStates(x),
  entropy: (x) => quantum.entropy(backend, x),
  traceDistance: (x) => quantum.traceDistance(backend, x, psi),
  reducedState: (x) => quantum.reducedState(x, [0]),
  negativity: (x) => quantum.negativity(backend, x, [0]),
  concurrence: (x) => quantum.concurrence(backend, x),
  normalised: (x) => quantum.normalised(x),
  dephase: (x) => quantum.dephase(x),
  krausTables: (x) => quantum.krausTables(x, basis),
};

describe.each(Object.keys(ENTRIES))('%s', (name) => {
  it.each(Object.keys(WRONG))('refuses %s with an error of its own', (kind) => {
    let thrown: unknown;
    try {
      ENTRIES[name]!(WRONG[kind] as never);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MechanicsError);
    const { message } = thrown as MechanicsError;
    expect(message).toMatch(/^[\w.]+: .+ must .+, but .+\./);
    expect(message).not.toMatch(/undefined×|NaN×|have undefined|Divide by it/);
  });
});

it('names function, argument, what is meant, what came, what to do', () => {
  const rows = WRONG.rows as never;
  expect(() => Channel.ofKraus(rows)).toThrow(
    'Channel.ofKraus: operator 0 must be a Matrix or a ComplexMatrix, but it is an array of 2 elements. Make it with ComplexMatrix.fromRows or Matrix.fromRows.',
  );
  expect(() => Channel.ofKraus([rows])).toThrow(
    'operator 0 must be a Matrix or a ComplexMatrix, but it is an array of arrays',
  );
  expect(() => Channel.ofKraus(identity(2) as never)).toThrow(
    'kraus must be an array of matrices, one for each operator, but it is of the class Matrix',
  );
  expect(() => Channel.ofKraus([notFinite])).toThrow('operator 0 must be finite, but operator 0[0, 1] is NaN');
  expect(() => quantum.entropy(backend, identity(2) as never)).toThrow(
    'entropy: state must be a DiagonalState, FactoredState or MatrixState',
  );
  expect(() => FactoredState.pure(2, [{ text: 0, amplitude: 1 }] as never)).toThrow(
    "terms[0] must be an object with 'text', but it is a plain object",
  );
  expect(() => quantum.stepChannel('outcome', {} as never)).toThrow(
    "law must be a law of the next token with 'V', 'probabilities', but it is a plain object",
  );
});
