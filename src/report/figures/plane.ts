import type * as Plot from '@observablehq/plot';
import { plainTick } from '../svg/axes.ts';

/** A point of a figure. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** Complex numbers, interleaved, as points. */
export function pointsOf(interleaved: Float64Array): PlanePoint[] {
  return Array.from({ length: interleaved.length / 2 }, (_, k) => ({
    x: interleaved[2 * k]!,
    y: interleaved[2 * k + 1]!,
  }));
}

/** A window of the plane. */
export interface PlaneWindow {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export function within({ x: [left, right], y: [bottom, top] }: PlaneWindow, { x, y }: PlanePoint): boolean {
  return x >= left && x <= right && y >= bottom && y <= top;
}

/** What of the segment from p to q lies in the window, or null (Liang–Barsky). */
function clipped(window: PlaneWindow, p: PlanePoint, q: PlanePoint): [PlanePoint, PlanePoint] | null {
  let [from, to] = [0, 1];
  for (const axis of ['x', 'y'] as const) {
    const [low, high] = window[axis];
    const step = q[axis] - p[axis];
    if (step === 0) {
      if (p[axis] < low || p[axis] > high) return null;
      continue;
    }
    const [enter, leave] = [(low - p[axis]) / step, (high - p[axis]) / step].sort((a, b) => a - b) as [number, number];
    [from, to] = [Math.max(from, enter), Math.min(to, leave)];
  }
  if (!(from <= to)) return null;
  const at = (t: number): PlanePoint => ({ x: p.x + t * (q.x - p.x), y: p.y + t * (q.y - p.y) });
  return [from === 0 ? p : at(from), to === 1 ? q : at(to)];
}

/** What of a closed polygon lies in the window: points in order, with the number of the piece that they belong to. */
export function outlineWithin(window: PlaneWindow, corners: readonly PlanePoint[]): (PlanePoint & { piece: number })[] {
  const points: (PlanePoint & { piece: number })[] = [];
  for (const [k, corner] of corners.entries()) {
    const segment = clipped(window, corner, corners[(k + 1) % corners.length]!);
    if (segment === null) continue;
    const [start, end] = segment;
    const last = points.at(-1);
    const joined = last !== undefined && last.x === start.x && last.y === start.y;
    const piece = last === undefined ? 0 : last.piece + (joined ? 0 : 1);
    if (!joined) points.push({ ...start, piece });
    points.push({ ...end, piece });
  }
  return points;
}

const STEPS = 200;

/** A function's graph. */
export function curve(low: number, high: number, f: (x: number) => number): PlanePoint[] {
  return Array.from({ length: STEPS + 1 }, (_, k) => {
    const x = low + ((high - low) * k) / STEPS;
    return { x, y: f(x) };
  });
}

/** The ellipse about 0 with these semi-axes, closed. */
export function ellipse(a: number, b: number): PlanePoint[] {
  return Array.from({ length: STEPS + 1 }, (_, k) => {
    const angle = (2 * Math.PI * k) / STEPS;
    return { x: a * Math.cos(angle), y: b * Math.sin(angle) };
  });
}

/** Over a narrower span the ticks that Plot would choose overflow. */
const LEAST_SPAN = 1e-300;

/** The ends of an axis, with ticks there where Plot finds none between them. */
export function span([low, high]: readonly [number, number]): Plot.ScaleOptions {
  return { domain: [low, high], ...(high - low < LEAST_SPAN ? { ticks: [low, high] } : {}) };
}

/** An x axis with its label below the middle. */
export function linearAxis(label: string, domain?: readonly [number, number]): Plot.ScaleOptions {
  const shared = { label, labelAnchor: 'center', labelArrow: 'none', tickFormat: plainTick } as const;
  return domain === undefined ? shared : { ...shared, ...span(domain) };
}

/** Ticks of a logarithmic axis: 1, 2, 5 times powers of ten, or powers alone where there are many. */
export function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const every = Math.max(1, Math.ceil((last - first) / 8));
  const factors = last - first > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = first; power <= last; power += every) ticks.push(...factors.map((one) => one * 10 ** power));
  return ticks.filter((tick) => tick >= low * (1 - 1e-12) && tick <= high * (1 + 1e-12));
}
