import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { nearNames } from '../core/names.ts';
import { UsageError } from './invocation.ts';

/**
 * @throws UsageError for a command that does not exist. Commander itself says so only where no option asks for help, and takes the misspelt
 * name of a subcommand for a prompt.
 */
export function checkCommand(program: CommandUnknownOpts, args: readonly string[]): void {
  let command = program;
  for (const arg of args[0] === 'help' ? args.slice(1) : args) {
    if (arg.startsWith('-')) return;
    const next = commandOf(command, arg);
    if (next === undefined) {
      if (command.commands.length === 0) return;
      const takesArguments = command.registeredArguments.length > 0;
      const names = command.commands.map((known) => known.name());
      const [near] = nearNames(names, arg);
      if (takesArguments && near === undefined) return;
      const otherwise = takesArguments ? ' Give a prompt of this word with --prompt.' : '';
      const advice =
        near === undefined ? 'Run it with --help for what each does.' : `Did you mean ${near}?${otherwise}`;
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

/** @throws UsageError for an option that stands before a subcommand, which would not hear of it. */
export function checkOrder(command: CommandUnknownOpts, subcommand: CommandUnknownOpts): void {
  const early = command.options.find((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  if (early === undefined) return;
  throw new UsageError(
    `${pathOf(command)}: options must come after ${subcommand.name()}, but ${early.long ?? early.flags} stands before it. Put it behind.`,
  );
}

function pathOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
