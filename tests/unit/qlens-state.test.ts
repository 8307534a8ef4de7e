import { describe, expect, it } from 'vitest';
import { DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { bornProbabilities, checkedLaw, samplingMoments, stateFromLaw } from '../../src/qlens/index.ts';
import { expectClose, maxError } from '../support/numbers.ts';

describe('stateFromLaw', () => {
  it('takes square roots', () => {
    expect(maxError(stateFromLaw([0.36, 0.64]), [0.6, 0.8])).toBeLessThanOrEqual(1e-15);
    expect([...stateFromLaw([0, 1, 0])]).toEqual([0, 1, 0]);
  });

  it('renormalises within the tolerance, in f64', () => {
    const law = Float32Array.of(0.1, 0.2, 0.7);
    const psi = stateFromLaw(law);
    expectClose(
      psi.reduce((sum, x) => sum + x * x, 0),
      1,
      2e-16,
    );
    expectClose(
      checkedLaw([0.5, 0.5000009]).reduce((sum, x) => sum + x, 0),
      1,
      2e-16,
    );
  });

  it('refuses what is no law, and names it', () => {
    expect(() => stateFromLaw([0.5, 0.6], { name: 'row 3' })).toThrow(
      /^checkedLaw: row 3 must sum to 1 within 0.000001, but it sums to 1.1/,
    );
    expect(() => stateFromLaw([1.5, -0.5], { name: 'row 3' })).toThrow(
      'checkedLaw: row 3 must be non-negative, but element 1 is -0.5.',
    );
    expect(() => stateFromLaw([1, Number.NaN], { name: 'row 3' })).toThrow(
      'checkedLaw: row 3 must be finite, but row 3[1] is NaN.',
    );
    expect(() => stateFromLaw([])).toThrow(ShapeError);
    expect(() => stateFromLaw([0.5, 0.500002])).toThrow(DomainError);
    expect(() => stateFromLaw([Infinity, 0])).toThrow(NonFiniteError);
  });

  it('loosens the sum on request, and a NaN tolerance accepts nothing', () => {
    expectClose(stateFromLaw([0.5, 0.501], { tolerance: 1e-2 })[0]! ** 2, 0.5 / 1.001, 1e-15);
    expect(() => stateFromLaw([0.5, 0.5], { tolerance: Number.NaN })).toThrow(DomainError);
  });
});

describe('bornProbabilities', () => {
  it('squares, and undoes stateFromLaw', () => {
    expect(maxError(bornProbabilities(stateFromLaw([0.1, 0.2, 0.7])), [0.1, 0.2, 0.7])).toBeLessThanOrEqual(2e-16);
  });

  it('refuses what is no state', () => {
    expect(() => bornProbabilities(Float64Array.of(1, 1))).toThrow(
      'bornProbabilities: psi must have ‖ψ‖² = 1 within 1e-10, but it is 2.',
    );
    expect(() => bornProbabilities(Float64Array.of(-1))).toThrow(DomainError);
    expect(() => bornProbabilities(new Float64Array(0))).toThrow(ShapeError);
  });
});

describe('samplingMoments', () => {
  it('a binomial law has mean np and variance np(1−p)', () => {
    const law = [1, 4, 6, 4, 1].map((c, k) => c * 0.3 ** k * 0.7 ** (4 - k));
    const { mean, variance } = samplingMoments(stateFromLaw(law), [0, 1, 2, 3, 4]);
    expectClose(mean, 1.2, 1e-14);
    expectClose(variance, 0.84, 1e-14);
  });

  it('numbers units from 1 unless told', () => {
    expect(samplingMoments(Float64Array.of(0, 0, 1))).toEqual({ mean: 3, variance: 0 });
    expectClose(samplingMoments(stateFromLaw([0.5, 0.5])).mean, 1.5, 1e-15);
  });

  it('does not cancel for large ids', () => {
    expectClose(samplingMoments(stateFromLaw([0.5, 0.5]), [1e9, 1e9 + 1]).variance, 0.25, 1e-12);
  });

  it('refuses ids of another length', () => {
    expect(() => samplingMoments(Float64Array.of(1), [1, 2])).toThrow(
      'samplingMoments: ids must have 1 elements, but it has 2.',
    );
  });
});
