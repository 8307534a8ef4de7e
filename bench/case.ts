import type { Backend, BackendKind } from '../src/index.ts';
import type { Clock } from './clock.ts';

/** Units a throughput can be given in, with what one of them is per second. */
const PER_SECOND = {
  'GFLOP/s': 1e9,
  'M elements/s': 1e6,
  'GB/s': 1e9,
  'M outcomes/s': 1e6,
  'tokens/s': 1,
  'prompts/s': 1,
} as const;

export type Unit = keyof typeof PER_SECOND;

/** What one call does: so many floating-point operations, elements, outcomes, bytes (read and written), tokens or prompts. */
export interface Work {
  readonly amount: number;
  readonly unit: Unit;
}

/** Throughput of a call that takes `ns` nanoseconds. */
export function throughput({ amount, unit }: Work, ns: number): number {
  return amount / (ns * 1e-9) / PER_SECOND[unit];
}

export type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

/** A result of a case, by the name the gate reports it under. */
export interface Output {
  readonly name: string;
  readonly data: Numbers;
  /** Made of rounding errors: the same bits from the exact lanes, but with no digit in common under other rounding. */
  readonly residual?: boolean;
}

/** A case with its data in place. `outputs` shows what the last `run` wrote. */
export interface Prepared {
  readonly run: () => void;
  readonly outputs: () => readonly Output[];
}

/** Another way to the same numbers in this process, such as a plain loop over Math.exp. */
export interface Rival {
  readonly name: string;
  readonly prepare: () => Prepared;
  /** It does as much work on numbers of its own, and the gate leaves it out. */
  readonly yardstick?: boolean;
}

/** Another program that computes the same. */
export interface Peer {
  readonly name: string;
  /** Its result for the gate; null if it works on numbers of its own. */
  readonly outputs: (() => readonly Output[]) | null;
  /** Largest ‖a − b‖₂/‖b‖₂ of its outputs, where it rounds more than f32 does; default: as for every other lane. */
  readonly tolerance?: number;
  /** Starts it once and gives back the nanoseconds of each call, CPU time unless `clock` says otherwise. */
  readonly sample: () => readonly number[];
  /** Several threads are timed by the wall clock. */
  readonly clock?: Clock;
}

/** One row of the benchmark. */
export interface Case {
  readonly group: string;
  readonly name: string;
  readonly precision: 'f32' | 'f64';
  readonly work: Work;
  readonly prepare: (backend: Backend) => Prepared | Promise<Prepared>;
  readonly rivals?: readonly Rival[];
  readonly peers?: readonly Peer[];
  /** Timed on all processors besides, by the wall clock. */
  readonly threaded?: boolean;
  /** A call lasts long (a quarter of a second or more on WebAssembly): few calls, and fewer of the twin. */
  readonly long?: boolean;
  /** The twin would take minutes, and cases of smaller sizes hold it to the same bits: the gate leaves it out. */
  readonly withoutTwin?: boolean;
  /** Backends to time, if not all; the gate runs the twin and WebAssembly in any case. */
  readonly timed?: readonly BackendKind[];
}

/** What `--filter` is matched against, and what messages say. */
export function titleOf({ group, name }: Case): string {
  return `${group} / ${name}`;
}
