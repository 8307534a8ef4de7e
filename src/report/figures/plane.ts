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

/** An x axis with its label below the middle. */
export function linearAxis(label: string, domain?: readonly [number, number]): Plot.ScaleOptions {
  const shared = { label, labelAnchor: 'center', labelArrow: 'none', tickFormat: plainTick } as const;
  return domain === undefined ? shared : { ...shared, domain: [...domain] };
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
