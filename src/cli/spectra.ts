import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { analyses, linalg, report } from '../index.ts';
import { outDirectory, writeAll } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { integer, option, positive, promptCommand, seed as seedOf } from './options.ts';
import { jsonText } from './result.ts';
import { fromModel } from './spectra-operators.ts';
import {
  checkSquareOptions,
  checkSubject,
  compare,
  dividedByRadius,
  fromFile,
  OPERATORS,
  SUBLAYERS,
} from './spectra-subject.ts';
import { terminalLooks } from './terminal.ts';

/** Seed of random matrices. */
const FIRST_SEED = '1';

/** `tmech spectra`: eigenvalues, pseudospectra, Kreiss constants and transient growth of a matrix or of a part of a model. */
export function spectraCommand(invocation: Invocation) {
  const defaults = analyses.SPECTRUM_DEFAULTS;
  const { surrogates: random } = linalg.randomMatrices.COMPARISON_DEFAULTS;
  return promptCommand(
    'spectra',
    'Spectrum, pseudospectra, Kreiss constants and transient growth of a matrix in a file, or of an operator of a model.',
  )
    .argument('[file]', 'matrix: .npy, .npz, .safetensors, .pt or MatrixMarket')
    .option('--tensor <name>', 'which array of a .npz, .safetensors or .pt file')
    .addOption(option.maxBytes)
    .addOption(new Option('--operator <kind>', 'part of a model instead of a file').choices(OPERATORS))
    .option('--layer <n>', 'its layer; default 0', integer(0, 100_000))
    .option('--head <n>', 'ov, qk, attention: its head; default 0', integer(0, 100_000))
    .addOption(
      new Option(
        '--sublayer <kind>',
        'step (default attn), jacobian (default block); block alone where attention and MLP are parallel',
      ).choices(SUBLAYERS),
    )
    .option('--token <n>', 'step, jacobian: only how this token acts on itself, from 0', integer(0, 1_000_000))
    .option('--offset <n>', "qk with rotary positions: the query's position minus the key's; default 0", wholeNumber)
    .option('--fold-norm', "ov, qk: multiply by the norm's weight")
    .option(
      '--grid <n>',
      `lines of the grid each way; default ${defaults.grid.square.fine}, fewer of large or rectangular matrices`,
      integer(2, 1000),
    )
    .option('--axes <list>', 'of the grid: Re from, to, Im from, to, separated by commas', axesOf)
    .option('--epsilon <list>', 'levels for abscissa and radius, separated by commas', numberList)
    .option('--horizon <n>', `powers, and steps in time; default ${defaults.horizon}`, integer(1, 100_000))
    .option('--time <t>', 'where the time of exponentials ends', positive)
    .option(
      '--limit <n>',
      `largest order for Kreiss constants and ε-abscissae; default ${defaults.limit}`,
      integer(1, 10_000),
    )
    .option('--scale', 'divide by the spectral radius first')
    .option('--random', 'hold it against random matrices too')
    .option(
      '--surrogates <n>',
      `random matrices behind each p-value; default ${random.weights}, for attention ${random.attention}`,
      integer(1, 10_000),
    )
    .addOption(new Option('--seed <n>', `seed of the random matrices; default ${FIRST_SEED}`).argParser(seedOf))
    .option('-o, --out <dir>', 'where spectra.json and the figures go')
    .action(async (file, { json, out, ...options }) => {
      const { progress } = invocation;
      checkSubject(file, options);
      for (const name of ['surrogates', 'seed'] as const) {
        if (options[name] === undefined || options.random === true) continue;
        throw new UsageError(`tmech spectra: --${name} must come with --random, but it is absent.`);
      }
      const directory = await outDirectory(invocation, out);
      const { grid, axes, time, epsilon, surrogates, seed = FIRST_SEED } = options;
      const { horizon = defaults.horizon, limit = defaults.limit } = options;
      const found =
        file === undefined ? await fromModel(invocation, options) : await fromFile(invocation, file, options);
      checkSquareOptions(found.matrix, options);
      const subject = options.scale === true ? dividedByRadius(found) : found;
      if (options.random === true && subject.parts.length === 0) {
        throw new UsageError(
          'tmech spectra: --random needs causal attention, but in this model every token sees all. Leave --random out.',
        );
      }
      const asked = { seed: BigInt(seed), ...(surrogates === undefined ? {} : { surrogates }) };
      const random = options.random === true ? subject.parts.map((part) => compare(subject, part, asked)) : null;
      const result = analyses.analyseSpectrum(subject.backend, subject.matrix, {
        horizon,
        limit,
        ...(grid === undefined ? {} : { grid }),
        ...(axes === undefined ? {} : axes),
        ...(time === undefined ? {} : { time }),
        ...(epsilon === undefined ? {} : { epsilons: epsilon }),
        onProgress: (done, total) => progress.update('spectrum', done, total),
      });
      progress.stop();
      const { frame, about } = subject;
      const parameters = {
        ...frame.parameters,
        ...(grid === undefined ? {} : { grid }),
        horizon,
        limit,
        scale: options.scale === true,
        ...(axes === undefined ? {} : { axes: [...axes.re, ...axes.im] }),
        ...(time === undefined ? {} : { time }),
        ...(epsilon === undefined ? {} : { epsilon }),
        ...(random === null ? {} : { ...(surrogates === undefined ? {} : { surrogates }), seed }),
      };
      const data = analyses.plainNumbers({ kind: 'spectra', ...frame, parameters, subject: about, ...result, random });
      if (directory !== null) {
        const figures = [...report.renderSpectrumFigures(result), ...report.renderRandomFigures(random ?? [])];
        await writeAll(directory, [['spectra.json', jsonText(data)], ...figures]);
      }
      if (json) invocation.print(jsonText(data));
      else {
        const looks = terminalLooks();
        const texts = [report.renderSpectrum(about.name, result, looks), report.renderRandom(random ?? [], looks)];
        invocation.print(subject.heading + texts.join(''));
      }
    });
}

function wholeNumber(text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** The sides of a grid, for commander. */
function axesOf(text: string) {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [left, right, bottom, top] = numbers as [number, number, number, number];
  const [width, height] = [right - left, top - bottom];
  if (numbers.length !== 4 || !(width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height)))
    throw new InvalidArgumentError('It must be four numbers, Re from and to, Im from and to, as in -2,1,-1,1.');
  return { re: [left, right], im: [bottom, top] } as const;
}

function numberList(text: string): number[] {
  return text.split(',').map(positive);
}
