import { MechanicsError } from '../../src/core/errors.ts';
import type { AllocationMeter } from './allocations.ts';
import { CaseRandom } from './random.ts';
import type { Target } from './target.ts';

/** No case may take longer; the machine may be busy with other things. */
export const MOST_SECONDS = 20;
/** No case may ask for more bytes of arrays: inputs have some kilobytes, and readers are told to stop at a mebibyte. */
const MOST_BYTES = 2 ** 26;

export interface CaseResult {
  readonly refused: boolean;
  readonly milliseconds: number;
  readonly bytes: number;
  /** What is wrong, null if nothing is. */
  readonly fault: string | null;
}

/** Makes a case and reads it: a result, or a refusal by an error of this package, within bounds. */
export async function runCase(
  target: Target,
  seed: number,
  number: number,
  meter: AllocationMeter,
): Promise<CaseResult> {
  const input = target.make(new CaseRandom(seed, target.name, number));
  meter.take();
  const started = performance.now();
  let error: unknown = null;
  try {
    await target.read(input);
  } catch (thrown) {
    error = thrown ?? new Error('threw nothing');
  }
  const milliseconds = performance.now() - started;
  const bytes = meter.take();
  const refused = error instanceof MechanicsError || (error !== null && target.refuses?.(error) === true);
  return { refused, milliseconds, bytes, fault: faultOf(target, error, refused, milliseconds, bytes) };
}

function faultOf(target: Target, error: unknown, refused: boolean, milliseconds: number, bytes: number): string | null {
  if (error !== null && !refused) return `threw ${(error as Error).stack ?? String(error)}`;
  if (refused && target.answers === 'all') return `refused what has a result: ${(error as Error).message}`;
  if (refused && !/\S/.test((error as Error).message)) return 'refused without a message';
  if (milliseconds > 1000 * MOST_SECONDS) return `took ${Math.round(milliseconds)} ms`;
  return bytes > MOST_BYTES ? `asked for ${bytes} bytes` : null;
}
