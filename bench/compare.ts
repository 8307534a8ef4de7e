/**
 * Two results against each other: tsx bench/compare.ts <before.json> <after.json>. Times of two runs depend on the hour, ratios to
 * another lane of the same run hardly: a row is shown where WebAssembly lost or won more than the limit against the lanes that
 * both runs have, by the median of their ratios.
 */
import { readFileSync } from 'node:fs';
import { quantile } from './quantile.ts';

const LIMIT = 1.2;

interface Row {
  readonly group: string;
  readonly name: string;
  readonly lanes: Readonly<Record<string, { readonly medianNs: number }>>;
}

const [before, after] = process.argv.slice(2, 4).map(rowsOf);
if (before === undefined || after === undefined)
  throw new Error('Usage: tsx bench/compare.ts <before.json> <after.json>');
let compared = 0;
for (const [title, row] of after) {
  const old = before.get(title);
  const change = old === undefined ? null : changeOf(old, row);
  if (change === null) continue;
  compared++;
  if (change > LIMIT || change < 1 / LIMIT) process.stdout.write(`${title}: ${change.toFixed(2)} times as fast\n`);
}
process.stdout.write(`${compared} rows compared, those that changed by more than ${LIMIT} times are shown\n`);

function rowsOf(path: string): Map<string, Row> {
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Row[] };
  return new Map(cases.map((row) => [`${row.group} / ${row.name}`, row]));
}

/** How many times as fast WebAssembly became against the other lanes; null where the two have none in common. */
function changeOf(old: Row, row: Row): number | null {
  const common = Object.keys(row.lanes).filter((lane) => lane !== 'wasm' && old.lanes[lane] !== undefined);
  if (common.length === 0) return null;
  const ratio = ({ lanes }: Row, lane: string) => lanes[lane]!.medianNs / lanes.wasm!.medianNs;
  return quantile(Float64Array.from(common, (lane) => ratio(row, lane) / ratio(old, lane)).sort(), 0.5);
}
