/**
 * The pages of docs/ are true: links lead somewhere, command lines parse and print what is shown, activation names exist, and
 * TypeScript stands in an example. With TMECH_UPDATE_DOCS=1 the output shown is brought up to date instead of checked.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { activationNames } from '../../src/transformer/index.ts';
import { tmech } from '../support/command-line.ts';
import { silentInvocation } from '../support/silent-invocation.ts';
import { wiredConfig } from '../support/wired-model.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = readdirSync(`${root}docs`)
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const linked = [...pages, 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
const textOf = (page: string): string => readFileSync(root + page, 'utf8');

/** Where the pages say that files are, and where they are in the test. */
const SHOWN = '/home/me/out';
let out = '';
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'tmech-docs-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

/** Fenced blocks in a language. */
function blocks(text: string, language: string): string[] {
  return Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm')), ([, block]) => block!);
}

/** Arguments of every `tmech` command line of a block, `$ tmech …` or `… | tmech …`, without redirections. */
function commandLines(block: string): string[][] {
  return Array.from(block.matchAll(/^(?:\$ |.*\| )?(?:npx )?tmech (.*)$/gm), ([, line]) => words(line!));
}

/** The words of a shell command; it ends at a redirection or a pipe. */
function words(line: string): string[] {
  const all = Array.from(line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, a, b, c]) => a ?? b ?? c!);
  const end = all.findIndex((word) => /^(\d?>|\|)/.test(word));
  return end < 0 ? all : all.slice(0, end);
}

describe.each(linked)('%s', (page) => {
  const text = textOf(page);

  it('has links that lead somewhere', () => {
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [path, anchor] = target!.split('#') as [string, string?];
      const file = path === '' ? root + page : join(root, dirname(page), path);
      expect(existsSync(file), `${target} in ${page}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(readFileSync(file, 'utf8')), `${target} in ${page}`).toContain(anchor);
    }
  });

  it('has command lines that parse', () => {
    const lines = ['console', 'sh'].flatMap((language) => blocks(text, language)).flatMap(commandLines);
    for (const [name, ...args] of lines) {
      const program = createProgram(silentInvocation());
      let command = program.commands.find((candidate) => candidate.name() === name);
      expect(command, `tmech ${name}`).toBeDefined();
      const subcommand = command!.commands.find((candidate) => candidate.name() === args[0]);
      if (subcommand !== undefined) [command] = [subcommand, args.shift()];
      const { operands, unknown } = command!.parseOptions(args);
      expect(unknown, `tmech ${name} ${args.join(' ')}`).toEqual([]);
      const most = command!.registeredArguments.some(({ variadic }) => variadic)
        ? Infinity
        : command!.registeredArguments.length;
      expect(operands.length).toBeLessThanOrEqual(most);
    }
  });
});

/** Anchors of the headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (page) => {
  it('shows TypeScript that stands in an example', () => {
    const examples = readdirSync(`${root}examples`).filter((name) => name.endsWith('.ts'));
    const sources = examples.map((name) => textOf(`examples/${name}`));
    for (const block of blocks(textOf(page), 'ts')) {
      expect(
        sources.some((source) => source.includes(block)),
        block,
      ).toBe(true);
    }
  });

  it('shows what the commands print', async () => {
    let text = textOf(page);
    for (const block of blocks(text, 'console')) {
      let fresh = '';
      for (const [, command, shown] of block.matchAll(/^(\$ .*\n)((?:(?!\$ ).*\n)*)/gm)) {
        fresh += command! + (isRepeatable(command!) ? await freshOutput(command!, shown!) : shown);
      }
      text = text.replace(block, () => fresh);
    }
    if (process.env.TMECH_UPDATE_DOCS === '1') writeFileSync(root + page, text);
    else expect(textOf(page)).toBe(text);
  });
});

/** Whether a test can run the line: `tmech` alone, on what comes with the repository. */
function isRepeatable(line: string): boolean {
  return line.startsWith('$ tmech ') && !/ (-m|--model) | [|>] /.test(line);
}

/** The output of a command, cut like the output shown: as many lines before and after a line `…`. */
async function freshOutput(command: string, shown: string): Promise<string> {
  const args = words(command.slice('$ tmech '.length)).map((word) => word.replace(/^out(?=\/)/, out));
  const { stdout, stderr } = await tmech(...args);
  const printed = stripVTControlCharacters(stdout + stderr).replaceAll(out, SHOWN);
  const actual = printed.split('\n').slice(0, -1);
  const lines = shown.split('\n').slice(0, -1);
  const cut = lines.indexOf('…');
  if (cut < 0) return printed;
  const after = lines.length - cut - 1;
  return [...actual.slice(0, cut), '…', ...actual.slice(actual.length - after)].map((line) => `${line}\n`).join('');
}

describe('docs/command-line.md', () => {
  const program = createProgram(silentInvocation());
  const optionOf = (path: string, flag: string) => {
    const command = path
      .split(' ')
      .reduce((outer, name) => outer.commands.find((inner) => inner.name() === name)!, program as CommandUnknownOpts);
    return [command, ...command.commands].flatMap(({ options }) => options).find(({ long }) => long === flag)!;
  };
  /** Where the table has the default of an option: command, flag, the default. */
  const stated = textOf('docs/command-line.md')
    .split(/^## /m)
    .flatMap((section) => {
      const heading = section.slice(0, section.indexOf('\n'));
      const rows = section.matchAll(/^\| (`[^|]*`) \| [^|]* \| ([^|]*) \|(?: ([^|]*) \|)?$/gm);
      return Array.from(rows, ([, flags, text, last]) => ({ heading, flags: flags!, text: text!, last })).flatMap(
        ({ heading, flags, text, last }) => {
          const others = Array.from(text.matchAll(/`(\w+)`: ([\w.-]+)/g), ([, command, value]) => [command!, value!]);
          const value = /^`?(\d[\w.-]*|[a-z]+(?=`$))/.exec(text)?.[1];
          const long = Array.from(flags.matchAll(/--[a-z-]+/g), ([flag]) => flag);
          const own = /^(Common|Output)/.test(heading) ? (last?.match(/\w+/g) ?? ['next']) : [heading];
          return long.flatMap((flag) =>
            own.flatMap((command) => {
              const here = others.find(([other]) => other === command)?.[1] ?? value;
              return here === undefined ? [] : [[command, flag, here] as const];
            }),
          );
        },
      );
    });

  it('states many defaults', () => expect(stated.length).toBeGreaterThan(50));

  it.each(stated)('tmech %s %s: the default is %s', (command, flag, value) => {
    const { defaultValue, description } = optionOf(command, flag);
    if (defaultValue === undefined) expect(description).toMatch(new RegExp(`default:? ${value}(?!\\w)`));
    else expect(String(defaultValue)).toBe(Number.isFinite(Number(value)) ? String(Number(value)) : value);
  });
});

describe('docs/trace.md', () => {
  const names = Array.from(textOf('docs/trace.md').matchAll(/^\| `([^`]+)` \|/gm), ([, name]) => name!);

  it('lists every activation of a gated model with norms everywhere and a head of masked words, in order, and no other', () => {
    const headTransform = { activation: 'gelu', bias: true } as const;
    const config = wiredConfig({ L: 1, normPlacement: 'sandwich', embeddingNorm: true, headTransform });
    expect(names).toEqual(activationNames(config));
  });

  it('names only activations that exist', () => {
    const all = new Set(names);
    for (const [, name] of textOf('docs/trace.md').matchAll(/trace\["([^"{]+)"\]/g)) {
      expect(all.has(name!.replace(/^blocks\.\d+/, 'blocks.0')) || name === 'ids' || name === 'metadata', name).toBe(
        true,
      );
    }
  });
});
