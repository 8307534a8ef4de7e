import { analyses, type Backend, fock, report, VERSION } from '../index.ts';
import type { ChenWay } from './chen-usage.ts';
import type { Invocation } from './invocation.ts';
import { backendFrom, openPrompted } from './open.ts';
import type { ModelOptions, PromptOptions } from './options.ts';
import { portablePath } from './portable-paths.ts';
import { readJson } from './read-files.ts';
import { frameOf, promptLine } from './result.ts';
import { terminalLooks } from './terminal.ts';

/** Options of `tmech chen` as they were given, with defaults. */
export interface ChenOptions extends ModelOptions, PromptOptions {
  /** Of the description; none for a checkpoint. */
  readonly path: string | undefined;
  readonly top: number;
  readonly depth: number;
  readonly maxStrings: number | undefined;
  readonly trajectories: number;
  readonly seed: string;
  readonly temperature: number;
  readonly topK?: number | undefined;
  readonly topP?: number | undefined;
  readonly renyi?: readonly number[] | undefined;
  readonly statistics?: number | undefined;
  readonly sectors?: number | undefined;
}

/** What a way gives: data, its text for a terminal, its files besides the data. */
interface ChenOutput {
  readonly data: { readonly kind: string };
  readonly text: () => string;
  readonly files: () => ReadonlyMap<string, string>;
}

/** Computes what a way of `tmech chen` asks for. */
export function runWay(
  invocation: Invocation,
  way: Exclude<ChenWay, 'sample'>,
  options: ChenOptions,
): Promise<ChenOutput> {
  if (way === 'tree')
    return options.path === undefined ? treeOfCheckpoint(invocation, options) : treeOf(invocation, options);
  return { lump, enumerate, statistics, quantum }[way](invocation, options);
}

/** A description with its model. */
export async function described({ path }: Pick<ChenOptions, 'path'>) {
  const description = await readJson(path!);
  return { description, model: fock.modelOfDescription(description, portablePath(path!)) };
}

/** Progress of the open system. */
export function chenProgress({ progress }: Invocation): (done: number, total: number) => void {
  return (done, total) => progress.update('open system', done, total);
}

async function treeOf(invocation: Invocation, options: ChenOptions): Promise<ChenOutput> {
  const { maxStrings, trajectories, seed, top } = options;
  const { description, model } = await described(options);
  const onProgress = chenProgress(invocation);
  const result = fock.runChen(model, { maxStrings, trajectories, seed: BigInt(seed), top, onProgress });
  const provenance = analyses.provenanceOf(analyses.WITHOUT_BACKEND, 'f64', invocation.args);
  const data = { provenance, description, ...result };
  return treeOutput(data, '');
}

async function treeOfCheckpoint(invocation: Invocation, options: ChenOptions): Promise<ChenOutput> {
  const { model, prompt } = await openPrompted(options, invocation.progress);
  const { precision } = options;
  const result = analyses.chenPicture(model, prompt, {
    ...options,
    maxStrings: options.maxStrings!,
    onProgress: chenProgress(invocation),
  });
  return treeOutput({ ...frameOf(invocation, model, prompt, { precision }), ...result }, promptLine(prompt));
}

function treeOutput(data: fock.ChenResult & { readonly provenance: analyses.Provenance }, heading: string): ChenOutput {
  return {
    data,
    text: () => heading + report.renderChen(data, terminalLooks()),
    files: () => new Map([...report.renderChenFigures(data), ['chen.html', report.renderChenPage(data, VERSION)]]),
  };
}

/** A result of a description with its frame. */
function output<R extends { readonly kind: string }>(
  { args }: Invocation,
  backend: Backend,
  description: unknown,
  result: R,
  render: (result: R, options: report.TerminalOptions) => string,
  figures: (result: R) => ReadonlyMap<string, string>,
): ChenOutput {
  return {
    data: { provenance: analyses.provenanceOf(backend, 'f64', args), description, ...result },
    text: () => render(result, terminalLooks()),
    files: () => figures(result),
  };
}

async function lump(invocation: Invocation, options: ChenOptions): Promise<ChenOutput> {
  const { description, model } = await described(options);
  const backend = await backendFrom(options);
  const onProgress = chenProgress(invocation);
  const result = await fock.runLumped(backend, model, { top: options.top, alphas: options.renyi, onProgress });
  return output(invocation, backend, description, result, report.renderLumped, report.renderChenFigures);
}

async function enumerate(invocation: Invocation, options: ChenOptions): Promise<ChenOutput> {
  const { description, model } = await described(options);
  const backend = await backendFrom(options);
  const onProgress = (share: number) => chenProgress(invocation)(Math.round(1000 * share), 1000);
  const result = fock.runEnumerated(backend, model, { top: options.top, onProgress });
  return output(invocation, backend, description, result, report.renderEnumerated, report.renderChenFigures);
}

async function statistics(invocation: Invocation, options: ChenOptions): Promise<ChenOutput> {
  const { description, model } = await described(options);
  const { statistics: trajectories, seed, top } = options;
  const backend = await backendFrom(options);
  const asked = { trajectories: trajectories!, seed: BigInt(seed), top, onProgress: chenProgress(invocation) };
  const result = fock.runStatistics(backend, model, asked);
  return output(invocation, backend, description, result, report.renderStatistics, report.renderChenFigures);
}

async function quantum(invocation: Invocation, options: ChenOptions): Promise<ChenOutput> {
  const { description, model } = await described(options);
  const backend = await backendFrom(options);
  const onProgress = chenProgress(invocation);
  const result = fock.quantum.runQuantum(backend, model, { sectors: options.sectors, onProgress });
  return output(invocation, backend, description, result, report.renderQuantum, () => new Map());
}
