import { textWidth } from '../text/width.ts';

/** A number beside a point of a scatter plot, in the plot's own coordinates. */
export interface PointLabel {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export const POINT_LABEL_SIZE = 9;

/** Where scatter points stand: domains, and the size of what is drawn in user units. */
export interface ScatterFrame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

/** Half of a symbol's width, with a gap. */
const CLEAR = 4;
/** Labels are sought for so many points at most: the time is quadratic. */
const MOST = 1000;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Texts beside their points: right, left, above or below, where they cover neither a point, nor another label, nor the edge; left out elsewhere. */
export function pointLabels(
  points: readonly (readonly [x: number, y: number])[],
  texts: readonly string[],
  { x: xs, y: ys, width, height }: ScatterFrame,
): PointLabel[] {
  if (points.length > MOST) return [];
  const pixels = points.map(
    ([x, y]) => [((x - xs[0]) / (xs[1] - xs[0])) * width, ((ys[1] - y) / (ys[1] - ys[0])) * height] as const,
  );
  const taken: Box[] = pixels.map(([x, y]) => around(x, y, CLEAR - 1, CLEAR - 1));
  return pixels.flatMap(([px, py], i) => {
    const [halfWidth, halfHeight] = [(POINT_LABEL_SIZE * textWidth(texts[i]!)) / 2, POINT_LABEL_SIZE / 2];
    const place = [
      [px + CLEAR + halfWidth, py],
      [px - CLEAR - halfWidth, py],
      [px, py - CLEAR - halfHeight],
      [px, py + CLEAR + halfHeight],
    ].find(([x, y]) => {
      const box = around(x!, y!, halfWidth, halfHeight);
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      return inside && !taken.some((other) => meet(box, other));
    });
    if (place === undefined) return [];
    const [x, y] = place as [number, number];
    taken.push(around(x, y, halfWidth, halfHeight));
    const label = { x: xs[0] + (x / width) * (xs[1] - xs[0]), y: ys[1] - (y / height) * (ys[1] - ys[0]) };
    return [{ ...label, text: texts[i]! }];
  });
}

function around(x: number, y: number, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
}

function meet(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
