import { describe, expect, it } from 'vitest';
import { CapacityError, DomainError, ShapeError } from '../../src/core/errors.ts';
import {
  CutoffError,
  DIAMOND,
  DiagonalState,
  measureSequentially,
  type NextTokenLaw,
  quantum,
} from '../../src/fock/index.ts';
import { identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { scaled } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';

const {
  decoherenceFunctional,
  eventMeasurement,
  FactoredState,
  lastSiteMeasurement,
  lastSiteOperator,
  lastSitePovm,
  measure,
  measurementTree,
  povmOnStrings,
  StringBasis,
  stepChannel,
  toMatrixState,
} = quantum;

/** p(y|h) ∝ 1 + number of times that y occurs in h, + 1 for the last token. */
const echo: NextTokenLaw = {
  V: 2,
  label: String,
  probabilities: (h) => {
    const weights = [0, 1].map((y) => 1 + h.filter((x: number) => x === y).length + (h.at(-1) === y ? 1 : 0));
    const total = weights[0]! + weights[1]!;
    return Float64Array.from(weights, (weight) => weight / total);
  },
};
/** The next token is the last one again. */
const copy: NextTokenLaw = { V: 2, label: String, probabilities: (h) => Float64Array.of(1 - h.at(-1)!, h.at(-1)!) };
const fixed = (p: number): NextTokenLaw => ({ V: 2, label: String, probabilities: () => Float64Array.of(p, 1 - p) });

const lengths = FactoredState.pure(2, [
  { text: [], amplitude: 0.1 },
  { text: [0], amplitude: [0.5, 0.5] },
  { text: [1, 0], amplitude: -0.7 },
]);

describe('events', () => {
  it('keep the coherence of what they do not tell apart', () => {
    const [first, second] = measure(eventMeasurement(2, [[DIAMOND, 0], [1]], 1), lengths);
    expect([first!.label, second]).toEqual(['◇,0', undefined]);
    expectClose(first!.probability, 1, 1e-15);
    expectClose((first!.state as quantum.FactoredState).amplitude([]).re, 0.1, 1e-15);
    const last = measure(lastSiteMeasurement(2), lengths);
    expect(last.map(({ label }) => label)).toEqual([DIAMOND, 0]);
    expectClose(last[1]!.probability, 0.99, 1e-15);
    expectClose((last[1]!.state as quantum.FactoredState).amplitude([1, 0]).re, -0.7 / Math.sqrt(0.99), 1e-15);
  });

  it('must be a partition of all outcomes', () => {
    expect(() => eventMeasurement(2, [[0], [1]])).toThrow('hold each of the 3 outcomes once, but they hold 2');
    expect(() =>
      eventMeasurement(2, [
        [DIAMOND, 0],
        [0, 1],
      ]),
    ).toThrow(DomainError);
    expect(() => eventMeasurement(2, [[DIAMOND, 0, 2]])).toThrow('every token must be');
    expect(() => lastSiteMeasurement(2, 0)).toThrow('sector must be');
    expect(() => measure(lastSiteMeasurement(3), lengths)).toThrow(ShapeError);
  });
});

eachBackend('POVMs', (backend) => {
  /** (2/3)|n⟩⟨n| for three directions at 120°. */
  const trine = [0, 1, 2].map((k) => {
    const [c, s] = [Math.cos((Math.PI * k) / 3), Math.sin((Math.PI * k) / 3)];
    return {
      label: `n${k}`,
      effect: Matrix.fromRows([
        [(2 / 3) * c * c, (2 / 3) * c * s],
        [(2 / 3) * c * s, (2 / 3) * s * s],
      ]),
      direction: [c, s] as const,
    };
  });
  const sigmaX = Matrix.fromRows([
    [0, 1],
    [1, 0],
  ]);
  const plus = FactoredState.pure(2, [
    { text: [0, 0], amplitude: Math.SQRT1_2 },
    { text: [0, 1], amplitude: Math.SQRT1_2 },
  ]);

  it('reduce by Lüders at the last site', () => {
    const branches = measure(lastSitePovm(backend, 2, trine), plus);
    expect(branches).toHaveLength(3);
    for (const [k, { label, probability, state }] of branches.entries()) {
      const [c, s] = trine[k]!.direction;
      expect(label).toBe(`n${k}`);
      expectClose(probability, (c + s) ** 2 / 3, 1e-15);
      const [flip] = quantum.expectation(lastSiteOperator(2, sigmaX), state);
      expectClose(flip, 2 * c * s, 1e-14);
    }
    const byMatrix = measure(lastSitePovm(backend, 2, trine), toMatrixState(plus));
    for (const [k, { probability, state }] of byMatrix.entries()) {
      expectClose(probability, branches[k]!.probability, 1e-15);
      expectClose(quantum.traceDistance(backend, state, branches[k]!.state), 0, 1e-14);
    }
  });

  it('look at one sector, or at given strings', () => {
    const inSector = measure(lastSitePovm(backend, 2, trine, 1), lengths);
    expect(inSector.map(({ label }) => label)).toEqual(['n0', 'n1', 'n2', DIAMOND]);
    expectClose(inSector[3]!.probability, 0.5, 1e-15);
    const pair = new StringBasis(2, [[0], [1, 0]]);
    const half = [0.25, 0.75].map((p, label) => ({ label, effect: scaled(identity(2), p) }));
    const both = FactoredState.pure(2, [
      { text: [0], amplitude: 0.6 },
      { text: [1, 0], amplitude: 0.8 },
    ]);
    const [quarter] = measure(povmOnStrings(backend, pair, half), both);
    expectClose(quarter!.probability, 0.25, 1e-15);
    expectClose((quarter!.state as quantum.FactoredState).amplitude([1, 0]).re, 0.8, 1e-15);
    expect(() => measure(povmOnStrings(backend, pair, half), lengths)).toThrow('must account for the whole state');
  });

  it('refuse what is no POVM', () => {
    const effects = (...list: Matrix[]) => list.map((effect, label) => ({ label, effect }));
    expect(() => lastSitePovm(backend, 2, effects(identity(2), identity(2)))).toThrow('effects must sum to 1');
    const negative = Matrix.fromRows([
      [1.5, 0],
      [0, 0],
    ]);
    const rest = Matrix.fromRows([
      [-0.5, 0],
      [0, 1],
    ]);
    expect(() => lastSitePovm(backend, 2, effects(negative, rest))).toThrow("'1' has the eigenvalue -0.5");
    expect(() => lastSitePovm(backend, 2, effects(identity(3)))).toThrow("effect '0' must be 2×2");
  });
});

describe('measurementTree', () => {
  const steps = (kind: quantum.StepKind, L: number) =>
    Array.from({ length: L }, () => ({ channel: stepChannel(kind, echo), instrument: lastSiteMeasurement(2) }));
  const start = DiagonalState.ofText(2, [0, 1]);

  it('has the probabilities of measureSequentially on diagonal states', () => {
    const { levels } = measurementTree(steps('outcome', 3), start);
    expect(levels[3]).toHaveLength(8);
    for (const { outcomes, probability, state } of levels[3]!) {
      const one = measureSequentially([echo], start, outcomes as number[]);
      expectClose(probability, one.probability, 1e-15);
      expect(state).toBeInstanceOf(DiagonalState);
      expect((state as DiagonalState).string(0)).toEqual(one.states.at(-1)!.string(0));
    }
  });

  it('certifies what was cut', () => {
    const { levels, discarded } = measurementTree(steps('coherent', 4), lengths, { minProbability: 0.05 });
    const kept = levels.at(-1)!.reduce((sum, { probability }) => sum + probability, 0);
    expect(discarded).toBeGreaterThan(0.01);
    expectClose(kept + discarded, 1, 1e-14);
    expect(levels.at(-1)!.every(({ probability }) => probability >= 0.05)).toBe(true);
  });

  it('keeps the coherence between lengths by outcome, not by history', () => {
    for (const [kind, coherent] of [
      ['outcome', true],
      ['coherent', true],
      ['history', false],
    ] as const) {
      const { levels } = measurementTree(steps(kind, 1), lengths);
      const { basis, matrix } = toMatrixState(levels[1]![0]!.state);
      const size = Math.abs(matrix.at(basis.placeOf([0]), basis.placeOf([0, 0])).re);
      expect(size > 0.01).toBe(coherent);
    }
  });

  it('refuses bad arguments', () => {
    expect(() => measurementTree(steps('outcome', 2), start, { cutoff: 3 })).toThrow(CutoffError);
    expect(() => measurementTree([], quantum.sectorPart(start, 1))).toThrow('must have trace 1');
    expect(() => measurementTree([], start, { minProbability: NaN })).toThrow('minProbability must lie');
  });
});

eachBackend('the decoherence functional', (backend) => {
  const tokens = [0, 1].map((y) => ({
    label: y,
    operator: quantum.projectorOnto(2, (string) => string.at(-1) === y),
  }));
  const signs = ['+', '−'].map((label, k) => {
    const sign = k === 0 ? 0.5 : -0.5;
    return {
      label,
      operator: lastSiteOperator(
        2,
        Matrix.fromRows([
          [0.5, sign],
          [sign, 0.5],
        ]),
      ),
    };
  });

  it.each(['coherent', 'outcome', 'history'] as const)('of tokens is diagonal with the law of the tree: %s', (kind) => {
    const mixture = DiagonalState.ofMixture(2, [
      { tokens: [0, 1], weight: 0.5 },
      { tokens: [1], weight: 0.5 },
    ]);
    for (const state of [mixture, lengths]) {
      const steps = [1, 2].map(() => ({ channel: stepChannel(kind, echo), alternatives: tokens }));
      const found = decoherenceFunctional(backend, steps, state);
      expect(found.largestOffDiagonal).toBe(0);
      expectClose(found.residual, 0, 1e-15);
      const measured = [1, 2].map(() => ({ channel: stepChannel(kind, echo), instrument: lastSiteMeasurement(2) }));
      for (const { outcomes, probability } of measurementTree(measured, state).levels[2]!) {
        const history = found.histories.findIndex((labels) => labels.join() === outcomes.join());
        expectClose(found.probabilities[history]!, probability, 1e-15);
      }
    }
  });

  it.each(['coherent', 'outcome'] as const)('of signs and then tokens interferes: ±(a − b)/4 by %s', (kind) => {
    const a = 0.8;
    const start = DiagonalState.ofText(2, [0]);
    const steps = [
      { channel: stepChannel('coherent', fixed(a)), alternatives: signs },
      { channel: stepChannel(kind, copy), alternatives: tokens },
    ];
    const { histories, matrix, residual, largestInterference } = decoherenceFunctional(backend, steps, start);
    expect(histories.map((labels) => labels.join(''))).toEqual(['+0', '+1', '−0', '−1']);
    const interference = (a - (1 - a)) / 4;
    expectClose(matrix.at(0, 2).re, interference, 1e-15);
    expectClose(matrix.at(1, 3).re, -interference, 1e-15);
    expectClose(matrix.at(0, 0).re, (1 + 2 * Math.sqrt(a * (1 - a))) / 4, 1e-15);
    expectClose(largestInterference, interference, 1e-15);
    expectClose(residual, 0, 1e-15);
  });

  it('sees interference only where the environment learns nothing', () => {
    for (const [kind, plus] of [
      ['coherent', 0.5 + Math.sqrt(0.8 * 0.2)],
      ['outcome', 0.5],
      ['history', 0.5],
    ] as const) {
      const steps = [{ channel: stepChannel(kind, fixed(0.8)), alternatives: signs }];
      const { probabilities } = decoherenceFunctional(backend, steps, DiagonalState.ofText(2, [0]));
      expectClose(probabilities[0]!, plus, 1e-15);
      expectClose(probabilities[1]!, 1 - plus, 1e-15);
    }
  });

  it('is refused where it cannot be had', () => {
    const step = { channel: stepChannel('coherent', echo), alternatives: tokens };
    expect(() => decoherenceFunctional(backend, Array(30).fill(step), lengths)).toThrow(CapacityError);
    expect(() => decoherenceFunctional(backend, [{ ...step, alternatives: [] }], lengths)).toThrow(
      'must have an alternative',
    );
  });
});
