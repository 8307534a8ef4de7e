import { jsonText } from '../../formats/json.ts';
import type { RotaryTable, TransformerConfig } from '../config.ts';
import { wiringOf } from '../wiring.ts';

/** What a model computes from its weights, by JSON values; the weights themselves and their shapes apart. */
export type Computation = Readonly<Record<string, unknown>>;

/** Models with the same weights and the same computation have the same residual streams. */
export function computationOf(config: TransformerConfig): Computation {
  const { causal, normPlacement, residual, H, G, norm, activation, gated, positions } = config;
  const wiring = wiringOf(config);
  return {
    causal,
    normPlacement,
    residual,
    heads: [H, G],
    norm: [norm.kind, norm.eps],
    activation,
    gated,
    positions: positionsOf(positions),
    attentionScale: config.attentionScale,
    attentionWindow: config.attentionWindow.map((window) => (window < config.maxPositions ? window : null)),
    ...(Object.keys(wiring).length === 0 ? {} : { wiring }),
  };
}

function positionsOf(positions: TransformerConfig['positions']): unknown {
  if (positions.kind === 'rotary') return rotations(positions.layers);
  return positions.kind === 'alibi' ? { slopes: positions.slopes } : positions.kind;
}

/** The frequencies, where all layers turn alike; else what turns each layer. */
function rotations(layers: readonly (RotaryTable | null)[]): unknown {
  const [first] = layers;
  if (first && first.factor === 1 && first.long === null && layers.every((table) => table === first))
    return [...first.frequencies];
  return layers.map(
    (table) =>
      table && {
        frequencies: [...table.frequencies],
        factor: table.factor,
        ...(table.long && { long: { ...table.long, frequencies: [...table.long.frequencies] } }),
      },
  );
}

/** The first part in which two computations differ; null where they are the same. */
export function differentPart(a: Computation, b: Computation): string | null {
  const parts = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...parts].find((part) => jsonText(a[part] ?? null) !== jsonText(b[part] ?? null)) ?? null;
}
