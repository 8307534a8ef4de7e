import { basename, join } from 'node:path';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { dyson, linalg, openBackend, report, transformer } from '../index.ts';
import { checkDirectory, readBytes, writeWhole } from './files.ts';
import { terminalLooks } from './looks.ts';
import { openFrom, promptFrom } from './open.ts';
import { integer, type ModelOptions, type PromptOptions, positive, promptCommand } from './options.ts';
import { frameOf, jsonText, promptLine } from './result.ts';
import { type Invocation, UsageError } from './run.ts';

const OPERATORS = ['ov', 'qk', 'attention', 'step'] as const;

/** `tmech spectra`: eigenvalues, pseudospectra, Kreiss constants and transient growth of a matrix or of a part of a model. */
export function spectraCommand(invocation: Invocation) {
  return promptCommand(
    'spectra',
    'Spectrum, pseudospectra, Kreiss constants and transient growth of a matrix in a file, or of an operator of a model.',
  )
    .argument('[file]', 'matrix: .npy, .npz, .safetensors or MatrixMarket')
    .option('--tensor <name>', 'which array of the file')
    .addOption(new Option('--operator <kind>', 'part of a model instead of a file').choices(OPERATORS))
    .option('--layer <n>', 'its layer', integer(0, 100_000), 0)
    .option('--head <n>', 'its head (ov, qk, attention)', integer(0, 100_000), 0)
    .option('--sublayer <kind>', 'attn or mlp (step)', sublayer, 'attn')
    .option('--offset <n>', "qk with rotary positions: the query's position minus the key's", wholeNumber, 0)
    .option('--fold-norm', "ov, qk: multiply by the norm's weight")
    .option('--grid <n>', 'lines of the grid each way', integer(2, 1000), 64)
    .option('--epsilon <list>', 'levels for abscissa and radius, separated by commas', numberList)
    .option('--horizon <n>', 'powers, and steps in time', integer(1, 100_000), 50)
    .option('--limit <n>', 'largest order for Kreiss constants and ε-abscissae', integer(1, 10_000), 100)
    .option('-o, --out <dir>', 'where spectra.json and the figures go')
    .action(async (file, { json, out, ...options }) => {
      const { progress } = invocation;
      if ((file === undefined) === (options.operator === undefined)) {
        throw new UsageError(
          `tmech spectra: the matrix must come from either a file or --operator, but ${file === undefined ? 'neither is' : 'both are'} given.`,
        );
      }
      const directory = out !== undefined && invocation.writes ? await checkDirectory('--out', out) : null;
      const { grid, horizon, limit, epsilon } = options;
      const subject =
        file === undefined ? await fromModel(invocation, options) : await fromFile(invocation, file, options);
      const result = report.analyseSpectrum(subject.backend, subject.matrix, {
        grid,
        horizon,
        limit,
        ...(epsilon === undefined ? {} : { epsilons: epsilon }),
        onProgress: (done, total) => progress.update('spectrum', done, total),
      });
      progress.stop();
      const data = report.plainNumbers({ kind: 'spectra', ...subject.frame, subject: subject.about, ...result });
      if (directory !== null) {
        await writeWhole(join(directory, 'spectra.json'), jsonText(data));
        for (const [name, svg] of report.renderSpectrumFigures(result)) await writeWhole(join(directory, name), svg);
      }
      if (json) invocation.print(jsonText(data));
      else invocation.print(subject.heading + report.renderSpectrum(subject.about.name, result, terminalLooks()));
    });
}

/** A matrix and what to say of it. */
interface Subject {
  readonly backend: Parameters<typeof report.analyseSpectrum>[0];
  readonly matrix: linalg.AnyMatrix;
  readonly frame: object;
  readonly heading: string;
  readonly about: {
    readonly name: string;
    /** The operator has so many eigenvalues and singular values 0 beyond those of the matrix that was analysed. */
    readonly zeros: number;
    /** Eigenvalues that another way gives more exactly: of the K×K product, or of the diagonal. */
    readonly eigenvalues?: Float64Array;
  };
}

interface SpectraOptions extends ModelOptions, PromptOptions {
  readonly tensor?: string | undefined;
  readonly operator?: (typeof OPERATORS)[number] | undefined;
  readonly layer: number;
  readonly head: number;
  readonly sublayer: 'attn' | 'mlp';
  readonly offset: number;
  readonly foldNorm?: true | undefined;
}

async function fromFile(
  { args }: Invocation,
  file: string,
  { tensor, backend: kind }: SpectraOptions,
): Promise<Subject> {
  const matrix = linalg.readMatrix(await readBytes(file), file, tensor === undefined ? {} : { tensor });
  const backend = await openBackend({ kind });
  const name = tensor === undefined ? basename(file) : `${basename(file)}, ${tensor}`;
  const frame = { provenance: report.provenanceOf(backend.kind, 'f64', args) };
  return { backend, matrix, frame, heading: '', about: { name, zeros: 0 } };
}

async function fromModel(invocation: Invocation, options: SpectraOptions): Promise<Subject> {
  const { operator, layer, head, offset, foldNorm = false, precision } = options;
  const model = await openFrom(options, invocation.progress);
  const { backend } = model;
  const place = `layer ${layer}, head ${head}`;
  if (operator === 'ov' || operator === 'qk') {
    const product =
      operator === 'ov'
        ? dyson.outputValueProduct(model, layer, head, { foldNorm })
        : dyson.keyQueryProduct(model, layer, head, { foldNorm, offset });
    const about = {
      name: `${operator === 'ov' ? 'W_V W_O' : 'W_Q W_Kᵀ'} of ${place} (order ${model.config.D}, on the subspace where it acts)`,
      zeros: product.zeros,
      eigenvalues: linalg.eig(backend, product.core).values,
    };
    const frame = {
      provenance: report.provenanceOf(backend.kind, 'f64', invocation.args),
      checkpoint: report.summaryOf(model),
      parameters: { operator, layer, head, offset, foldNorm },
    };
    return { backend, matrix: product.compressed, frame, heading: '', about };
  }
  const prompt = await promptFrom(model, options);
  const heading = promptLine(prompt);
  if (operator === 'attention') {
    const trace = transformer.traceForward(model, prompt.ids, { precision, keep: ['blocks.*.attn.pattern'] });
    const { reversed, eigenvalues } = dyson.attentionMatrix(model, trace, layer, head);
    const about = {
      name: `attention pattern of ${place}`,
      zeros: 0,
      eigenvalues: Float64Array.from([...eigenvalues].flatMap((value) => [value, 0])),
    };
    const frame = frameOf(invocation, model, prompt, { precision, operator, layer, head });
    return { backend, matrix: reversed, frame, heading, about };
  }
  const trace = transformer.traceForward(model, prompt.ids, { precision, keep: dyson.FROZEN_ACTIVATIONS });
  const operators = new dyson.FrozenOperators(model, trace);
  try {
    const matrix = dyson.denseStep(operators, 2 * layer + (options.sublayer === 'mlp' ? 1 : 0));
    const about = { name: `1 + V of blocks.${layer}.${options.sublayer}, frozen on the prompt`, zeros: 0 };
    const frame = frameOf(invocation, model, prompt, {
      precision,
      operator: 'step',
      layer,
      sublayer: options.sublayer,
    });
    return { backend, matrix, frame, heading, about };
  } finally {
    operators.release();
  }
}

function sublayer(text: string): 'attn' | 'mlp' {
  if (text === 'attn' || text === 'mlp') return text;
  throw new InvalidArgumentError('It must be attn or mlp.');
}

function wholeNumber(text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function numberList(text: string): number[] {
  return text.split(',').map(positive);
}
