import { Complex } from 'complex.js';
import { describe, expect, it } from 'vitest';
import { BackendError, CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { sublayerOperator } from '../../src/dyson/sublayer-operator.ts';
import {
  addOperators,
  adjointOperator,
  ComplexMatrix,
  composeOperators,
  declareStructure,
  diagonalOperator,
  identityOperator,
  type LinearOperator,
  lowRankOperator,
  Matrix,
  matrixOperator,
  multiply,
  operatorFromCallbacks,
  powerOperator,
  reflectionOperator,
  scaleOperator,
  shiftOperator,
  toMatrix,
} from '../../src/linalg/index.ts';
import { applyUnitary, householder, rotation, toLinearOperator } from '../../src/qlens/index.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend, tsBackend } from '../support/backends.ts';
import { adjoint, difference, frobenius, product, randomHermitian, randomMatrix } from '../support/dense-algebra.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

/** x ↦ 2x but for a slip of `error` in one element. */
const doubled = (error: number) => (x: Float64Array, y: Float64Array) => {
  for (let i = 0; i < x.length; i++) y[i] = 2 * x[i]!;
  y[1] = y[1]! + error * x[0]!;
};

describe('operators from callbacks', () => {
  const shape = { rows: 3, columns: 3, field: 'real' } as const;

  it('takes what is right', () => {
    const operator = operatorFromCallbacks({ ...shape, structure: 'hermitian', apply: doubled(0) });
    expect([...operator.apply(Float64Array.of(1, 2, 3))]).toEqual([2, 4, 6]);
    expect([...operator.applyAdjoint(Float64Array.of(1, 2, 3))]).toEqual([2, 4, 6]);
    expect([...operator.applyMany(Float64Array.of(1, 2, 3, 4, 5, 6), 2)]).toEqual([2, 4, 6, 8, 10, 12]);
    expect(operator.applyMany(new Float64Array(0), 0)).toHaveLength(0);
  });

  it('says by how much what is declared fails', () => {
    expect(() => operatorFromCallbacks({ ...shape, structure: 'hermitian', apply: doubled(1e-3) })).toThrow(
      /^operatorFromCallbacks: the operator must be Hermitian to 1e-10, but \|⟨Ax,y⟩−⟨x,Ay⟩\| is \d\.\de-[456] of /,
    );
    expect(() => operatorFromCallbacks({ ...shape, apply: doubled(0), applyAdjoint: doubled(1e-3) })).toThrow(
      /must be consistent with its adjoint to 1e-10, but .* is \d\.\de-[456] of/,
    );
    expect(() => operatorFromCallbacks({ ...shape, structure: 'unitary', apply: doubled(0) })).toThrow(
      'operatorFromCallbacks: the operator must be unitary to 1e-10, but |‖Ax‖−‖x‖| is 1.0e+0·‖x‖ for a random x. Correct it, or declare less.',
    );
    const swap = (x: Float64Array, y: Float64Array) => y.set([x[1]!, x[0]!, x[2]!]);
    expect(operatorFromCallbacks({ ...shape, structure: 'unitary', apply: swap }).isUnitary).toBe(true);
  });

  it('is as strict as it is told', () => {
    const loose = { tolerance: 1e-2 };
    expect(operatorFromCallbacks({ ...shape, structure: 'hermitian', apply: doubled(1e-3) }, loose).isHermitian).toBe(
      true,
    );
    expect(
      operatorFromCallbacks({ ...shape, structure: 'hermitian', apply: doubled(1) }, { vectors: 0 }),
    ).toBeDefined();
    expect(() => operatorFromCallbacks({ ...shape, apply: doubled(0) }, { tolerance: 0 })).toThrow(DomainError);
  });

  it('notices a wrong conjugation', () => {
    const turn = (sign: number) => (x: Float64Array, y: Float64Array) => y.set([-sign * x[1]!, sign * x[0]!]);
    const form = { rows: 1, columns: 1, field: 'complex', apply: turn(1) } as const;
    expect(operatorFromCallbacks({ ...form, applyAdjoint: turn(-1) }).hasAdjoint).toBe(true);
    expect(() => operatorFromCallbacks({ ...form, applyAdjoint: turn(1) })).toThrow(DomainError);
  });

  it('checks vectors', () => {
    const operator = operatorFromCallbacks({
      rows: 2,
      columns: 3,
      field: 'real',
      apply: (_x, y) => y.fill(Number.NaN),
    });
    expect(() => operator.apply(new Float64Array(2))).toThrow(
      new ShapeError('apply: x must have 3 elements, but it has 2.'),
    );
    expect(() => operator.apply(new Float64Array(3), new Float64Array(3))).toThrow(ShapeError);
    const shared = new Float64Array(5);
    expect(() => operator.apply(shared.subarray(0, 3), shared.subarray(2, 4))).toThrow(/must not overlap/);
    expect(() => operator.apply(Float64Array.of(0, Infinity, 0))).toThrow(
      new NonFiniteError('apply: x must be finite, but x[1] is Infinity.'),
    );
    expect(() => operator.apply(new Float64Array(3))).toThrow(
      new NonFiniteError('apply: y must be finite, but y[0] is NaN.'),
    );
    expect(() => operator.applyAdjoint(new Float64Array(2))).toThrow(/must have an adjoint, but none was given/);
    expect(() =>
      operatorFromCallbacks({ rows: 2, columns: 3, field: 'real', structure: 'unitary', apply: () => {} }),
    ).toThrow(ShapeError);
  });
});

describe('toMatrix', () => {
  it('refuses before it allocates, with the bytes', () => {
    const huge = identityOperator(1_000_000, 'complex');
    expect(() => toMatrix(huge)).toThrow(CapacityError);
    try {
      toMatrix(huge, { maxBytes: 10 });
    } catch (error) {
      expect((error as CapacityError).bytes).toBe(16e12);
    }
    expect(toMatrix(identityOperator(3), { maxBytes: 72 }).toRows()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('goes through more columns than it takes at once', () => {
    const d = testNumbers(150);
    const matrix = toMatrix(diagonalOperator(d)) as Matrix;
    for (let i = 0; i < 150; i++) expect(matrix.at(i, i)).toBe(d[i]);
    expectClose(frobenius(matrix), Math.hypot(...d), 1e-13);
  });
});

eachBackend('operators in a backend', (backend) => {
  it('gives the same bits one by one and many at a time, and its memory back', () => {
    const before = backend.memory.bytesInUse;
    for (const field of ['real', 'complex'] as const) {
      const a = randomMatrix(field, 7, 5, 1);
      const operator = matrixOperator(backend, a);
      expect(toMatrix(operator).data).toEqual(a.data);
      expect(backend.memory.bytesInUse).toBeGreaterThan(before);
      const width = operator.width;
      const x = randomMatrix(field, 7, 3, 2);
      const many = operator.applyAdjointMany(x.data, 3);
      for (let k = 0; k < 3; k++) {
        const one = Float64Array.from(
          { length: 7 * width },
          (_, i) => x.data[(Math.floor(i / width) * 3 + k) * width + (i % width)]!,
        );
        const y = operator.applyAdjoint(one);
        for (const [i, value] of y.entries())
          expect(many[(Math.floor(i / width) * 3 + k) * width + (i % width)]).toBe(value);
      }
      operator.release();
      operator.release();
      expect(() => operator.apply(new Float64Array(5 * width))).toThrow(BackendError);
    }
    expect(() => matrixOperator(backend, randomMatrix('real', 4, 4, 1), { structure: 'hermitian' })).toThrow(
      /^matrixOperator: the operator must be Hermitian/,
    );
    const hermitian = matrixOperator(backend, randomHermitian('complex', 4, 1), { structure: 'hermitian' });
    expect(hermitian.isHermitian).toBe(true);
    hermitian.release();
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it.each(['real', 'complex'] as const)('low rank and reflections are what they say, %s', (field) => {
    const [u, v] = [randomMatrix(field, 6, 2, 3), randomMatrix(field, 4, 2, 4)];
    const low = lowRankOperator(backend, u, v);
    expectClose(frobenius(difference(toMatrix(low), product(u, adjoint(v)))), 0, 1e-14);
    expectClose(frobenius(difference(toMatrix(adjointOperator(low)), product(v, adjoint(u)))), 0, 1e-14);
    low.release();
    const w = randomMatrix(field, 5, 1, 5);
    const mirror = reflectionOperator(w.data, field);
    const image = mirror.apply(w.data);
    expectClose(
      maxError(
        image,
        w.data.map((value) => -value),
      ),
      0,
      1e-15,
    );
    const square = toMatrix(powerOperator(mirror, 2));
    expectClose(frobenius(difference(square, toMatrix(identityOperator(5, field)))), 0, 1e-15);
    expect(declareStructure(mirror, 'hermitian-unitary').isUnitary).toBe(true);
  });

  it('QLens operators are orthogonal operators', () => {
    const unit = (seed: number) => {
      const x = testNumbers(20, seed).map(Math.abs);
      const length = Math.hypot(...x);
      return x.map((value) => value / length);
    };
    const before = backend.memory.bytesInUse;
    for (const make of [householder, rotation]) {
      const step = make(backend, unit(1), unit(2));
      const operator = toLinearOperator(backend, step);
      const x = testNumbers(20, 3);
      expect(operator.apply(x)).toEqual(applyUnitary(backend, step, x));
      expect(operator.applyAdjoint(x)).toEqual(applyUnitary(backend, step, x, { adjoint: true }));
      expect(declareStructure(operator, make === householder ? 'hermitian-unitary' : 'unitary')).toBeDefined();
      operator.release();
    }
    expect(toLinearOperator(backend, householder(backend, unit(1), unit(1))).isUnitary).toBe(true);
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it('frozen sublayers are operators', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2' }), { backend });
    const trace = traceForward(model, [1, 2, 3], { precision: 'f64', keep: frozenActivations(model.config) });
    const frozen = new FrozenOperators(model, trace);
    const n = 3 * model.config.D;
    const operator = sublayerOperator(frozen, 1);
    const [x, expected] = [backend.memory.allocate('f64', n), backend.memory.allocate('f64', n)];
    x.view().set(testNumbers(n));
    frozen.apply(1, x, expected, 1);
    expect(operator.apply(testNumbers(n))).toEqual(expected.view().slice());
    expect(operator.hasAdjoint).toBe(true);
    expect(() => sublayerOperator(frozen, frozen.S)).toThrow(DomainError);
    backend.memory.release(x);
    backend.memory.release(expected);
    frozen.release();
    model.release();
  });
});

describe('combinations refuse what does not fit', () => {
  const square = identityOperator(3);
  const wide = operatorFromCallbacks({ rows: 2, columns: 3, field: 'real', apply: (x, y) => y.set([x[0]!, x[1]!]) });
  const complex = identityOperator(3, 'complex');

  it.each<[string, () => LinearOperator, typeof DomainError | typeof ShapeError, RegExp]>([
    ['none', () => composeOperators(), DomainError, /must name at least one/],
    ['none', () => addOperators(), DomainError, /must name at least one/],
    [
      'shapes',
      () => composeOperators(wide, wide),
      ShapeError,
      /operator 1 must have 3 rows like operator 0 columns, but it has 2/,
    ],
    ['shapes', () => addOperators(square, wide), ShapeError, /operator 1 must be 3×3/],
    ['fields', () => composeOperators(square, complex), DomainError, /operator 1 must be real/],
    ['fields', () => addOperators(complex, square), DomainError, /operator 1 must be complex/],
    ['a complex factor', () => scaleOperator(square, new Complex(0, 1)), DomainError, /factor must be real like a/],
    ['no adjoint', () => adjointOperator(wide), DomainError, /must have an adjoint/],
    ['not square', () => shiftOperator(wide, 1), ShapeError, /must be square/],
    ['not square', () => powerOperator(wide, 2), ShapeError, /must be square/],
    ['a power', () => powerOperator(square, -1), DomainError, /exponent must be an integer of at least 0/],
  ])('%s', (_what, make, kind, message) => {
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });

  it('a factor that is not finite', () => {
    expect(() => scaleOperator(square, Number.NaN)).toThrow(NonFiniteError);
    expect(() => diagonalOperator(Float64Array.of(1, Number.NaN))).toThrow(NonFiniteError);
    expect(() => diagonalOperator(Float64Array.of(1), 'complex')).toThrow(ShapeError);
    expect(() => reflectionOperator(new Float64Array(2))).toThrow(DomainError);
    expect(() => lowRankOperator(tsBackend, new Matrix(2, 1), new Matrix(2, 2))).toThrow(ShapeError);
    expect(() => lowRankOperator(tsBackend, new Matrix(2, 1), new ComplexMatrix(2, 1))).toThrow(DomainError);
  });

  it('structure follows from that of the parts', () => {
    const d = diagonalOperator(Float64Array.of(1, 2, 3));
    const mirror = reflectionOperator(Float64Array.of(1, 1, 0));
    expect(composeOperators(mirror, square).structure).toBe('unitary');
    expect(composeOperators(mirror, d).structure).toBe('general');
    expect(addOperators(mirror, d).structure).toBe('hermitian');
    expect(scaleOperator(mirror, -1).structure).toBe('hermitian-unitary');
    expect(scaleOperator(mirror, 2).structure).toBe('hermitian');
    expect(shiftOperator(mirror, 2).structure).toBe('hermitian');
    expect(shiftOperator(complex, new Complex(0, 1)).structure).toBe('general');
    expect(powerOperator(mirror, 3).structure).toBe('hermitian-unitary');
    expect(adjointOperator(d).structure).toBe('hermitian');
  });
});

it('a product of matrices is the matrix of the composition', () => {
  const [a, b] = [randomMatrix('real', 4, 3, 1) as Matrix, randomMatrix('real', 3, 5, 2) as Matrix];
  const parts = [matrixOperator(tsBackend, a), matrixOperator(tsBackend, b)];
  expect(toMatrix(composeOperators(...parts)).data).toEqual(multiply(tsBackend, a, b).data);
  for (const part of parts) part.release();
});
