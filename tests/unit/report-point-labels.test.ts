import { describe, expect, it } from 'vitest';
import { POINT_LABEL_SIZE, pointLabels } from '../../src/report/figures/point-labels.ts';
import { textWidth } from '../../src/report/text/width.ts';
import { testNumbers } from '../support/numbers.ts';

const frame = { x: [-1, 1], y: [-1, 1], width: 400, height: 300 } as const;

function boxOf({ x, y, text }: { readonly x: number; readonly y: number; readonly text: string }) {
  const [px, py] = [((x + 1) / 2) * 400, ((1 - y) / 2) * 300];
  const [w, h] = [(POINT_LABEL_SIZE * textWidth(text)) / 2, POINT_LABEL_SIZE / 2];
  return { left: px - w, right: px + w, top: py - h, bottom: py + h };
}

describe('labels of points', () => {
  it.each([1, 12, 60, 400])('of %i points cover neither each other, nor a point, nor the edge', (count) => {
    const numbers = testNumbers(2 * count, count);
    const points = Array.from({ length: count }, (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!] as const);
    const labels = pointLabels(
      points,
      Array.from(points, (_, i) => String(i + 1)),
      frame,
    );
    if (count <= 12) expect(labels).toHaveLength(count);
    expect(labels.length).toBeGreaterThan(Math.min(count, 40) * 0.9);
    const boxes = labels.map(boxOf);
    boxes.forEach((box, i) => {
      expect(Math.min(box.left, box.top, 400 - box.right, 300 - box.bottom)).toBeGreaterThanOrEqual(-1e-9);
      for (const other of boxes.slice(0, i)) {
        const apart = box.left >= other.right || other.left >= box.right || box.top >= other.bottom;
        expect(apart || other.top >= box.bottom).toBe(true);
      }
      for (const [x, y] of points) {
        const [px, py] = [((x + 1) / 2) * 400, ((1 - y) / 2) * 300];
        expect(px > box.left && px < box.right && py > box.top && py < box.bottom).toBe(false);
      }
      // Next to its own point, the one with its number.
      const [x, y] = points[Number(labels[i]!.text) - 1]!;
      expect(Math.hypot((labels[i]!.x - x) * 200, (labels[i]!.y - y) * 150)).toBeLessThan(20);
    });
  });

  it('leaves out what has no room, and all of too many', () => {
    const same = Array.from({ length: 30 }, () => [0, 0] as const);
    expect(
      pointLabels(
        same,
        same.map((_, i) => String(i)),
        frame,
      ),
    ).toHaveLength(4);
    const many = Array.from({ length: 1001 }, () => [0, 0] as const);
    expect(pointLabels(many, many.map(String), frame)).toEqual([]);
    expect(pointLabels([], [], frame)).toEqual([]);
  });
});
