import { join } from 'node:path';
import { analyses, formats, qlens, report, transformer } from '../index.ts';
import { outDirectory, writeAll, writeWhole } from './files.ts';
import { type Invocation, UsageError } from './invocation.ts';
import { lensFrom } from './lens-source.ts';
import { backendFrom, openFrom } from './open.ts';
import type { ModelOptions, PromptOptions } from './options.ts';
import { portablePath } from './portable-paths.ts';
import { lawsOf } from './read-laws.ts';
import { promptsOf } from './read-texts.ts';
import { jsonText } from './result.ts';
import { terminalLooks } from './terminal.ts';

export interface DataSetCommandOptions extends ModelOptions, Pick<PromptOptions, 'bos'> {
  readonly texts?: string | undefined;
  readonly laws?: string | undefined;
  readonly rows: 'logits' | 'probabilities' | 'hidden';
  readonly sumTolerance: number;
  readonly stages?: string[] | undefined;
  readonly maxBytes?: number | undefined;
  readonly limit?: number | undefined;
  readonly steps?: string[] | undefined;
  readonly out?: string | undefined;
  readonly saveVectors?: true | undefined;
  readonly allOperators?: true | undefined;
  readonly lens?: string | undefined;
  readonly lensUnchecked?: true | undefined;
  readonly permutations: number;
  readonly seed: string;
  readonly umap: boolean;
  readonly top: number;
  readonly operator: 'householder' | 'rotation';
  readonly alpha: number;
  /** An option that was given and belongs to a single prediction: its name. */
  readonly ofOnePrediction: string | null;
  readonly json?: true | undefined;
}

/** `tmech qlens --texts` and `--laws`: the operators of many predictions, or one prediction that another program made. */
export async function qlensDataSet(invocation: Invocation, options: DataSetCommandOptions): Promise<void> {
  const { args, print, progress } = invocation;
  const { texts, laws, json, top, precision, out } = options;
  checkUsage(options);
  if (texts !== undefined) checkMany(options.ofOnePrediction);
  const directory = await outDirectory(invocation, out);
  const needsModel = texts !== undefined || options.rows === 'hidden' || options.model !== undefined;
  const lens = await lensFrom(options.lens, options.lensUnchecked);
  const model = needsModel ? await openFrom(options, progress) : null;
  const backend = model?.backend ?? (await backendFrom(options));
  const used = texts === undefined ? 'f64' : precision;
  const frameOf = () => ({
    provenance: analyses.provenanceOf(backend, used, args, model?.streamed),
    ...(model === null ? {} : { checkpoint: analyses.summaryOf(model) }),
    parameters: {
      ...(texts === undefined ? { laws: portablePath(laws!), rows: options.rows } : { texts: portablePath(texts) }),
      ...{ precision: used, top },
      ...lens?.parameters,
      ...choices(options),
    },
  });
  const sources = texts === undefined ? await lawsOf(laws!, arrayOptions(options, model), options.maxBytes) : null;
  if (sources?.length === 1) {
    if (options.saveVectors) {
      throw new UsageError(
        'tmech qlens: --save-vectors must come with a data set, but there is a single prediction. Leave it out.',
      );
    }
    const { operator, alpha } = options;
    const result = qlens.analyseStages(backend, sources[0]!, { operator, alpha, top });
    const labels = labelled(model, [
      ...result.stages.flatMap((row) => row.top),
      ...result.transitions.flatMap((row) => row.top),
    ]);
    const frame = frameOf();
    const parameters = { ...frame.parameters, operator, alpha };
    const data = { kind: 'qlens', ...frame, parameters, labels, ...result };
    if (directory !== null) {
      await writeAll(directory, [['qlens.json', jsonText(data)], ...report.renderQLensFigures(result)]);
    }
    print(json ? jsonText(data) : report.renderQLens(result, labels, terminalLooks()));
    return;
  }
  checkMany(options.ofOnePrediction);
  const { bos, limit = Infinity } = options;
  const given = bos === 'auto' ? undefined : bos === 'on';
  const names: string[] = [];
  const operators = await qlens.collectOperators(
    backend,
    sources === null
      ? analyses.textStages(model!, withNames(promptsOf(texts!, { limit, bos: given }), names), {
          precision,
          lens: lens?.lens ?? null,
        })
      : sources.slice(0, limit),
    {
      ...(options.steps === undefined ? {} : { steps: options.steps }),
      keepStates: options.allOperators === true,
      onText: (done) => progress.update('predictions', done, sources?.length ?? Math.max(done, Math.min(limit, 1e6))),
    },
  );
  const result = qlens.analyseDataSet(backend, operators, {
    permutations: options.permutations,
    seed: BigInt(options.seed),
    top,
    ...(options.umap ? {} : { umap: false }),
    onStep: (done, total) => progress.update('statistics', done, total),
  });
  const tops = result.steps.flatMap((step) => [...step.top, ...step.topOfOperators.flat()]);
  const labels = labelled(model, tops);
  const frame = frameOf();
  const data = { kind: 'qlens-data-set', ...frame, labels, ...result };
  if (directory !== null) {
    await writeAll(directory, report.renderDataSetFigures(result, names));
    for (const { to, vectors } of options.saveVectors ? operators.steps : []) {
      if (vectors.count > 0) await writeWhole(join(directory, `${to}.npy`), formats.npyRows(vectors.rows));
    }
    await writeWhole(join(directory, 'qlens-data-set.json'), jsonText(data));
    await writeWhole(
      join(directory, 'qlens-data-set.html'),
      report.renderDataSetPage(result, { ...frame, labels, names }),
    );
  }
  progress.stop();
  print(json ? jsonText(data) : report.renderDataSet(result, labels, terminalLooks()));
}

/** More predictions than figures can tell apart need no names; a name is what fits a line. */
const NAMES = { most: 10_000, length: 200 };

/** The prompts, whose texts or ids are noted as they pass. */
async function* withNames(prompts: AsyncIterable<analyses.DataSetPrompt>, names: string[]) {
  for await (const prompt of prompts) {
    const name = prompt.text ?? `ids ${(prompt.ids ?? []).join(' ')}`;
    // Not half of a surrogate pair.
    if (names.length < NAMES.most) names.push(name.slice(0, NAMES.length).replace(/[\uD800-\uDBFF]$/, ''));
    yield prompt;
  }
}

/** What else decides the numbers; permutations and seed stand in a data set's result. */
function choices(options: DataSetCommandOptions): object {
  const { texts, rows, sumTolerance, stages, steps, limit, allOperators, umap } = options;
  return {
    ...(texts === undefined && rows === 'probabilities' ? { sumTolerance } : {}),
    ...(stages === undefined ? {} : { stages }),
    ...(steps === undefined ? {} : { steps }),
    ...(limit === undefined ? {} : { limit }),
    ...(allOperators === true ? { allOperators } : {}),
    ...(umap ? {} : { umap }),
  };
}

function checkMany(name: string | null): void {
  if (name === null) return;
  const advice =
    name === 'operator'
      ? 'Its statistics are of householder operators; --all-operators adds the others.'
      : 'Its statistics do not depend on it.';
  throw new UsageError(`tmech qlens: --${name} must come with a single prediction, but there is a data set. ${advice}`);
}

function checkUsage({ texts, laws, lens, out, saveVectors }: DataSetCommandOptions): void {
  if (texts !== undefined && laws !== undefined) {
    throw new UsageError('tmech qlens: the data must come from either --texts or --laws, but both are given.');
  }
  if (laws !== undefined && lens !== undefined) {
    throw new UsageError('tmech qlens: --lens must come with --texts or a prompt, but --laws is given. Leave it out.');
  }
  if (saveVectors && out === undefined) {
    throw new UsageError('tmech qlens: --save-vectors must come with --out, but it does not. Name a directory.');
  }
}

function arrayOptions(
  { rows, stages, sumTolerance }: DataSetCommandOptions,
  model: transformer.Model | null,
): qlens.StageArrayOptions {
  return {
    rows: rows === 'hidden' ? hiddenRows(model!) : rows,
    tolerance: sumTolerance,
    ...(stages === undefined ? {} : { names: stages }),
  };
}

/** Hidden states through the logit lens, several at once. */
function hiddenRows(model: transformer.Model): qlens.RowsToLogits {
  const logitsOf = (rows: readonly (Float32Array | Float64Array)[]) => {
    const { D } = model.config;
    for (const row of rows) if (row.length !== D) return transformer.lensOf(model, row);
    const streams = new (rows[0] instanceof Float32Array ? Float32Array : Float64Array)(rows.length * D);
    for (const [r, row] of rows.entries()) streams.set(row, r * D);
    return transformer.lensRows(model, streams, rows.length);
  };
  return { units: transformer.unitCount(model.config), most: transformer.rowsAtOnce(model), logitsOf };
}

/** Text of every unit; its number where no model gives one. */
function labelled(model: transformer.Model | null, units: readonly { readonly id: number }[]): Record<string, string> {
  const ids = units.map(({ id }) => id);
  if (model !== null && ids.every((id) => id < transformer.unitCount(model.config)))
    return analyses.unitLabelsOf(model, ids);
  return Object.fromEntries(ids.map((id) => [String(id), String(id)]));
}
