/**
 * Benchmarks: npm run bench -- [--quick] [--filter <regex>]
 *
 * Every case first passes the correctness gate on every lane; then the lanes are timed in turn. Prints a table per group and
 * writes bench/results/. Exit code 1 if the gate fails, 2 for wrong arguments; never for a speed.
 */
import os from 'node:os';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases, groupsOf, kernelsWithoutCase } from './cases/all.ts';
import type { PeersOf } from './cases/forward.ts';
import { embeddedModel } from './cases/models.ts';
import { GateError, passGate, type ReadyCase } from './gate.ts';
import { openLanes } from './lanes.ts';
import { type MeasuredCase, measureGroup, type Settings } from './measure.ts';
import { openLlama } from './peers/llama.ts';
import { openOnnx } from './peers/onnx.ts';
import { openPackages } from './peers/packages.ts';
import { openTorch } from './peers/torch.ts';
import { machineLine, writeResults } from './results.ts';
import { summaryLines } from './summary.ts';
import { tableOf } from './table.ts';

const USAGE = 'Usage: npm run bench -- [--quick] [--filter <regex>]';
const FULL: Settings = { rounds: 5, roundMs: 60 };
const QUICK: Settings = { rounds: 2, roundMs: 20 };

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const circumstances = { date: new Date(), arguments: args, loadAtStart: os.loadavg(), settings: options.settings };
  const { backends, skipped } = await openLanes();
  const torch = openTorch();
  const onnx = openOnnx();
  const packages = await openPackages();
  const llama = openLlama();
  const embedded = await embeddedModel();
  const notices = [
    ...skipped,
    ...torch.skipped,
    ...onnx.skipped,
    ...packages.skipped,
    ...llama.skipped,
    ...(embedded === null ? ['embedded model: SKIPPED, not trained'] : []),
  ];
  print(machineLine(), ...notices);

  const peersOf: PeersOf = (row) => [...torch.peersOf(row), ...onnx.peersOf(row)];
  const cases = allCases(embedded, peersOf, packages, llama, options.settings === QUICK);
  const forgotten = kernelsWithoutCase(backends[0]!.kernels, cases);
  if (forgotten.length > 0) return failed(`gate: FAILED, no case for the kernels ${forgotten.join(', ')}`);
  const groups = groupsOf(cases, options.filter);
  if (groups.length === 0) return failed(`no case matches ${options.filter}`);

  const ready: ReadyCase[][] = [];
  try {
    for (const group of groups) {
      const passed: ReadyCase[] = [];
      for (const test of group) passed.push(await passGate(test, backends));
      ready.push(passed);
      print(`gate: ${group[0]!.group} passed (${group.length} cases)`);
    }
  } catch (error) {
    if (error instanceof GateError) return failed(error.message);
    throw error;
  }

  const measured: MeasuredCase[] = [];
  for (const group of ready) {
    const name = group[0]!.case.group;
    const { rounds } = options.settings;
    const results = measureGroup(group, options.settings, (round) =>
      process.stderr.write(`${name}: round ${round + 1} of ${rounds}\n`),
    );
    print('', tableOf(results));
    measured.push(...results);
  }
  const path = writeResults(measured, { ...circumstances, skipped: notices, torch: torch.facts });
  print(
    '',
    ...summaryLines(measured),
    '',
    `load ${loadText(circumstances.loadAtStart)} at the start, ${loadText(os.loadavg())} now`,
  );
  print(relative(process.cwd(), path));
  return 0;
}

interface Options {
  readonly settings: Settings;
  readonly filter: RegExp;
}

/** null if they are wrong. */
function readOptions(args: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { quick: { type: 'boolean', default: false }, filter: { type: 'string', default: '' } },
    });
    return { settings: values.quick ? QUICK : FULL, filter: new RegExp(values.filter) };
  } catch {
    return null;
  }
}

function loadText(load: readonly number[]): string {
  return load.map((value) => value.toFixed(1)).join(' ');
}

function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

function failed(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
