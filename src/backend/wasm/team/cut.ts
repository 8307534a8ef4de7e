import type { Kernels } from '../../kernels.ts';
import type { Space } from './space.ts';
import type { Team } from './team.ts';

/** The argument of a kernel. */
export type CallOf<Name extends keyof Kernels> = Parameters<Kernels[Name]>[0];

/** What a call that is cut works with. */
export interface Recording {
  /** Kernels that write down what they are called with, as parts to be run. */
  readonly recorded: Kernels;
  /** Kernels on the caller's thread. */
  readonly alone: Kernels;
  /** Work space that parts must not share. */
  readonly space: Space;
}

/** How a kernel's call becomes several, whose results do not depend on how many. */
export interface Cut<Call> {
  /** Operations of the whole call, of half a nanosecond each. */
  readonly work: (call: Call) => number;
  /** Into how many parts it can fall. */
  readonly units: (call: Call) => number;
  /** Records at most two calls for each of `parts` parts; gives back what is to be done when they have run, if anything. */
  readonly record: (call: Call, parts: number, recording: Recording) => (() => void) | undefined;
}

/** Kernels whose calls can be cut. */
export type Cuts = { readonly [Name in keyof Kernels]?: Cut<CallOf<Name>> };

/** `parts` ranges of about as many units each. */
export function rangesOf(units: number, parts: number): (readonly [from: number, to: number])[] {
  const end = (i: number): number => Math.floor((i * units) / parts);
  return Array.from({ length: parts }, (_, i) => [end(i), end(i + 1)] as const);
}

/** A cut into calls of the same kernel, each on a range of its units: rows, panels, heads. */
export function byRange<Name extends keyof Kernels>(
  name: Name,
  {
    work,
    units,
    part,
  }: {
    readonly work: (call: CallOf<Name>) => number;
    readonly units: (call: CallOf<Name>) => number;
    /** The call on units `from` to before `to`. */
    readonly part: (call: CallOf<Name>, from: number, to: number, space: Space) => CallOf<Name>;
  },
): Cut<CallOf<Name>> {
  return {
    work,
    units,
    record(call, parts, { recorded, space }) {
      const kernel = recorded[name] as (call: CallOf<Name>) => unknown;
      for (const [from, to] of rangesOf(units(call), parts)) kernel(part(call, from, to, space));
      return undefined;
    },
  };
}

/** Work below which a part does not pay for its hand-over. */
export const LEAST_WORK = 100_000;
/** Parts for each thread: whoever is held up leaves some of its own to the others. */
const PARTS_PER_THREAD = 4;

/**
 * The kernels, of which those in `cuts` run large calls on all threads of a team: to the same bits, whatever their number.
 *
 * @param leastWork that a part has: {@link LEAST_WORK}, but for tests that cut everything.
 */
export function teamKernels(recording: Recording, cuts: Cuts, team: Team, leastWork: number): Kernels {
  const { alone, space } = recording;
  const spread = <Name extends keyof Kernels>(name: Name, cut: Cut<CallOf<Name>>): Kernels[Name] => {
    const one = alone[name] as (call: CallOf<Name>) => unknown;
    const onTeam = (call: CallOf<Name>): unknown => {
      const most = Math.min(team.size * PARTS_PER_THREAD, Math.floor(cut.work(call) / leastWork));
      const parts = most < 2 ? 1 : Math.min(most, cut.units(call));
      if (parts < 2) return one(call);
      space.begin();
      team.begin();
      const finish = cut.record(call, parts, recording);
      team.run();
      finish?.();
      return undefined;
    };
    return onTeam as Kernels[Name];
  };
  const names = Object.keys(cuts) as (keyof Kernels)[];
  return { ...alone, ...Object.fromEntries(names.map((name) => [name, spread(name, cuts[name] as never)])) };
}
