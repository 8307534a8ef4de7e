import Table from 'cli-table3';
import { throughput } from './case.ts';
import type { MeasuredCase, Timing } from './measure.ts';
import { timesWasm } from './summary.ts';

/** Lanes with columns of their own; whatever else ran goes to the last column. */
const OWN_COLUMNS = ['wasm', 'ts', 'wasm-relaxed'];
const PLAIN = { style: { head: [], border: [], compact: true } };

/** One group as a table: median time of a call with half the interquartile range, rate on WebAssembly, ratios to it. */
export function tableOf(measured: readonly MeasuredCase[]): string {
  const relaxed = measured.some(({ timings }) => timings.has('wasm-relaxed'));
  const others = [...new Set(measured.flatMap(({ timings }) => [...timings.keys()]))].filter(
    (lane) => !OWN_COLUMNS.includes(lane),
  );
  const lanes = ['ts', ...(relaxed ? ['wasm-relaxed'] : []), ...others];
  const table = new Table({
    ...PLAIN,
    head: [measured[0]!.case.group, 'wasm', 'rate', ...lanes.flatMap((lane) => [lane, `${lane}/wasm`])],
    colAligns: ['left', ...new Array<'right'>(2 + 2 * lanes.length).fill('right')],
  });
  for (const { case: test, timings } of measured) {
    const wasm = timings.get('wasm')!;
    table.push([
      test.name,
      timeText(wasm),
      `${threeDigits(throughput(test.work, wasm.medianNs))} ${test.work.unit}`,
      ...lanes.flatMap((lane) => {
        const timing = timings.get(lane);
        return timing === undefined ? ['', ''] : [timeText(timing), `${threeDigits(timesWasm(timings, lane)!)}x`];
      }),
    ]);
  }
  return table.toString();
}

const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
  [1, 'ns'],
] as const;

/** Median with half the interquartile range in percent of it. */
function timeText({ medianNs, q1Ns, q3Ns }: Timing): string {
  const [scale, unit] = UNITS.find(([size]) => medianNs >= size) ?? [1, 'ns'];
  return `${threeDigits(medianNs / scale)} ${unit} ±${Math.round((50 * (q3Ns - q1Ns)) / medianNs)}%`;
}

function threeDigits(value: number): string {
  if (value >= 999.5) return value.toFixed(0);
  return value.toPrecision(3);
}
