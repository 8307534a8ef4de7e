import { describe, expect, it } from 'vitest';
import { depthGeometry } from '../../src/qlens/index.ts';

describe('depthGeometry', () => {
  it('compares the way with the geodesic', () => {
    expect(depthGeometry([0.5, 0.25, 0.25], 0.25)).toEqual({ pathLength: 1, geodesic: 0.25, efficiency: 0.25 });
    expect(depthGeometry([0.5, 0.5], 0)).toEqual({ pathLength: 1, geodesic: 0, efficiency: 0 });
  });

  it('cuts rounding off above 1, and has no efficiency where nothing moves', () => {
    expect(depthGeometry([1], 1 + 2 ** -52).efficiency).toBe(1);
    expect(depthGeometry([0, 0], 0)).toEqual({ pathLength: 0, geodesic: 0, efficiency: null });
  });
});
