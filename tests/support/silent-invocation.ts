import type { Invocation } from '../../src/cli/invocation.ts';
import { Progress } from '../../src/cli/progress.ts';

/** An invocation that writes nothing and repeats nothing, for tests that only parse. */
export function silentInvocation(): Invocation {
  const repeat = () => Promise.reject(new Error('a silent invocation repeats nothing'));
  return { args: [], print: () => {}, writes: false, progress: new Progress(), repeat };
}
