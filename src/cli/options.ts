import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { analyses, qlens, transformer, VERSION } from '../index.ts';

/** A whole number in a range, for commander. */
export function integer(low: number, high: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    }
    return value;
  };
}

/** A positive number, for commander. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < Infinity))
    throw new InvalidArgumentError('It must be a positive number.');
  return value;
}

/** Orders of Rényi entropies separated by commas or blanks: positive numbers, inf for the limit. */
export function renyiOrders(text: string): number[] {
  const orders = text
    .trim()
    .split(/\s*,\s*|\s+/)
    .map((part) => (/^inf(inity)?$/i.test(part) ? Infinity : Number(part)));
  if (!orders.every((order) => order > 0))
    throw new InvalidArgumentError('It must be positive numbers separated by commas; inf is the limit.');
  return orders;
}

/** A number other than 0, for commander. */
export function nonZero(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value === 0)
    throw new InvalidArgumentError('It must be a number other than 0.');
  return value;
}

/** A number of bytes, with or without a unit, for commander. */
export function byteCount(high: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const [, digits, unit = ''] = /^(\d{1,15})(KiB|MiB|GiB)?$/.exec(text) ?? [];
    const value = Number(digits) * 1024 ** ['', 'KiB', 'MiB', 'GiB'].indexOf(unit);
    if (value > 0 && value <= high) return value;
    const most = high === Number.MAX_SAFE_INTEGER ? '' : `, at most ${high}`;
    throw new InvalidArgumentError(`It must be a number of bytes, as in 2000000 or 512MiB${most}.`);
  };
}

/** A share above 0 and at most 1, for commander. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1))
    throw new InvalidArgumentError('It must be above 0 and at most 1.');
  return value;
}

/** A seed: a whole number below 2⁶⁴, kept as its decimal text. */
export function seed(text: string): string {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 1n << 64n)
    throw new InvalidArgumentError('It must be a whole number below 2^64.');
  return text;
}

/** --max-strings for maxStrings. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Token ids separated by commas or blanks. */
export function idList(text: string): number[] {
  const parts = text.trim().split(/\s*,\s*|\s+/);
  if (!parts.every((part) => /^\d{1,9}$/.test(part)))
    throw new InvalidArgumentError('It must be whole numbers separated by commas.');
  return parts.map(Number);
}

/** A command that runs a model on a prompt, which may stand by itself. */
export function promptFirstCommand(name: string, description: string) {
  return promptCommand(name, description).argument(
    '[prompt]',
    'the prompt, instead of --prompt; - reads standard input',
  );
}

/** Options of every command that runs a model on a prompt. */
export function promptCommand(name: string, description: string) {
  return modelCommand(name, description)
    .option('-p, --prompt <text>', 'the prompt; - reads standard input')
    .option('--ids <list>', 'token ids instead of text, for example 49,46,44', idList)
    .addOption(bosOption());
}

/** Whether the beginning-of-text token comes first. */
export function bosOption() {
  return new Option('--bos <when>', 'put the beginning-of-text token in front; auto does as the tokenizer itself does')
    .choices(['auto', 'on', 'off'] as const)
    .default('auto' as const);
}

export function backendOption() {
  return new Option('--backend <kind>', 'which implementation computes')
    .choices(['auto', 'wasm', 'wasm-relaxed', 'ts'] as const)
    .default('auto' as const);
}

export function threadsOption() {
  return new Option(
    '--threads <n>',
    'threads that large products run on; the numbers do not depend on it (default: one for each processor)',
  ).argParser(integer(1, 64));
}

/** Options of every command that runs a model. */
export function modelCommand(name: string, description: string) {
  return plainCommand(name, description)
    .option(
      '-m, --model <dir>',
      'checkpoint folder (config.json, *.safetensors, tokenizer.json), or GGUF file; default: the embedded model',
    )
    .addOption(
      new Option('--precision <kind>', 'f32: products in f32; f64: everything in f64')
        .choices(['f32', 'f64'] as const)
        .default(transformer.PASS_DEFAULTS.precision),
    )
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(memoryOption());
}

/** The budget for weights. */
export function memoryOption() {
  return new Option(
    '--memory <n>',
    'most memory for the weights, as 3GiB; what is beyond is read from the files in every sweep over the layers; default: what the machine has free',
  ).argParser(byteCount());
}

/** A command with --json. */
export function plainCommand(name: string, description: string) {
  return new Command(name)
    .description(description)
    .option('--json', 'print the result as JSON on standard output, and nothing else there')
    .version(VERSION, '--version', 'print the version');
}

export interface ModelOptions {
  readonly model?: string | undefined;
  readonly precision: 'f32' | 'f64';
  readonly backend: 'auto' | 'wasm' | 'wasm-relaxed' | 'ts';
  readonly threads?: number | undefined;
  /** Most bytes for the weights. */
  readonly memory?: number | undefined;
}

export interface PromptOptions {
  readonly prompt?: string | undefined;
  readonly ids?: readonly number[] | undefined;
  readonly bos: 'auto' | 'on' | 'off';
}

const { depth, maxStrings, trajectories, seed: firstSeed, temperature, top } = analyses.ANALYSIS_DEFAULTS;

/** Options of single pictures, shared by the commands that show them. */
export const option = {
  top: new Option('-k, --top <n>', 'likeliest entries to list').argParser(integer(1, 1_000_000)).default(top),
  depth: new Option('--depth <n>', 'steps L of the measurement tree').argParser(integer(1, 100_000)).default(depth),
  maxStrings: new Option(
    '--max-strings <n>',
    'heaviest strings kept after each step; the certificate says what was dropped',
  )
    .argParser(integer(1, 10_000_000))
    .default(maxStrings),
  trajectories: new Option('--trajectories <n>', 'histories to sample')
    .argParser(integer(0, 10_000_000))
    .default(trajectories),
  seed: new Option('--seed <n>', 'seed of the sampled histories').argParser(seed).default(firstSeed),
  temperature: new Option('--temperature <x>', 'logits are divided by it').argParser(positive).default(temperature),
  topK: new Option('--top-k <n>', 'only the n likeliest tokens keep their probability').argParser(
    integer(1, 10_000_000),
  ),
  topP: new Option(
    '--top-p <x>',
    `only the fewest likeliest tokens that make up this share keep theirs; default ${transformer.SAMPLING_DEFAULTS.topP}`,
  ).argParser(share),
  lensUnchecked: new Option('--lens-unchecked', 'with --lens: take it though it names another model than this'),
  maxBytes: new Option(
    '--max-bytes <n>',
    'most memory for the arrays of a file, as 2GiB; default: eight times the file, from 256MiB to 4GiB',
  ).argParser(byteCount()),
  position: new Option(
    '--position <n>',
    'of a model of masked words: the token to predict, counted from 0; default: the first masked one',
  ).argParser(integer(0, 1_000_000_000)),
  operator: new Option('--operator <kind>', 'which unitary moves one stage to the next')
    .choices(['householder', 'rotation'] as const)
    .default(qlens.QLENS_DEFAULTS.operator),
};
