/** The JSON of a run: where and how it was measured, and every lane's times. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../src/index.ts';
import { throughput } from './case.ts';
import type { MeasuredCase, Settings } from './measure.ts';
import type { TorchFacts } from './peers/torch.ts';
import { ordersInPasses, summariseForward, timesWasm, withoutClearGain } from './summary.ts';

const FOLDER = new URL('./results/', import.meta.url);

/** What a number depends on besides the code. */
export interface Circumstances {
  readonly date: Date;
  readonly arguments: readonly string[];
  readonly settings: Settings;
  readonly loadAtStart: readonly number[];
  readonly skipped: readonly string[];
  readonly torch: TorchFacts | null;
}

export function machineLine(): string {
  const { model, cores } = cpu();
  return `${model}, ${cores} cores, Node ${process.versions.node} (V8 ${process.versions.v8})`;
}

/** Writes results/<date>-<node version>.json and gives back its path. */
export function writeResults(measured: readonly MeasuredCase[], circumstances: Circumstances): string {
  const { date, settings, loadAtStart, skipped, torch } = circumstances;
  const result = {
    date: date.toISOString(),
    command: ['npm run bench', ...(circumstances.arguments.length > 0 ? ['--', ...circumstances.arguments] : [])].join(
      ' ',
    ),
    package: { name: 'transformer-mechanics', version: VERSION },
    runtime: { node: process.versions.node, v8: process.versions.v8, tinybench: versionOf('tinybench') },
    machine: { cpu: cpu(), memoryBytes: os.totalmem(), platform: `${os.platform()} ${os.release()} ${os.arch()}` },
    loadAverage: { start: loadAtStart, end: os.loadavg() },
    settings,
    skipped,
    peers: { torch },
    forward: summariseForward(measured),
    ordersInPasses: ordersInPasses(measured),
    withoutClearGain: withoutClearGain(measured),
    cases: measured.map(({ case: { group, name, precision, work }, timings }) => ({
      group,
      name,
      precision,
      work,
      tsOverWasm: timesWasm(timings, 'ts'),
      lanes: Object.fromEntries(
        [...timings].map(([lane, timing]) => [
          lane,
          {
            ...timing,
            throughput: throughput(work, timing.medianNs),
            unit: work.unit,
            timesWasm: timesWasm(timings, lane),
          },
        ]),
      ),
    })),
  };
  mkdirSync(FOLDER, { recursive: true });
  const stamp = date.toISOString().slice(0, 19).replaceAll(':', '');
  const path = fileURLToPath(new URL(`${stamp}-${process.version}.json`, FOLDER));
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

function cpu(): { model: string; cores: number } {
  const cores = os.cpus();
  return { model: cores[0]?.model.trim() ?? 'unknown', cores: cores.length };
}

function versionOf(name: string): string {
  const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}
