import type { DysonResult } from '../../dyson/dyson-result.ts';
import type { Figure } from '../svg/figure.ts';
import { orderFigures } from './dyson-orders.ts';
import { sublayerFigures } from './dyson-sublayers.ts';
import { pathFigure } from './path-list.ts';
import { secondOrderFigure } from './second-order.ts';

/** Figures of the Dyson picture, in the order of the page. */
export function dysonFigures(dyson: DysonResult): Figure[] {
  const paths = dyson.paths === null ? [] : [pathFigure(dyson, dyson.paths)];
  return [...orderFigures(dyson), secondOrderFigure(dyson), ...paths, ...sublayerFigures(dyson)];
}
