/** The tables and laws of tests/scale/growth.ts as a section of docs/scale.md. */
import { fitLaw, type Law, type Point, type Term } from './law.ts';

/** One thing that is measured over the grid, with the terms of its laws. */
export interface Task {
  readonly name: string;
  readonly title: string;
  readonly time: readonly Term[];
  readonly memory: readonly Term[];
  /** Whether a point is small enough to be measured. */
  readonly bound: (point: Point) => boolean;
}

export interface Measured extends Point {
  readonly seconds: number;
  readonly peakBytes: number;
}

interface Circumstances {
  readonly machine: string;
  /** How many times as fast two threads run one prompt; null where it was not measured. */
  readonly gain: number | null;
}

const MIB = 2 ** 20;
const CORES = 1000;
/** Gains of two threads to reckon with where none is given. */
const GAINS = [1.6, 1.8, 1.95];

export function growthText(
  tables: readonly { readonly task: Task; readonly points: readonly Measured[] }[],
  circumstances: Circumstances,
): string {
  const fitted = tables.map(({ task, points }) => ({
    task,
    points,
    time: fitLaw(
      task.time,
      points.map(({ L, T, seconds }) => ({ L, T, y: seconds })),
    ),
    memory: fitLaw(
      task.memory,
      points.map(({ L, T, peakBytes }) => ({ L, T, y: peakBytes / MIB })),
    ),
  }));
  const lines = [
    `GPT-2-small's width (D = 768, 12 heads, V = 50,257), random weights in f32, one thread, L layers and T tokens; ${circumstances.machine}. Processor time of the`,
    'task alone, the least of its runs, and peak memory of the process with the weights in it. The laws are least squares of the relative errors, with coefficients of at least 0;',
    'behind each stand the root of the mean square of its relative errors and the largest.',
  ];
  for (const { task, points, time, memory } of fitted) {
    lines.push('', `### ${task.title}`, '', ...tableOf(points), '');
    lines.push(`- time in s: ${formula(time, task.time)}`);
    lines.push(`- peak in MiB: ${formula(memory, task.memory)}`);
  }
  return `${[...lines, '', ...coresText(fitted, circumstances.gain)].join('\n')}\n`;
}

function tableOf(points: readonly Measured[]): string[] {
  const [rows, columns] = [distinct(points.map(({ L }) => L)), distinct(points.map(({ T }) => T))];
  const cell = (L: number, T: number) => {
    const point = points.find((other) => other.L === L && other.T === T);
    return point === undefined ? 'not run' : `${digits(point.seconds)} s, ${(point.peakBytes / MIB).toFixed(0)} MiB`;
  };
  return [
    `| layers | ${columns.map((T) => `T = ${T}`).join(' | ')} |`,
    `| ---: | ${columns.map(() => '---:').join(' | ')} |`,
    ...rows.map((L) => `| ${L} | ${columns.map((T) => cell(L, T)).join(' | ')} |`),
  ];
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function formula({ coefficients, rms, worst }: Law, terms: readonly Term[]): string {
  const parts = coefficients.flatMap((x, k) =>
    x === 0 ? [] : [[digits(x), terms[k]!.name].filter(Boolean).join('·')],
  );
  return `${parts.join(' + ')} (±${percent(rms)}, at most ${percent(worst)})`;
}

function valueAt({ coefficients }: Law, terms: readonly Term[], point: Point): number {
  return coefficients.reduce((sum, x, k) => sum + x * terms[k]!.of(point), 0);
}

/** What the laws say for many cores, with what is assumed. */
function coresText(
  fitted: readonly { readonly task: Task; readonly time: Law; readonly memory: Law }[],
  gain: number | null,
): string[] {
  const point = { L: 12, T: 128 };
  const gains = gain === null ? GAINS : [gain];
  return [
    `### ${CORES.toLocaleString('en')} cores`,
    '',
    'Assumed, not measured: prompts know nothing of one another, so n processes of one thread do n times as many, as long as memory lasts and its bandwidth does not run out; within one prompt the',
    'share s of the time that threads do not cut is the same for any number of them (Amdahl), and two threads that are g times as fast as one say s = 2/g − 1; n threads are then',
    '1/(s + (1 − s)/n) times as fast. The weights are in every process once.',
    '',
    `| ${point.L} layers, ${point.T} tokens | a prompt on one core | memory of ${CORES.toLocaleString('en')} processes | prompts an hour on ${CORES.toLocaleString('en')} cores |`,
    '| --- | ---: | ---: | ---: |',
    ...fitted.map(({ task, time, memory }) => {
      const [seconds, mib] = [valueAt(time, task.time, point), valueAt(memory, task.memory, point)];
      const hourly = (3600 * CORES) / seconds;
      return `| ${task.title} | ${digits(seconds)} s | ${digits((mib * CORES * MIB) / 1e9)} GB | ${thousands(hourly)} |`;
    }),
    '',
    `| gain of two threads | s | gain of ${CORES.toLocaleString('en')} in one prompt | cores of which one prompt uses half or more |`,
    '| ---: | ---: | ---: | ---: |',
    ...gains.map((g) => {
      const s = 2 / g - 1;
      // n cores gain at least n/2 where s·n + 1 − s ≤ 2.
      const useful = s === 0 ? CORES : Math.min(CORES, Math.floor((1 + s) / s));
      return `| ${g} | ${digits(s)} | ${digits(1 / (s + (1 - s) / CORES))} | ${useful} |`;
    }),
    '',
    `Many cores are for many prompts: within one, even a gain of 1.95 from the second thread leaves a limit of ${digits(1 / (2 / 1.95 - 1))}.`,
  ];
}

function digits(value: number): string {
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -3) return `${(value / 10 ** size).toFixed(1)}·10${superscript(size)}`;
  return value >= 99.5 ? value.toFixed(0) : value.toPrecision(2);
}

function superscript(exponent: number): string {
  return [...String(exponent)].map((c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)]!)).join('');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

/** Two digits, in thousands with commas. */
function thousands(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en');
}
