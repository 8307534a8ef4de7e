import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { commandOf } from './known-command.ts';

/** Placeholders of options and names of arguments whose values are paths. */
const PATHS: ReadonlySet<string> = new Set(['file', 'dir', 'description', 'result']);
const HOME = `~${sep}`;

/**
 * A path as results say it, without the names of the folders above the user's: relative to the working directory where it lies
 * below it, with `~` below the home directory, else relative with `..`. A relative path stays as it was given.
 */
export function portablePath(path: string): string {
  if (!isAbsolute(path)) return path.startsWith(HOME) ? `.${sep}${path}` : path;
  const here = relative(process.cwd(), path);
  if (!isOutside(here)) return here === '' ? '.' : here.startsWith(HOME) ? `.${sep}${here}` : here;
  const home = relative(homedir(), path);
  return isOutside(home) ? here : home === '' ? '~' : HOME + home;
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/** The path that {@link portablePath} made portable. */
export function localPath(path: string): string {
  return path === '~' || path.startsWith(HOME) ? join(resolve(homedir()), path.slice(1)) : path;
}

/** A command line with every path in it changed, and nothing else: texts and names that look like paths stay. */
export function mapPaths(
  program: CommandUnknownOpts,
  args: readonly string[],
  change: (path: string) => string,
): string[] {
  let command = program;
  let positions = 0;
  let options = true;
  /** The option whose value comes next. */
  let pending: Option | null = null;
  return args.map((arg) => {
    if (pending !== null && !(pending.variadic && arg.startsWith('-'))) {
      const option = pending;
      if (!option.variadic) pending = null;
      return takesPath(option) ? change(arg) : arg;
    }
    pending = null;
    if (options && arg === '--') {
      options = false;
      return arg;
    }
    if (options && arg.startsWith('-') && arg.length > 1) {
      const [, name = arg, joint = '', value] = /^(--[^=]*|-[^-])(=?)(.+)?$/s.exec(arg) ?? [];
      const option = command.options.find(({ long, short }) => long === name || short === name);
      if (option === undefined || !(option.required || option.optional)) return arg;
      if (value === undefined && joint === '') pending = option;
      return value !== undefined && takesPath(option) ? name + joint + change(value) : arg;
    }
    const inner = positions === 0 ? commandOf(command, arg) : undefined;
    if (inner !== undefined) {
      command = inner;
      return arg;
    }
    const argument = command.registeredArguments[positions++];
    return argument !== undefined && PATHS.has(argument.name()) ? change(arg) : arg;
  });
}

function takesPath({ flags }: Option): boolean {
  const placeholder = /[<[](\w+)/.exec(flags)?.[1];
  return placeholder !== undefined && PATHS.has(placeholder);
}
