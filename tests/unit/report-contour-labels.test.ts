import { describe, expect, it } from 'vitest';
import { contourLabels, LABEL_SIZE } from '../../src/report/figures/contour-labels.ts';
import { textWidth } from '../../src/report/text/width.ts';
import { expectClose } from '../support/numbers.ts';

const window = { x: [-2, 2], y: [-2, 2] } as const;
const size = { width: 400, height: 400, obstacles: [] };

/** A closed polygon about a point. */
const circle = (radius: number, [x, y]: readonly [number, number] = [0, 0]) =>
  Float64Array.from({ length: 2 * 101 }, (_, k) => {
    const angle = (2 * Math.PI * (k >> 1)) / 100;
    return k % 2 === 0 ? x + radius * Math.cos(angle) : y + radius * Math.sin(angle);
  });

describe('labels of contour lines', () => {
  it('stand on their line, along it, and upright', () => {
    for (const radius of [0.5, 1, 1.8]) {
      const [label] = contourLabels([{ level: 0.1, lines: [circle(radius)] }], window, size);
      expect(label!.text).toBe('0.1');
      expectClose(Math.hypot(label!.x, label!.y), radius, 0.01 * radius);
      expect(Math.abs(label!.rotate)).toBeLessThanOrEqual(90);
      // The radius at right angles to the label; figures turn clockwise.
      const turn = (-label!.rotate * Math.PI) / 180;
      expectClose((label!.x * Math.cos(turn) + label!.y * Math.sin(turn)) / radius, 0, 0.05);
    }
  });

  it('keep apart from each other and within the window', () => {
    const radii = [1.9, 1.7, 1.5, 1.3, 1.1, 0.9, 0.7, 0.5];
    const contours = radii.map((radius, k) => ({ level: 10 ** -k, lines: [circle(radius)] }));
    const labels = contourLabels(contours, window, size);
    expect(labels.map(({ text }) => text)).toEqual(['1', '0.1', '0.01', '0.001', '10⁻⁴', '10⁻⁵', '10⁻⁶', '10⁻⁷']);
    const half = (text: string) => (LABEL_SIZE * textWidth(text)) / 2;
    labels.forEach((one, k) => {
      for (const axis of ['x', 'y'] as const) expect(2 - Math.abs(one[axis])).toBeGreaterThan(half(one.text) / 100);
      for (const other of labels.slice(0, k)) {
        const apart = 100 * Math.hypot(one.x - other.x, one.y - other.y);
        expect(apart).toBeGreaterThan(half(one.text) + half(other.text));
      }
    });
  });

  it('choose the line with room, away from what is drawn besides', () => {
    const lines = [circle(0.05), circle(0.6, [1, 1])];
    const [label] = contourLabels([{ level: 1, lines }], window, {
      ...size,
      obstacles: [
        { x: 1.6, y: 1 },
        { x: 1, y: 1.6 },
      ],
    });
    expectClose(Math.hypot(label!.x - 1, label!.y - 1), 0.6, 0.01);
    expect(Math.hypot(label!.x - 1.6, label!.y - 1)).toBeGreaterThan(0.1);
    expect(Math.hypot(label!.x - 1, label!.y - 1.6)).toBeGreaterThan(0.1);
  });

  it('are left out where no line is long or straight enough', () => {
    expect(contourLabels([{ level: 1e-3, lines: [circle(0.05)] }], window, size)).toEqual([]);
    expect(contourLabels([{ level: 1, lines: [] }], window, size)).toEqual([]);
    expect(contourLabels([{ level: 1, lines: [Float64Array.of(0, 0)] }], window, size)).toEqual([]);
  });
});
