import { describe, expect, it } from 'vitest';
import { DomainError, NonFiniteError } from '../../src/core/errors.ts';
import { isStateDifference, locusBoundary } from '../../src/qlens/index.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

/** States on the octant of the sphere in V = 2 or 3, on a grid of angles. */
function states(V: 2 | 3, steps: number): number[][] {
  const angles = Array.from({ length: steps + 1 }, (_, i) => (i / steps) * (Math.PI / 2));
  if (V === 2) return angles.map((t) => [Math.cos(t), Math.sin(t)]);
  return angles.flatMap((t) => angles.map((f) => [Math.cos(t), Math.sin(t) * Math.cos(f), Math.sin(t) * Math.sin(f)]));
}

/** Smallest distance from Δ to any b − a of the grid: brute force, refined round the best pair. */
function distanceToDifferences(delta: ArrayLike<number>): number {
  const V = delta.length;
  const toState = (angles: number[]): number[] =>
    V === 2
      ? [Math.cos(angles[0]!), Math.sin(angles[0]!)]
      : [
          Math.cos(angles[0]!),
          Math.sin(angles[0]!) * Math.cos(angles[1]!),
          Math.sin(angles[0]!) * Math.sin(angles[1]!),
        ];
  const count = V === 2 ? 2 : 4;
  let centre = new Array<number>(count).fill(Math.PI / 4);
  let [width, best] = [Math.PI / 4, Infinity];
  const steps = V === 2 ? 40 : 8;
  for (let round = 0; round < 40; round++) {
    let next = centre;
    const visit = (angles: number[]): void => {
      if (angles.length < count) {
        for (let i = 0; i <= steps; i++) {
          const angle = centre[angles.length]! + width * ((2 * i) / steps - 1);
          visit([...angles, Math.min(Math.PI / 2, Math.max(0, angle))]);
        }
        return;
      }
      const [a, b] = [toState(angles.slice(0, count / 2)), toState(angles.slice(count / 2))];
      const miss = Math.hypot(...a.map((x, i) => b[i]! - x - delta[i]!));
      if (miss < best) [best, next] = [miss, angles];
    };
    visit([]);
    [centre, width] = [next, width * 0.6];
    if (best < 1e-4) break;
  }
  return best;
}

/** Smallest ‖(b − a) − Δ‖ that projections between the two spheres' non-negative parts reach, from several starts. */
function nearestPair(delta: Float64Array): number {
  const projected = (x: Float64Array): Float64Array => {
    const positive = x.map((y) => Math.max(0, y));
    const norm = Math.sqrt(positive.reduce((sum, y) => sum + y * y, 0));
    return norm > 0 ? positive.map((y) => y / norm) : positive.fill(1 / Math.sqrt(x.length));
  };
  let best = Infinity;
  for (let start = 0; start < 4 && best > 1e-5; start++) {
    let a = projected(testNumbers(delta.length, 31 * start + 5).map((y, i) => y * (start / 3) - delta[i]!));
    for (let round = 0; round < 600; round++) {
      const b = projected(a.map((y, i) => y + delta[i]!));
      a = projected(b.map((y, i) => y - delta[i]!));
      let square = 0;
      for (let i = 0; i < a.length; i++) square += (b[i]! - a[i]! - delta[i]!) ** 2;
      best = Math.min(best, Math.sqrt(square));
      if (best < 1e-5) break;
    }
  }
  return best;
}

describe('isStateDifference', () => {
  it.each([
    [2, 60],
    [3, 8],
  ] as const)('accepts every difference of two states, V = %i', (V, steps) => {
    const all = states(V, steps);
    for (const a of all) for (const b of all) expect(isStateDifference(b.map((x, i) => x - a[i]!))).toBe(true);
  });

  it.each([2, 3])('tells differences from others as a search over all pairs does, V = %i', (V) => {
    let [inside, outside] = [0, 0];
    for (let seed = 1; inside < 8 || outside < 8; seed++) {
      const delta = testNumbers(V, seed);
      // Points next to the boundary belong to the closed forms below.
      const near = isStateDifference(delta.map((x) => 1.05 * x)) !== isStateDifference(delta.map((x) => 0.95 * x));
      if (near) continue;
      const belongs = isStateDifference(delta);
      if (belongs ? inside++ >= 12 : outside++ >= 12) continue;
      const miss = distanceToDifferences(delta);
      expect(belongs ? miss < 1e-3 : miss > 5e-3, `Δ = ${delta.join(', ')}: ${belongs}, missed by ${miss}`).toBe(true);
    }
  });

  it.each([2, 3, 5, 10, 20, 50])('finds the pair that makes it wherever alternating projections do, V = %i', (V) => {
    let [inside, outside] = [0, 0];
    for (let seed = 1; inside < 6 || outside < 6; seed++) {
      const noise = testNumbers(2 * V, 7919 * seed);
      const size = 2 * Math.abs(noise[V]!) + 0.05;
      const norm = Math.hypot(...noise.subarray(0, V));
      const delta = noise.subarray(0, V).map((x, i) => (x + 0.6 * noise[V + 1]! * Math.abs(noise[i]!)) * (size / norm));
      // Points next to the boundary converge too slowly to tell.
      if (isStateDifference(delta.map((x) => 1.1 * x)) !== isStateDifference(delta.map((x) => 0.9 * x))) continue;
      const belongs = isStateDifference(delta);
      if (belongs ? inside++ >= 6 : outside++ >= 6) continue;
      const miss = nearestPair(delta);
      expect(belongs ? miss < 1e-4 : miss > 1e-3, `V = ${V}, seed ${seed}: ${belongs}, missed by ${miss}`).toBe(true);
    }
  });

  it.each([2, 3, 5, 10, 20, 50])('accepts differences of random states, sparse ones too, V = %i', (V) => {
    for (let seed = 1; seed <= 200; seed++) {
      const [a, b] = [0, 1].map((k) => {
        const x = testNumbers(V, 2 * seed + k).map((y) => Math.max(0, seed % 2 === 0 ? y : Math.abs(y)));
        x[(seed + k) % V]! += 1e-3;
        const norm = Math.sqrt(x.reduce((sum, y) => sum + y * y, 0));
        return x.map((y) => y / norm);
      });
      expect(isStateDifference(b!.map((y, i) => y - a![i]!))).toBe(true);
    }
  });

  it('holds its boundary: one-hot differences, and just beyond', () => {
    expect(isStateDifference([-1, 1])).toBe(true);
    expect(isStateDifference([0, -1, 0, 1])).toBe(true);
    expect(isStateDifference([-1.0001, 1.0001])).toBe(false);
    expect(isStateDifference([0, 0, 0])).toBe(true);
    expect(isStateDifference([1e-3, 1e-3])).toBe(false);
    expect(isStateDifference([0, -1e-5])).toBe(false);
  });

  it('refuses NaN', () => {
    expect(() => isStateDifference([0, Number.NaN])).toThrow(NonFiniteError);
    expect(() => isStateDifference([0, 0], Number.NaN)).toThrow(DomainError);
  });
});

describe('locusBoundary', () => {
  it('draws the lobes of quadrants II and IV: arcs of unit circles about (±1, 0) and (0, ±1)', () => {
    const [second, fourth] = locusBoundary(65);
    for (let i = 0; i < 65; i++) {
      const [x, y] = [second[2 * i]!, second[2 * i + 1]!];
      expect(x <= 0 && y >= 0).toBe(true);
      const radii = [Math.hypot(x + 1, y), Math.hypot(x, y - 1)];
      expectClose(Math.max(...radii), 1, 1e-15);
      expect([fourth[2 * i], fourth[2 * i + 1]]).toEqual([0 - x, 0 - y]);
      expect(isStateDifference([x, y])).toBe(true);
      if (i > 0 && i < 64) expect(isStateDifference([1.001 * x, 1.001 * y])).toBe(false);
    }
    expectClose(second[64]!, -1, 1e-15);
    expectClose(second[65]!, 1, 1e-15);
  });

  it('refuses fewer than 3 points', () => {
    expect(() => locusBoundary(2)).toThrow('locusBoundary: points must be an integer of at least 3, but it is 2.');
  });
});
