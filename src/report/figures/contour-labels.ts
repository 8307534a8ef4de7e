import type { ContourLines } from '../../linalg/index.ts';
import { plainTick } from '../svg/axes.ts';
import { textWidth } from '../text/width.ts';
import { type PlanePoint, type PlaneWindow, pointsOf } from './plane.ts';

/** The value of a contour line, to stand on the line. */
export interface ContourLabel extends PlanePoint {
  readonly text: string;
  /** Degrees clockwise, within a quarter turn of upright. */
  readonly rotate: number;
}

export const LABEL_SIZE = 10;

/** Free ends of a label, and the least distance between two. */
const PADDING = 4;
/** A line is straight enough if the way along the label is at most this times the distance of its ends. */
const STRAIGHT = 1.12;
/** Places tried on a line. */
const PLACES = 60;
/** Clearance from other lines beyond which more does not matter. */
const CLEAR = 14;

/**
 * One label for each level that has a line long and straight enough: on the line, turned along it, within the window, clear of the other labels,
 * and as far from other lines and from `obstacles` as it gets.
 */
export function contourLabels(
  contours: readonly ContourLines[],
  window: PlaneWindow,
  {
    width,
    height,
    obstacles,
  }: { readonly width: number; readonly height: number; readonly obstacles: readonly PlanePoint[] },
): ContourLabel[] {
  const { x: xs, y: ys } = window;
  const toPixels = ({ x, y }: PlanePoint): PlanePoint => ({
    x: ((x - xs[0]) / (xs[1] - xs[0])) * width,
    y: ((ys[1] - y) / (ys[1] - ys[0])) * height,
  });
  const lines = contours.map((contour) => contour.lines.map((line) => pointsOf(line).map(toPixels)));
  const dots = obstacles.map(toPixels);
  const placed: { readonly middle: PlanePoint; readonly length: number }[] = [];
  return contours.flatMap(({ level }, k) => {
    const text = plainTick(level);
    const length = LABEL_SIZE * textWidth(text) + PADDING;
    const others = [...lines.flatMap((own, j) => (j === k ? [] : own.flat())), ...dots];
    let [best, score]: [Stretch | null, number] = [null, -1];
    for (const stretch of lines[k]!.flatMap((line) => stretchesOf(line, length))) {
      const { middle } = stretch;
      const margin = Math.min(middle.x, width - middle.x, middle.y, height - middle.y);
      if (
        margin < length / 2 ||
        placed.some((one) => distance(one.middle, middle) < (one.length + length) / 2 + PADDING)
      )
        continue;
      const own = Math.min(CLEAR, ...others.map((point) => distance(point, middle))) - stretch.detour;
      if (own > score) [best, score] = [stretch, own];
    }
    if (best === null) return [];
    const { middle, angle } = best;
    placed.push({ middle, length });
    const x = xs[0] + (middle.x / width) * (xs[1] - xs[0]);
    const y = ys[1] - (middle.y / height) * (ys[1] - ys[0]);
    return [{ x, y, text, rotate: angle }];
  });
}

/** A part of a line as long as a label. */
interface Stretch {
  readonly middle: PlanePoint;
  readonly angle: number;
  /** How much longer the way along the line is than the straight one. */
  readonly detour: number;
}

/** Evenly spaced parts of a line that are straight enough. */
function stretchesOf(line: readonly PlanePoint[], length: number): Stretch[] {
  const along = [0];
  for (let i = 1; i < line.length; i++) along.push(along[i - 1]! + distance(line[i - 1]!, line[i]!));
  const free = along.at(-1)! - length;
  if (!(free >= 0)) return [];
  return Array.from({ length: PLACES }, (_, k) => {
    const start = (free * k) / (PLACES - 1);
    const [from, middle, to] = [start, start + length / 2, start + length].map((at) => pointAt(line, along, at)) as [
      PlanePoint,
      PlanePoint,
      PlanePoint,
    ];
    const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
    return {
      middle,
      angle: angle > 90 ? angle - 180 : angle < -90 ? angle + 180 : angle,
      detour: length / distance(from, to) - 1,
    };
  }).filter(({ detour }) => detour <= STRAIGHT - 1);
}

/** The point of a line at a length from its beginning. */
function pointAt(line: readonly PlanePoint[], along: readonly number[], at: number): PlanePoint {
  const found = along.findIndex((length) => length >= at);
  const next = found < 0 ? line.length - 1 : Math.max(1, found);
  const [p, q] = [line[next - 1]!, line[next]!];
  const share = along[next] === along[next - 1] ? 0 : (at - along[next - 1]!) / (along[next]! - along[next - 1]!);
  return { x: p.x + share * (q.x - p.x), y: p.y + share * (q.y - p.y) };
}

function distance(p: PlanePoint, q: PlanePoint): number {
  return Math.hypot(p.x - q.x, p.y - q.y);
}
