import type { Analysis } from '../../analyses/analyse-prompt.ts';
import type { DysonResult } from '../../dyson/dyson-result.ts';
import type { ChenResult } from '../../fock/chen-result.ts';
import type { EnumeratedResult } from '../../fock/enumerated-result.ts';
import type { LumpedResult } from '../../fock/lumping/lumped-result.ts';
import type { StatisticsResult } from '../../fock/statistics-result.ts';
import type { QLensResult } from '../../qlens/result.ts';
import { type Figure, figureFile } from '../svg/figure.ts';
import { chenFigures } from './chen.ts';
import { dysonFigures } from './dyson.ts';
import { lumpedFigure } from './lumped.ts';
import { marginalsFigure } from './marginals.ts';
import { nextTokenFigure } from './next-token.ts';
import { qlensFigures } from './qlens.ts';

/** Every figure of a report, in its order. */
export function figuresOf({ next, chen, qlens, dyson }: Pick<Analysis, 'next' | 'chen' | 'qlens' | 'dyson'>): Figure[] {
  return [
    nextTokenFigure(next.top, chen === null),
    ...(chen === null ? [] : chenFigures(chen)),
    ...qlensFigures(qlens),
    ...dysonFigures(dyson),
  ];
}

/**
 * The figures of a report as SVG files by name (`dyson-spectrum.svg`), each by itself: light colours on white, no style
 * sheet, no script.
 *
 * @example
 * for (const [name, svg] of renderSvgFigures(analysis)) await writeFile(join('figures', name), svg);
 */
export function renderSvgFigures(analysis: Pick<Analysis, 'next' | 'chen' | 'qlens' | 'dyson'>): Map<string, string> {
  return filesOf(figuresOf(analysis));
}

/** A run of Chen's model in any of its ways that have steps to draw. */
export type ChenRun = ChenResult | LumpedResult | EnumeratedResult | StatisticsResult;

/** The figures of a run of Chen's model, in their order. */
export function figuresOfChen(result: ChenRun): Figure[] {
  if (result.kind === 'chen') return [...chenFigures(result), marginalsFigure(result.table, result.name)];
  if (result.kind === 'chen-lumped') return [lumpedFigure(result), marginalsFigure(result.table, result.name)];
  if (result.kind === 'chen-enumerated') return [marginalsFigure(result.table, result.name)];
  const table = result.table.map(({ step, tokens }) => ({
    step,
    marginal: tokens.map(({ token, label, frequency }) => ({ token, label, probability: frequency })),
  }));
  return [marginalsFigure(table, result.name)];
}

/**
 * The figures of a run of Chen's model as SVG files by name.
 *
 * @example
 * for (const [name, svg] of renderChenFigures(runChen(system))) await writeFile(name, svg);
 */
export function renderChenFigures(result: ChenRun): Map<string, string> {
  return filesOf(figuresOfChen(result));
}

/** The figures of a Dyson series as SVG files by name: orders, second-order map, paths, renormalisation. */
export function renderDysonFigures(result: DysonResult): Map<string, string> {
  return filesOf(dysonFigures(result));
}

/** The figures of the state vector along depth as SVG files by name: entropy, divergence, rank, angle. */
export function renderQLensFigures(result: QLensResult): Map<string, string> {
  return filesOf(qlensFigures(result));
}

function filesOf(figures: readonly Figure[]): Map<string, string> {
  return new Map(figures.map((figure) => [`${figure.name}.svg`, figureFile(figure)]));
}
