/**
 * The correctness gate: no time is worth reporting for a wrong result. The twin's outputs are the reference; WebAssembly
 * must give the same bits, relaxed SIMD and everything outside the package the same numbers up to rounding.
 */
import type { Backend } from '../src/index.ts';
import { type Case, type Numbers, type Output, type Prepared, titleOf } from './case.ts';

/** Largest ‖a − b‖₂/‖b‖₂ of an output that another order or fusion of roundings may change. */
const TOLERANCE = { f32: 1e-5, f64: 1e-13 } as const;

/** The lane of all processors. */
export const THREADS = 'threads';

/** A case that passed, with its data still in place. */
export interface ReadyCase {
  readonly case: Case;
  readonly lanes: readonly { readonly name: string; readonly prepared: Prepared }[];
}

export class GateError extends Error {}

/** Prepares a case on every lane, runs it once on each, and compares. @throws GateError naming what differs. */
export async function passGate(test: Case, backends: readonly Backend[]): Promise<ReadyCase> {
  const lanes: { name: string; prepared: Prepared; exact: boolean; yardstick?: boolean }[] = [];
  for (const backend of backends) {
    if (backend.kind === 'wasm-relaxed' && !(test.timed?.includes('wasm-relaxed') ?? true)) continue;
    const several = backend.threads.count > 1;
    if (several && test.threaded !== true) continue;
    if (backend.kind === 'ts' && test.withoutTwin === true) continue;
    const exact = backend.kind !== 'wasm-relaxed';
    lanes.push({ name: several ? THREADS : backend.kind, prepared: await test.prepare(backend), exact });
  }
  for (const { name, prepare, yardstick = false } of test.rivals ?? []) {
    lanes.push({ name, prepared: prepare(), exact: false, yardstick });
  }
  for (const { prepared } of lanes) prepared.run();

  const reference = lanes.find(({ name }) => name === (test.withoutTwin === true ? 'wasm' : 'ts'))!.prepared.outputs();
  for (const { name, data } of reference) checkSubstance(test, name, data);
  for (const { name, prepared, exact, yardstick } of lanes)
    if (yardstick !== true) compare(test, name, prepared.outputs(), reference, exact);
  for (const { name, outputs, tolerance } of test.peers ?? [])
    if (outputs !== null) compare(test, name, outputs(), reference, false, tolerance);

  const rivals = (test.rivals ?? []).map(({ name }) => name);
  const timed = (name: string) => test.timed === undefined || [...test.timed, THREADS, ...rivals].includes(name);
  return { case: test, lanes: lanes.filter(({ name }) => timed(name)) };
}

/** A case whose outputs are not finite, or were never written, would compare equal for no reason. */
function checkSubstance(test: Case, output: string, data: Numbers): void {
  if (data.length === 0 || data.every((value) => value === 0)) fail(test, `${output} of ts holds nothing but zeros`);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) fail(test, `${output}[${bad}] of ts is ${data[bad]}`);
}

function compare(
  test: Case,
  lane: string,
  actual: readonly Output[],
  reference: readonly Output[],
  exact: boolean,
  tolerance: number = TOLERANCE[test.precision],
): void {
  if (actual.length !== reference.length) fail(test, `${lane} gives ${actual.length} outputs, ts ${reference.length}`);
  reference.forEach(({ name, data: expected, residual = false }, i) => {
    const { data } = actual[i]!;
    if (data.length !== expected.length) fail(test, `${name} of ${lane} has ${data.length} numbers`);
    if (exact) {
      const k = firstDifference(data, expected);
      if (k >= 0) fail(test, `${name}[${k}] of ${lane} is ${data[k]}, of ts ${expected[k]}`);
    } else if (!residual) {
      const distance = relativeDistance(data, expected);
      // Not `distance > …`: NaN must fail.
      if (!(distance <= tolerance)) fail(test, `${name} of ${lane} is off by ${distance.toExponential(1)} of its norm`);
    }
  });
}

/** First element with other bits, −1 if there is none; Object.is tells −0 from 0, and outputs hold no NaN. */
function firstDifference(a: Numbers, b: Numbers): number {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}

function relativeDistance(a: Numbers, b: Numbers): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}

function fail(test: Case, what: string): never {
  throw new GateError(`gate: FAILED ${titleOf(test)}: ${what}`);
}
