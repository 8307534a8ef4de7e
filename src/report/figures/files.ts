import type { Analysis } from '../analysis.ts';
import { type Figure, figureFile } from '../svg/figure.ts';
import { dysonFigures } from './dyson-series.ts';
import { nextTokenFigure } from './next-token.ts';
import { openSystemFigures } from './open-system.ts';
import { stateVectorFigures } from './state-vector.ts';

/** Every figure of a report, in its order. */
export function figuresOf({ next, chen, qlens, dyson }: Pick<Analysis, 'next' | 'chen' | 'qlens' | 'dyson'>): Figure[] {
  return [nextTokenFigure(next.top), ...openSystemFigures(chen), ...stateVectorFigures(qlens), ...dysonFigures(dyson)];
}

/**
 * The figures of a report as SVG files by name (`dyson-spectrum.svg`), each by itself: light colours on white, no style
 * sheet, no script.
 *
 * @example
 * for (const [name, svg] of renderSvgFigures(analysis)) await writeFile(join('figures', name), svg);
 */
export function renderSvgFigures(analysis: Pick<Analysis, 'next' | 'chen' | 'qlens' | 'dyson'>): Map<string, string> {
  return new Map(figuresOf(analysis).map((figure) => [`${figure.name}.svg`, figureFile(figure)]));
}
