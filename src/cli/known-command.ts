import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { nearNames } from '../core/names.ts';
import { UsageError } from './invocation.ts';

/**
 * @throws UsageError for a command that does not exist. Commander itself says so only where no option asks for help.
 */
export function checkCommand(program: CommandUnknownOpts, args: readonly string[]): void {
  let command = program;
  for (const arg of args[0] === 'help' ? args.slice(1) : args) {
    if (arg.startsWith('-')) return;
    const next = commandOf(command, arg);
    if (next === undefined) {
      const takesArguments = command.registeredArguments.length > 0;
      if (takesArguments || command.commands.length === 0) return;
      const names = command.commands.map((known) => known.name());
      const [near] = nearNames(names, arg);
      const advice = near === undefined ? 'Run it with --help for what each does.' : `Did you mean ${near}?`;
      throw new UsageError(
        `${pathOf(command)}: the command must be one of ${names.join(', ')}, but it is '${arg}'. ${advice}`,
      );
    }
    command = next;
  }
}

/** The command of a program by its name or its other name. */
export function commandOf(program: CommandUnknownOpts, name: string): CommandUnknownOpts | undefined {
  return program.commands.find((known) => known.name() === name || known.aliases().includes(name));
}

function pathOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
