import { CommanderError } from '@commander-js/extra-typings';
import { MechanicsError } from '../index.ts';
import { EXIT, Interrupted, type Invocation, UsageError } from './invocation.ts';
import { checkCommand } from './known-command.ts';
import { createProgram } from './program.ts';
import { Progress } from './progress.ts';
import { shown, terminal } from './terminal.ts';

/** Runs one command line; errors become one line on stderr and an exit code. */
export async function run(
  args: readonly string[],
  print: (text: string) => void,
  { writes = true }: { readonly writes?: boolean } = {},
): Promise<number> {
  const progress = new Progress();
  try {
    const invocation: Invocation = { args, print: (text) => print(shown(text)), writes, progress, repeat };
    const program = createProgram(invocation);
    checkCommand(program, args);
    await program.parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    progress.stop();
    return failed(error);
  } finally {
    progress.stop();
  }
}

async function repeat(args: readonly string[]) {
  let output = '';
  const print = (text: string) => {
    output += text;
  };
  const code = await run(args, print, { writes: false });
  return { code, output };
}

/** Says what went wrong. */
function failed(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.excessArguments') terminal.note('Text of several words needs quotes around it.\n');
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  const message = reasonOf(error);
  if (message === null) {
    terminal.note(
      `error: this is a fault of tmech itself, please report it.\n${(error as Error)?.stack ?? String(error)}\n`,
    );
    return EXIT.failure;
  }
  terminal.complain('error', message);
  if (error instanceof Interrupted) return EXIT.interrupted;
  return error instanceof UsageError ? EXIT.usage : EXIT.failure;
}

/** What an error says of the input or the machine; null for a fault of the program. */
function reasonOf(error: unknown): string | null {
  if (error instanceof MechanicsError || error instanceof UsageError || error instanceof Interrupted) {
    return error.message;
  }
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  if (syscall !== undefined) {
    return `tmech: ${path ?? 'a file'} must stay within reach, but ${syscall} failed (${code ?? message}). Check the place, and run the command again.`;
  }
  if (
    error instanceof RangeError &&
    /allocation|Invalid (typed )?array( buffer)? length|string length/i.test(message)
  ) {
    return `tmech: the work must fit in memory, but it does not (${message}). Ask for less, or give Node more memory.`;
  }
  return null;
}
