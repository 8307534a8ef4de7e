import type { ConfigFields } from './config-fields.ts';
import { LARGEST } from './sizes.ts';

const KINDS = ['full_attention', 'sliding_attention'];

/** The positions that every layer sees in a family where `sliding_window` counts whenever it is given: that many, or all. */
export function oneWindow(fields: ConfigFields, maxPositions: number): number {
  return Math.min(fields.size('sliding_window', LARGEST.positions, maxPositions), maxPositions);
}

/** Which layers see a window only: those that `layer_types` calls sliding_attention, or without it those that `otherwise` names. */
export function windowedLayers(fields: ConfigFields, L: number, otherwise: (layer: number) => boolean): boolean[] {
  const types = fields.value('layer_types');
  if (types === undefined) return Array.from({ length: L }, (_, layer) => otherwise(layer));
  if (!Array.isArray(types) || types.length !== L || !types.every((type) => KINDS.includes(type))) {
    throw fields.fault('layer_types', `name num_hidden_layers = ${L} layers as ${KINDS.join(' or ')}`, types);
  }
  return types.map((type) => type === 'sliding_attention');
}

/** The window of each layer: `window` where it is windowed, else all positions. */
export function windowsOf(windowed: readonly boolean[], window: number, maxPositions: number): number[] {
  return windowed.map((sees) => (sees ? Math.min(window, maxPositions) : maxPositions));
}

/**
 * Windows of the families where `use_sliding_window` (off where it is absent) turns them on: `sliding_window` positions in the windowed layers.
 *
 * @param fallback what `sliding_window` is where it is absent; required if undefined
 */
export function optionalWindows(
  fields: ConfigFields,
  { L, maxPositions }: { readonly L: number; readonly maxPositions: number },
  otherwise: (layer: number) => boolean,
  fallback?: number,
): number[] {
  if (!fields.boolean('use_sliding_window', false)) {
    fields.ignore(['sliding_window', 'max_window_layers']);
    return windowsOf(new Array<boolean>(L).fill(false), maxPositions, maxPositions);
  }
  const window = fields.size('sliding_window', LARGEST.positions, fallback);
  return windowsOf(windowedLayers(fields, L, otherwise), window, maxPositions);
}

/** The layers from `max_window_layers` (28) on. */
export function fromMaxWindowLayers(fields: ConfigFields): (layer: number) => boolean {
  const first = fields.value('max_window_layers') ?? 28;
  if (!Number.isSafeInteger(first) || (first as number) < 0) {
    throw fields.fault('max_window_layers', 'be an integer from 0 on', first);
  }
  return (layer) => layer >= (first as number);
}
