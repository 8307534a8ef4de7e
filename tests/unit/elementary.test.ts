import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { firstQuadrantAngle } from '../../src/backend/ts/math/atan.ts';
import { normalCdf } from '../../src/backend/ts/math/erf.ts';
import { eachBackend } from '../support/backends.ts';
import { exactErf, exactExp, exactLog, exactSinCos, exactTanh, fixed, toNumber, ulpError } from '../support/exact.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

type MapName = 'mapExp' | 'mapLog' | 'mapSin' | 'mapCos' | 'mapErf' | 'mapTanh';

function map({ memory, kernels }: Backend, name: MapName, values: ArrayLike<number>): Float64Array {
  return memory.scope(() => {
    const block = memory.allocate('f64', values.length);
    block.view().set(values);
    kernels[name](block, block, values.length);
    return block.view().slice();
  });
}

/** Largest |error| in ulps over the values. */
function worst(values: Float64Array, computed: Float64Array, exact: (x: bigint) => bigint): number {
  return Math.max(...values.map((x, i) => Math.abs(ulpError(computed[i]!, exact(fixed(x))))));
}

eachBackend('elementary functions', (backend) => {
  it('exp is within 1 ulp', () => {
    const values = Float64Array.from([
      ...testNumbers(400, 1),
      ...testNumbers(400, 2).map((v) => 40 * v),
      0,
      1,
      -1,
      1e-10,
    ]);
    expect(worst(values, map(backend, 'mapExp', values), exactExp)).toBeLessThan(1);
  });

  it('exp at the edges of its range', () => {
    const values = [
      709.782712893384,
      709.7827128933842,
      1e9,
      Infinity,
      -745.1332191019411,
      -745.1332191019413,
      -1e9,
      -Infinity,
      -740,
      0,
    ];
    const [top, over, , , bottom, under, , , subnormal, one] = map(backend, 'mapExp', values);
    expectClose(top! / 1.797693134862273e308, 1, 1e-12);
    expect([over, bottom, under, one]).toEqual([Infinity, 5e-324, 0, 1]);
    expect(subnormal).toBe(85 * 5e-324);
    expect(map(backend, 'mapExp', [1e9, Infinity, -1e9, -Infinity])).toEqual(Float64Array.of(Infinity, Infinity, 0, 0));
    expect(map(backend, 'mapExp', [NaN, NaN, NaN])).toEqual(Float64Array.of(NaN, NaN, NaN));
  });

  it('log is within 1 ulp', () => {
    const values = Float64Array.from([
      ...testNumbers(400, 3).map((v) => 1 + 0.5 * v),
      ...testNumbers(400, 4).map((v) => 2 ** (50 * v)),
      2,
      0.5,
      1 + 2e-16,
      1 - 1e-16,
    ]);
    expect(worst(values, map(backend, 'mapLog', values), exactLog)).toBeLessThan(1);
    expect(map(backend, 'mapLog', [1, 0, Infinity, -1, NaN])).toEqual(
      Float64Array.of(0, -Infinity, Infinity, NaN, NaN),
    );
    expectClose(map(backend, 'mapLog', [5e-324])[0]!, -744.4400719213812, 1e-12);
  });

  it('sin and cos are within 2.3e-16', () => {
    const values = Float64Array.from([
      ...testNumbers(300, 5).map((v) => 10 * v),
      ...testNumbers(300, 6).map((v) => 1e6 * v),
      0,
      Math.PI,
      Math.PI / 2,
      1e6,
    ]);
    const [sines, cosines] = [map(backend, 'mapSin', values), map(backend, 'mapCos', values)];
    values.forEach((x, i) => {
      const [sine, cosine] = exactSinCos(fixed(x));
      expectClose(toNumber(sine - fixed(sines[i]!)), 0, 2.3e-16, `sin ${x}`);
      expectClose(toNumber(cosine - fixed(cosines[i]!)), 0, 2.3e-16, `cos ${x}`);
    });
  });

  it('tanh is within 2 ulp, odd, and reaches ±1', () => {
    const values = Float64Array.from([
      ...testNumbers(300, 12),
      ...testNumbers(300, 13).map((v) => 15 * v),
      ...[0.625, -0.625, 0.6249999999999999, 1e-8],
    ]);
    const computed = map(backend, 'mapTanh', values);
    expect(worst(values, computed, exactTanh)).toBeLessThan(2);
    expect(
      map(
        backend,
        'mapTanh',
        values.map((x) => -x),
      ),
    ).toEqual(computed.map((y) => -y));
    expect(map(backend, 'mapTanh', [0, 20, -20, 1e9, -Infinity, NaN])).toEqual(Float64Array.of(0, 1, -1, 1, -1, NaN));
  });

  it('erf has a relative error below 1e-15', () => {
    const values = Float64Array.from([...testNumbers(200, 7).map((v) => 5 * v), 1e-9, 2, -2, 1.9999999999999998]);
    const computed = map(backend, 'mapErf', values);
    values.forEach((x, i) => {
      const exact = exactErf(fixed(x));
      expectClose(toNumber(exact - fixed(computed[i]!)) / toNumber(exact), 0, 1e-15, `erf ${x}`);
    });
  });
});

it('the normal distribution function is within 1e-15 and keeps small tails', () => {
  for (const z of [...testNumbers(100, 8).map((v) => 6 * v), 0, 3, -3]) {
    const exact = (fixed(1) + exactErf(fixed(z * Math.SQRT1_2))) / 2n;
    expectClose(normalCdf(z), toNumber(exact), 1e-15, `Φ(${z})`);
  }
  expectClose(normalCdf(-10) / 7.619853024160527e-24, 1, 1e-13);
});

it('the angle of a point has a relative error below 4e-16', () => {
  for (const [i, u] of testNumbers(300, 9).entries()) {
    const [y, x] = i % 2 === 0 ? [Math.abs(u), 1] : [1, Math.abs(u)];
    // sin(θ)·x − cos(θ)·y = r·sin(θ − exact): the error of θ itself, to first order.
    const theta = firstQuadrantAngle(y, x);
    const [sine, cosine] = exactSinCos(fixed(theta));
    const residual = toNumber((sine * fixed(x) - cosine * fixed(y)) >> 256n) / Math.hypot(x, y);
    expectClose(residual / theta, 0, 4e-16, `angle of (${x}, ${y})`);
  }
  expect([firstQuadrantAngle(0, 1), firstQuadrantAngle(0, 0), firstQuadrantAngle(1e-300, 1)]).toEqual([0, 0, 1e-300]);
  expectClose(firstQuadrantAngle(1, 0), Math.PI / 2, 0);
  expectClose(firstQuadrantAngle(1, 1), Math.PI / 4, 0);
});
