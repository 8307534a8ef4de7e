import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { RealBlock } from '../../src/backend/memory.ts';
import { firstQuadrantAngle } from '../../src/math/atan.ts';
import { normalCdf } from '../../src/math/erf.ts';
import { eachBackend } from '../support/backends.ts';
import { exactErf, exactExp, exactLog, exactSinCos, exactTanh, fixed, toNumber, ulpError } from '../support/exact.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

type MapName = 'mapExp' | 'mapLog' | 'mapSin' | 'mapCos' | 'mapErf' | 'mapTanh';

function map({ memory, kernels }: Backend, name: MapName, values: ArrayLike<number>): Float64Array {
  return memory.scope(() => {
    const block = memory.allocate('f64', values.length);
    block.view().set(values);
    kernels[name]({ src: block, dst: block, n: values.length });
    return block.view().slice();
  });
}

/** The exponentials of numbers of f32. */
function mapF32({ memory, kernels }: Backend, values: Float32Array): Float32Array {
  return memory.scope(() => {
    const block = memory.allocate('f32', values.length);
    block.view().set(values);
    kernels.mapExp({ src: block, dst: block, n: values.length });
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

  it('erf is within 2 ulp, odd, and reaches ±1', () => {
    const values = Float64Array.from([
      ...testNumbers(200, 7).map((v) => 5 * v),
      ...testNumbers(200, 14).map((v) => 1 + 0.1 * v),
      ...[1e-9, 1, -1, 0.9999999999999999],
    ]);
    const computed = map(backend, 'mapErf', values);
    expect(worst(values, computed, exactErf)).toBeLessThan(2);
    const mirrored = values.map((x) => -x);
    expect(map(backend, 'mapErf', mirrored)).toEqual(computed.map((y) => -y));
    expect(map(backend, 'mapErf', [0, 6, -6, 1e9, -Infinity, NaN])).toEqual(Float64Array.of(0, 1, -1, 1, -1, NaN));
  });

  it('exp of f32 is within 1 ulp of f32', () => {
    const values = Float32Array.from([
      ...testNumbers(2000, 15).map((v) => 87 * v),
      ...testNumbers(1000, 16),
      ...[0, 88.72, -87, 1e-10],
    ]);
    mapF32(backend, values).forEach((y, i) => {
      const exact = toNumber(exactExp(fixed(values[i]!)));
      const ulp = 2 ** (Math.floor(Math.log2(exact)) - 23);
      expectClose((y - exact) / ulp, 0, 1, `exp ${values[i]}`);
    });
  });

  it.each(['silu', 'gelu_tanh'] as const)('the gate %s of f32 is within 4e-7 of that of f64', (activation) => {
    const values = Float32Array.from(testNumbers(2000, 17).map((v) => 12 * v));
    const gates = (kind: 'f32' | 'f64') =>
      backend.memory.scope(() => {
        const z = backend.memory.allocate<'f32' | 'f64'>(kind, values.length) as RealBlock;
        z.view().set(values);
        backend.kernels.gate({ z, r: z, n: values.length, activation });
        return Float64Array.from(z.view());
      });
    const exact = gates('f64');
    gates('f32').forEach((gate, i) => {
      expectClose(gate, exact[i]!, 4e-7, `gate of ${values[i]}`);
    });
  });

  it('exp of f32 at the edges of its range', () => {
    const values = Float32Array.of(88.72283172607422, 88.72283935546875, Infinity, -104, -Infinity, NaN, -100, 0);
    const [top, over, infinite, under, zero, nan, subnormal, one] = mapF32(backend, values);
    expectClose(top! / 3.4027985399e38, 1, 1e-6);
    expect([over, infinite, under, zero, nan, one]).toEqual([Infinity, Infinity, 0, 0, NaN, 1]);
    expect(subnormal).toBe(27 * 2 ** -149);
  });
});

it('the normal distribution function is within 1e-15 and keeps small tails', () => {
  for (const z of [...testNumbers(100, 8).map((v) => 6 * v), 0, 3, -3]) {
    const exact = (fixed(1) + exactErf(fixed(z * Math.SQRT1_2))) / 2n;
    expectClose(normalCdf(z), toNumber(exact), 1e-15, `Φ(${z})`);
  }
  for (const [z, exact] of [
    [-2, 0.02275013194817921],
    [-10, 7.619853024160525e-24],
    [-20, 2.7536241186062337e-89],
  ] as const)
    expectClose(normalCdf(z) / exact - 1, 0, (8 + 2 * z * z) * 2 ** -53, `Φ(${z})`);
  expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(NaN)]).toEqual([0, 1, NaN]);
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
