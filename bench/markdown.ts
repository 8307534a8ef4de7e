/**
 * Results as the tables of docs/benchmarks.md: tsx bench/markdown.ts <results.json> [<later results.json> …]. A group is taken
 * from the last file that has it.
 */
import { readFileSync } from 'node:fs';

interface Row {
  readonly group: string;
  readonly name: string;
  readonly lanes: Readonly<
    Record<string, { readonly medianNs: number; readonly throughput: number; readonly unit: string }>
  >;
}

const groups = new Map<string, readonly Row[]>();
for (const path of process.argv.slice(2)) {
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Row[] };
  for (const group of new Set(cases.map((row) => row.group))) {
    groups.set(
      group,
      cases.filter((row) => row.group === group),
    );
  }
}
for (const [group, rows] of groups)
  process.stdout.write(`### ${group[0]!.toUpperCase()}${group.slice(1)}\n\n${table(rows)}\n`);

function table(rows: readonly Row[]): string {
  const others = [...new Set(rows.flatMap(({ lanes }) => Object.keys(lanes)))].filter((lane) => lane !== 'wasm');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const head = line(['case', '`wasm`', 'rate', ...others.map((lane) => `${lane}/wasm`)]);
  const rule = line(['---', ...others.map(() => '---:'), '---:', '---:']);
  const body = rows.map(({ name, lanes }) => {
    const wasm = lanes.wasm!;
    const ratios = others.map((lane) =>
      lanes[lane] === undefined ? '' : digits(lanes[lane].medianNs / wasm.medianNs),
    );
    return line([name, timeText(wasm.medianNs), `${digits(wasm.throughput)} ${wasm.unit}`, ...ratios]);
  });
  return head + rule + body.join('');
}

function timeText(ns: number): string {
  const [scale, unit] = ns >= 1e9 ? [1e9, 's'] : ns >= 1e6 ? [1e6, 'ms'] : ns >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
  return `${digits(ns / scale)} ${unit}`;
}

function digits(value: number): string {
  return value >= 999.5 ? value.toFixed(0) : value.toPrecision(3);
}
