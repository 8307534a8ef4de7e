import type { CaseRandom } from './random.ts';

/** Something that reads what strangers wrote. A new one needs a file in `targets/` and a line in `targets/index.ts`. */
export interface Target<Input = unknown> {
  readonly name: string;
  /** How many cases it gets beside the others; 1 by default, more where a case is cheap. */
  readonly weight?: number;
  /** Makes a case: mostly a valid input with a few things changed. */
  readonly make: (random: CaseRandom) => Input;
  /** Reads it. It may give a result or refuse; to throw anything else is a fault, and so is an answer that the target itself finds wrong. */
  readonly read: (input: Input) => unknown | Promise<unknown>;
  /** Errors beside `MechanicsError` by which it may refuse. */
  readonly refuses?: (error: unknown) => boolean;
  /** Every input has a result, so none is refused; or no case has one. By default some have. */
  readonly answers?: 'all' | 'none';
}

/** A target whose input is only its own affair. */
export function target<Input>(given: Target<Input>): Target {
  return given as Target;
}

/** An answer that is wrong. */
export class WrongAnswer extends Error {}
