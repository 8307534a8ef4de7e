/**
 * Which clock times a call. On a machine that others use as well, a call of some milliseconds is interrupted now and then and
 * its wall time is mostly theirs; a call of some microseconds is hardly ever, but is too short for the clock of the CPU time.
 * So calls of a quarter of a millisecond and more are timed by the CPU time of this process, shorter ones by the wall clock.
 */
import { hrtimeNowTimestampProvider, type TimestampProvider } from 'tinybench';

export type Clock = 'wall' | 'cpu';

const LONGEST_BY_WALL_MS = 0.25;
const CALLS_TO_TELL = 3;

/** User and system time in microseconds; a reading costs about one. */
const CPU_TIME: TimestampProvider = {
  name: 'cpu',
  fn: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  fromMs: (ms) => ms * 1e3,
  toMs: (us) => Number(us) / 1e3,
};

export const CLOCKS: Readonly<Record<Clock, TimestampProvider>> = { wall: hrtimeNowTimestampProvider, cpu: CPU_TIME };

/** Calls `run` a few times and says which clock suits it. */
export function clockFor(run: () => void): Clock {
  let shortest = Number.POSITIVE_INFINITY;
  for (let call = 0; call < CALLS_TO_TELL; call++) {
    const start = performance.now();
    run();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest < LONGEST_BY_WALL_MS ? 'wall' : 'cpu';
}
