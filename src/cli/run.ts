import { CommanderError } from '@commander-js/extra-typings';
import { MechanicsError } from '../index.ts';
import { createProgram } from './program.ts';
import { Progress } from './progress.ts';

/** Exit codes: done; the work failed; the command line was wrong; the user stopped it. */
export const EXIT = { done: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The command line as a whole is wrong, though each option is right. */
export class UsageError extends Error {}

/** The user stopped the work, and it ended in order. */
export class Interrupted extends Error {}

/** What a command needs from its surroundings. */
export interface Invocation {
  /** Arguments after `tmech`, as results carry them: without absolute paths. */
  readonly args: readonly string[];
  /** Standard output. */
  readonly print: (text: string) => void;
  /** false: the command prints its result but writes no file. */
  readonly writes: boolean;
  /** Progress on stderr; stopped when the command ends, however it ends. */
  readonly progress: Progress;
}

/** Runs one command line; errors become one line on stderr and an exit code. */
export async function run(
  args: readonly string[],
  print: (text: string) => void,
  { writes = true }: { readonly writes?: boolean } = {},
): Promise<number> {
  const progress = new Progress();
  try {
    await createProgram({ args, print, writes, progress }).parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    progress.stop();
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof MechanicsError || error instanceof UsageError || error instanceof Interrupted) {
      process.stderr.write(`error: ${oneLine(error.message)}\n`);
      if (error instanceof Interrupted) return EXIT.interrupted;
      return error instanceof UsageError ? EXIT.usage : EXIT.failure;
    }
    process.stderr.write(
      `error: this is a fault of tmech itself, please report it.\n${(error as Error).stack ?? String(error)}\n`,
    );
    return EXIT.failure;
  } finally {
    progress.stop();
  }
}

/** Messages may quote hostile names; a terminal gets no control character of theirs. */
function oneLine(message: string): string {
  return message.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
