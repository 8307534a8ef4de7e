import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { VERSION } from '../index.ts';
import { analyzeCommand } from './analyze.ts';
import { chenCommand } from './chen.ts';
import { dysonCommand } from './dyson.ts';
import { infoCommand } from './info.ts';
import type { Invocation } from './invocation.ts';
import { checkOrder } from './known-command.ts';
import { lensCommand } from './lens.ts';
import { nextCommand } from './next.ts';
import { mapPaths, portablePath } from './portable-paths.ts';
import { qlensCommand } from './qlens.ts';
import { reproduceCommand } from './reproduce.ts';
import { rerunCommand } from './rerun.ts';
import { spectraCommand } from './spectra.ts';
import { terminal } from './terminal.ts';
import { traceCommand } from './trace.ts';

/** The whole command line. Usage errors throw a CommanderError after their message. */
export function createProgram(invocation: Invocation): Command {
  const output = { writeOut: invocation.print, writeErr: terminal.note };
  const program = new Command('tmech')
    .description('Treat a transformer as a physical system: open quantum system, state vector, Dyson series.')
    .version(VERSION, '--version', 'print the version')
    .showHelpAfterError('Run the command with --help for its options.')
    .enablePositionalOptions()
    .configureOutput(output);
  const commands = [
    analyzeCommand,
    nextCommand,
    chenCommand,
    qlensCommand,
    dysonCommand,
    spectraCommand,
    lensCommand,
    traceCommand,
    infoCommand,
    reproduceCommand,
    rerunCommand,
  ];
  const inResults: Invocation = {
    ...invocation,
    get args() {
      return mapPaths(program, invocation.args, portablePath);
    },
  };
  for (const make of commands) program.addCommand(make(inResults));
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput(output).hook('preSubcommand', checkOrder);
  }
  return program;
}

function withSubcommands(command: CommandUnknownOpts): CommandUnknownOpts[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
