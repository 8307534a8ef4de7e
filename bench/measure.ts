/**
 * Measurement. A round times every lane of every case of a group once, so that a slow minute of the machine falls on all
 * of them alike; the order of the lanes turns from round to round. The samples of all rounds are pooled.
 */
import { Bench } from 'tinybench';
import type { Case } from './case.ts';
import { CLOCKS, type Clock, clockFor } from './clock.ts';
import { type ReadyCase, THREADS } from './gate.ts';
import { quantile } from './quantile.ts';

export interface Settings {
  readonly rounds: number;
  /** Time of one lane in one round, milliseconds. */
  readonly roundMs: number;
}

/** Rounds in which the twin takes part when a case is long, and how many times longer the rounds of such a case are. */
const LONG_TWIN_ROUNDS = 3;
const LONG_FACTOR = 16;

/** Location and spread of one lane's samples, nanoseconds per call. */
export interface Timing {
  readonly clock: Clock;
  readonly medianNs: number;
  readonly q1Ns: number;
  readonly q3Ns: number;
  readonly minNs: number;
  readonly samples: number;
}

export interface MeasuredCase {
  readonly case: Case;
  /** By the lane's name, in the order wasm, ts, wasm-relaxed, others. */
  readonly timings: ReadonlyMap<string, Timing>;
}

/** A lane of one case while it is being measured. */
interface Track {
  readonly name: string;
  readonly clock: Clock;
  readonly rounds: number;
  /** Nanoseconds of each call in one round. */
  readonly sample: (round: number) => readonly number[];
  readonly samples: number[];
}

export function measureGroup(
  group: readonly ReadyCase[],
  settings: Settings,
  onRound: (round: number) => void,
): MeasuredCase[] {
  const tracks = group.map((ready) => tracksOf(ready, settings));
  for (let round = 0; round < settings.rounds; round++) {
    onRound(round);
    for (const lanes of tracks) {
      for (const { rounds, sample, samples } of turned(lanes, round)) {
        if (round < rounds) for (const ns of sample(round)) samples.push(ns);
      }
    }
  }
  return group.map(({ case: test }, i) => ({
    case: test,
    timings: new Map(tracks[i]!.map(({ name, clock, samples }) => [name, summarise(samples, clock)])),
  }));
}

function tracksOf({ case: { long = false, peers = [] }, lanes }: ReadyCase, { rounds, roundMs }: Settings): Track[] {
  return [
    ...lanes.map(({ name, prepared: { run } }): Track => {
      const clock = name === THREADS ? 'wall' : long ? 'cpu' : clockFor(run);
      return {
        name,
        clock,
        rounds: long && name === 'ts' ? Math.min(rounds, LONG_TWIN_ROUNDS) : rounds,
        sample: (round) =>
          long ? callsOf(run, clock, roundMs * LONG_FACTOR, null) : callsOf(run, clock, roundMs, round),
        samples: [],
      };
    }),
    ...peers.map(({ name, sample, clock = 'cpu' }): Track => ({ name, clock, rounds, sample, samples: [] })),
  ];
}

/** Times calls for `ms`; `round` asks for a warm-up, in round 0 until the code is compiled and then for the caches. */
function callsOf(run: () => void, clock: Clock, ms: number, round: number | null): number[] {
  const bench = new Bench({
    time: ms,
    iterations: 1,
    warmup: round !== null,
    warmupTime: round === 0 ? ms : 0,
    warmupIterations: 1,
    retainSamples: true,
    throws: true,
    timestampProvider: CLOCKS[clock],
  });
  bench.add('lane', run, { async: false });
  const { result } = bench.runSync()[0]!;
  if (result.state !== 'completed') throw new Error(`measure: tinybench ended ${result.state}`);
  return result.latency.samples!.map((sample) => sample * 1e6);
}

function turned<T>(items: readonly T[], by: number): T[] {
  const first = by % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

function summarise(samples: readonly number[], clock: Clock): Timing {
  const sorted = Float64Array.from(samples).sort();
  return {
    clock,
    medianNs: quantile(sorted, 0.5),
    q1Ns: quantile(sorted, 0.25),
    q3Ns: quantile(sorted, 0.75),
    minNs: sorted[0]!,
    samples: sorted.length,
  };
}
