import { describe, expect, it } from 'vitest';
import description from '../../examples/chen-two-blocks.json' with { type: 'json' };
import { type BlockLaw, CutoffError, modelOfDescription, quantum } from '../../src/fock/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose } from '../support/numbers.ts';

const {
  applyChannel,
  certifyStep,
  cutInformation,
  dephase,
  entropy,
  extensionWitness,
  FactoredState,
  lastSiteDephasing,
  lastSiteMeasurement,
  measure,
  measurementTree,
  StringBasis,
  stepChannel,
  toMatrixState,
  traceDistance,
} = quantum;

const TEXT = [0, 1, 0];
const EXTENSIONS = ['history', 'outcome', 'position'] as const;

/** −Σ p ln p */
const shannon = (p: readonly number[]) => p.reduce((sum, x) => (x > 0 ? sum - x * Math.log(x) : sum), 0);

/** First-token and joint laws of the worked example with s = e^scale: tests/analytic/chen-example.test.ts derives them. */
function closedForms(s: number) {
  return {
    first: [2 / (s + 2), s / (s + 2)] as const,
    joint: [
      [2 / ((s + 2) * (3 * s + 1)), (6 * s) / ((s + 2) * (3 * s + 1))],
      [(s * s) / ((s + 2) * (s + 1)), s / ((s + 2) * (s + 1))],
    ] as const,
  };
}

describe.each([
  { scale: 'none', s: Math.E },
  { scale: 'inverse-sqrt-d', s: Math.exp(Math.SQRT1_2) },
])('the worked example with scale $scale', ({ scale, s }) => {
  const [one, two] = modelOfDescription({ ...description, scale }).laws as [BlockLaw, BlockLaw];
  const { first, joint } = closedForms(s);
  const text = FactoredState.pure(2, [{ text: TEXT, amplitude: 1 }]);

  /** Checks that a state is Σ p(y)|text y⟩⟨text y| to 1e-14, off the diagonal too. */
  function expectDiagonal(state: quantum.QuantumState, law: ReadonlyMap<string, number>): void {
    const { basis, matrix } = toMatrixState(state);
    expect(basis.size).toBe(law.size);
    for (const [i, string] of basis.strings.entries()) {
      for (let j = 0; j < basis.size; j++) {
        expectClose(matrix.at(i, j).re, i === j ? law.get(string.join(''))! : 0, 1e-14);
        expectClose(matrix.at(i, j).im, 0, 1e-14);
      }
    }
  }
  const afterOne = new Map(first.map((p, y) => [`010${y}`, p]));
  const afterTwo = new Map(joint.flatMap((row, y1) => row.map((p, y2) => [`010${y1}${y2}`, p] as const)));

  it.each(EXTENSIONS)('has by %s the states ρ(t_1) and ρ(t_2)', (kind) => {
    const rho1 = applyChannel(stepChannel(kind, one), text, { cutoff: 6 });
    const rho2 = applyChannel(stepChannel(kind, two), rho1, { cutoff: 6 });
    expectDiagonal(rho1, afterOne);
    expectDiagonal(rho2, afterTwo);
  });

  it.each(EXTENSIONS)('has by %s every reduced state, in sequence', (kind) => {
    for (const branch of measure(lastSiteMeasurement(2, 4), applyChannel(stepChannel(kind, one), text))) {
      const y1 = branch.label as 0 | 1;
      expectClose(branch.probability, first[y1], 1e-14);
      expectDiagonal(branch.state, new Map([[`010${y1}`, 1]]));
      const rho2 = applyChannel(stepChannel(kind, two), branch.state);
      expectDiagonal(rho2, new Map(joint[y1].map((p, y2) => [`010${y1}${y2}`, p / first[y1]])));
      for (const last of measure(lastSiteMeasurement(2, 5), rho2)) {
        expectClose(last.probability, joint[y1][last.label as 0 | 1] / first[y1], 1e-14);
        expectDiagonal(last.state, new Map([[`010${y1}${last.label}`, 1]]));
      }
    }
  });

  it('has the joint law as a tree, from a pure state by the coherent step too', () => {
    for (const kind of [...EXTENSIONS, 'coherent'] as const) {
      const steps = [one, two].map((law) => ({ channel: stepChannel(kind, law), instrument: lastSiteMeasurement(2) }));
      const { levels, discarded } = measurementTree(steps, text, { cutoff: 6 });
      expect(levels.map((level) => level.length)).toEqual([1, 2, 4]);
      expect(discarded).toBe(0);
      for (const { outcomes, probability } of levels[2]!)
        expectClose(probability, joint[outcomes[0] as 0 | 1][outcomes[1] as 0 | 1], 1e-14);
      expect(() => measurementTree(steps, text, { cutoff: 4 })).toThrow(CutoffError);
    }
  });

  it('has amplitudes √P after coherent steps, the last site being the state vector √p of QLens', () => {
    const psi1 = applyChannel(stepChannel('coherent', one), text) as quantum.FactoredState;
    const psi2 = applyChannel(stepChannel('coherent', two), psi1) as quantum.FactoredState;
    for (const y1 of [0, 1] as const) {
      expectClose(psi1.amplitude([...TEXT, y1]).re, Math.sqrt(first[y1]), 1e-14);
      for (const y2 of [0, 1] as const)
        expectClose(psi2.amplitude([...TEXT, y1, y2]).re, Math.sqrt(joint[y1][y2]), 1e-14);
    }
    expectDiagonal(dephase(psi2), afterTwo);
  });

  eachBackend('with linear algebra', (backend) => {
    it('has the Schmidt values and the informations of the 2×2 matrix √P', () => {
      const psi1 = applyChannel(stepChannel('coherent', one), text);
      const psi2 = applyChannel(stepChannel('coherent', two), psi1);
      const { schmidt, entanglement, classical } = cutInformation(backend, psi2, [4]);
      const determinant = Math.sqrt(joint[0][0] * joint[1][1]) - Math.sqrt(joint[0][1] * joint[1][0]);
      const root = Math.sqrt(1 - 4 * determinant ** 2);
      const squares = [(1 + root) / 2, (1 - root) / 2];
      for (const k of [0, 1]) expectClose(schmidt[k]! ** 2, squares[k]!, 1e-14);
      expectClose(entanglement, shannon(squares), 1e-14);
      const lasts = [0, 1].map((y) => joint[0][y]! + joint[1][y]!);
      expectClose(classical, shannon([...first]) + shannon(lasts) - shannon(joint.flat()), 1e-14);
      expect(classical < entanglement).toBe(true);
      expectClose(entropy(backend, psi2), 0, 1e-14);
    });

    it('has certified extensions, which differ on a superposition', () => {
      const basis = StringBasis.sectors(2, 0, 3);
      for (const kind of [...EXTENSIONS, 'coherent'] as const) {
        const certificate = certifyStep(backend, kind, one, basis);
        expect(certificate.inputs).toBe(15);
        expectClose(certificate.krausResidual, 0, 1e-15);
        expectClose(certificate.krausDisagreement, 0, 1e-15);
        expect(certificate.krausRank).toBe({ history: 23, outcome: 2, position: 7, coherent: 1 }[kind]);
        expect(certificate.choiSmallest <= 0 && certificate.choiSmallest > -1e-14).toBe(true);
        expectClose(certificate.traceResidual, 0, 1e-15);
        expectClose(certificate.traceExcess, 0, 1e-14);
        expectClose(certificate.hermiticityResidual, 0, 1e-15);
      }
      // |h⟩⟨h′| goes to Σ_y √(p p′)|h y⟩⟨h′ y| by outcome and to 0 by history, so T = ½ Σ_y √(p p′) on (|h⟩ + |h′⟩)/√2.
      const pair = new StringBasis(2, [
        [0, 1, 0],
        [1, 1, 0],
      ]);
      const { distance } = extensionWitness(backend, stepChannel('outcome', one), stepChannel('history', one), pair);
      const other = [1 / (1 + 2 * s), (2 * s) / (1 + 2 * s)];
      expectClose(distance, (Math.sqrt(first[0] * other[0]!) + Math.sqrt(first[1] * other[1]!)) / 2, 1e-14);
    });

    it('gives outcome, and no other extension, when the last site of the coherent step is dephased', () => {
      const psi = FactoredState.pure(2, [
        { text: [], amplitude: 0.5 },
        { text: [0], amplitude: [0, 0.5] },
        { text: [1, 0], amplitude: [-0.3, 0.4] },
        { text: TEXT, amplitude: -0.5 },
      ]);
      const dephased = applyChannel(lastSiteDephasing(2), applyChannel(stepChannel('coherent', one), psi));
      const composed = quantum.composeChannels(lastSiteDephasing(2), stepChannel('coherent', one));
      const distance = (kind: quantum.StepKind) =>
        traceDistance(backend, dephased, applyChannel(stepChannel(kind, one), psi));
      expectClose(distance('outcome'), 0, 1e-15);
      expectClose(traceDistance(backend, dephased, applyChannel(composed, psi)), 0, 1e-15);
      for (const kind of ['history', 'position', 'coherent'] as const) expect(distance(kind)).toBeGreaterThan(0.1);
    });
  });
});

describe('mixtures of texts and lengths', () => {
  const [one] = modelOfDescription(description).laws as [BlockLaw];
  const start = quantum.mixStates([
    { state: dephase(FactoredState.pure(2, [{ text: [], amplitude: 1 }])), weight: 0.25 },
    { state: dephase(FactoredState.pure(2, [{ text: [1], amplitude: 1 }])), weight: 0.25 },
    { state: dephase(FactoredState.pure(2, [{ text: TEXT, amplitude: 1 }])), weight: 0.5 },
  ]);

  it('go the same way by all three extensions', () => {
    const images = EXTENSIONS.map((kind) => dephase(applyChannel(stepChannel(kind, one), start)));
    const weights = images.map(
      (image) => new Map(Array.from(image.weight, (weight, i) => [image.string(i).join(''), weight])),
    );
    const [e, half] = [Math.E, 0.5];
    const expected = { '0': 0.25, '11': 0.25, '0100': (half * 2) / (e + 2), '0101': (half * e) / (e + 2) };
    for (const image of weights) {
      expect([...image.keys()].sort()).toEqual(Object.keys(expected).sort());
      for (const [string, weight] of Object.entries(expected)) expectClose(image.get(string)!, weight, 1e-15);
    }
  });

  it('are measured at the last site of whatever sector is occupied', () => {
    const branches = measure(lastSiteMeasurement(2), start);
    expect(branches.map(({ label, probability }) => [label, probability])).toEqual([
      ['◇', 0.25],
      [0, 0.5],
      [1, 0.25],
    ]);
    const inSector = measure(lastSiteMeasurement(2, 3), start);
    expect(inSector.map(({ label, probability }) => [label, probability])).toEqual([
      ['◇', 0.5],
      [0, 0.5],
    ]);
  });

  it('give the law by position when the environment of position is read', () => {
    const text = FactoredState.pure(2, [{ text: TEXT, amplitude: 1 }]);
    const instrument = quantum.environmentInstrument(stepChannel('position', one), text.basis);
    const found = measure(instrument, text).map(({ probability }) => probability);
    const law = one.positionProbabilities(TEXT);
    expect(found).toHaveLength(3);
    for (const [i, p] of found.entries()) expectClose(p, law[i]!, 1e-15);
  });
});
