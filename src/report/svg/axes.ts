import type * as Plot from '@observablehq/plot';
import { powerOfTen } from '../text/numerals.ts';
import { blockOf, stageKind, stageLabel } from '../text/stage-names.ts';

/** Labels of this many stages fit side by side. */
const ALL_LABELS = 13;
/** A longer axis gets about this many numbers. */
const SOME_LABELS = 16;
const SOME_COUNTS = 6;

/** Positions that get a tick, and their labels. */
export interface IndexTicks {
  readonly ticks: readonly number[];
  readonly label: (index: number) => string;
  /** Whether the ticks name blocks by number only. */
  readonly thinned: boolean;
}

/** Ticks for stages or sublayers: every name if they fit, else the number of every k-th block at its first entry. */
export function indexTicks(names: readonly string[]): IndexTicks {
  if (names.length <= ALL_LABELS) {
    return { ticks: names.map((_, i) => i), label: (i) => stageLabel(names[i] ?? ''), thinned: false };
  }
  const starts = names.flatMap((name, i) => {
    const block = blockOf(name);
    return block !== null && blockOf(names[i - 1] ?? '') !== block ? [i] : [];
  });
  const candidates = starts.length > 0 ? starts : names.map((_, i) => i);
  const every = niceStride(candidates.length / SOME_LABELS);
  const ticks = candidates.filter((_, i) => i % every === 0);
  return { ticks, label: (i) => String(blockOf(names[i] ?? '') ?? i), thinned: true };
}

function niceStride(least: number): number {
  return [1, 2, 4, 5, 10, 20, 25, 50, 100].find((stride) => stride >= least) ?? Math.ceil(least);
}

/** The x axis over stages or sublayers, which lie at 0, 1, 2, …. */
export function indexAxis(names: readonly string[], what: string): Plot.ScaleOptions {
  const { ticks, label, thinned } = indexTicks(names);
  return {
    type: 'linear',
    domain: [-0.6, names.length - 0.4],
    ticks: [...ticks],
    tickFormat: (i: number) => label(i),
    tickSize: 3,
    label:
      thinned && names.some((name) => stageKind(name) === 'attention')
        ? `${what} (block number; attention, then MLP)`
        : what,
    labelAnchor: 'center',
    labelArrow: 'none',
  };
}

/** An x axis over 0, 1, 2, … last, with whole numbers at its ticks. */
export function integerAxis(first: number, last: number, label: string): Plot.ScaleOptions {
  const every = niceStride((last - first + 1) / SOME_LABELS);
  const ticks = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => first + i * every);
  return {
    type: 'linear',
    domain: [first - 0.6, last + 0.6],
    ticks,
    tickFormat: String,
    tickSize: 3,
    label,
    labelAnchor: 'center',
    labelArrow: 'none',
  };
}

/** A y axis for amounts and signed values. */
export function valueAxis(label: string, options: Plot.ScaleOptions = {}): Plot.ScaleOptions {
  return { label, labelAnchor: 'top', labelArrow: 'none', tickSize: 0, tickFormat: plainTick, nice: true, ...options };
}

/** A y axis for numbers of things, with ticks at whole numbers alone. */
export function countAxis(label: string): Plot.ScaleOptions & { ticks: typeof WHOLE_NUMBERS } {
  return { ...valueAxis(label, { zero: true }), ticks: WHOLE_NUMBERS };
}

/** About {@link SOME_COUNTS} whole numbers, as an interval of Plot. */
const WHOLE_NUMBERS = {
  floor: Math.floor,
  offset: (value: number, step = 1) => value + step,
  range(from: number, to: number) {
    const every = niceStride((to - from) / SOME_COUNTS);
    return Array.from({ length: Math.ceil((to - from) / every) }, (_, i) => from + i * every);
  },
};

/** A logarithmic y axis over the positive ones of `values`, with a tick at whole decades, and between them where they are few. */
export function logAxis(label: string, values: readonly number[]): Plot.ScaleOptions & { domain: [number, number] } {
  const { domain, ticks } = logScale(positive(values).map(Math.log10));
  return {
    type: 'log',
    domain,
    ticks,
    tickFormat: (value: number) => decade(value),
    tickSize: 0,
    label: `${label}, log scale`,
    labelAnchor: 'top',
    labelArrow: 'none',
  };
}

/** Ticks within a decade, by the decades that an axis may have for them; of more, Plot would leave labels out. */
const MANTISSAS = [
  { decades: 1, mantissas: [1, 2, 5] },
  { decades: 2, mantissas: [1, 3] },
] as const;

function logScale(logs: readonly number[]): { readonly domain: [number, number]; readonly ticks: number[] } {
  const within = (low: number, log: number, high: number) => Math.max(low, Math.min(log, high));
  const [least, most] =
    logs.length === 0 ? [-1, 0] : [within(-300, Math.min(...logs), 307.9), within(-299, Math.max(...logs), 308)];
  const [low, high] = [Math.floor(least), Math.max(Math.floor(least) + 1, Math.ceil(most))];
  const few = MANTISSAS.find(({ decades }) => most - least <= decades);
  if (few !== undefined) {
    const fine: number[] = [];
    for (let power = low; power < high; power++) for (const one of few.mantissas) fine.push(Number(`${one}e${power}`));
    fine.push(Number(`1e${high}`));
    const first = Math.max(
      0,
      fine.findLastIndex((tick) => Math.log10(tick) <= least),
    );
    const last = fine.findIndex((tick, i) => i > first && Math.log10(tick) >= most);
    const ticks = fine.slice(first, last < 0 ? fine.length : last + 1);
    return { domain: [ticks[0]!, ticks.at(-1)!], ticks };
  }
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const ticks: number[] = [];
  for (let power = low; power <= high; power += every) ticks.push(10 ** power);
  return { domain: [10 ** low, 10 ** high], ticks };
}

function decade(value: number): string {
  const power = Math.floor(Math.log10(value) + 1e-9);
  if (power >= -2 && power <= 3) return String(Number(value.toPrecision(1)));
  const mantissa = Math.round(value / 10 ** power);
  return `${mantissa === 1 ? '' : `${mantissa}×`}${powerOfTen(power)}`;
}

/** The finite values above 0. */
export function positive(values: readonly number[]): number[] {
  return values.filter((value) => Number.isFinite(value) && value > 0);
}

/** A tick of a linear or symmetric-logarithmic axis. */
export function plainTick(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size === 0) return '0';
  if (size >= 1e5 || size < 1e-3) {
    const power = Math.floor(Math.log10(size) + 1e-9);
    const mantissa = Number((size / 10 ** power).toPrecision(3));
    return `${sign}${mantissa === 1 ? '' : `${mantissa}×`}${powerOfTen(power)}`;
  }
  return sign + String(Number(size.toPrecision(6)));
}
