import { isJsonObject } from '../../formats/json.ts';
import { ConfigFields } from './config-fields.ts';
import { type RotaryFields, type RotaryPositions, type RotarySizes, ropeFields, tableOf } from './rotary.ts';

/** The fields of a family whose windowed layers turn otherwise than its full ones. */
export interface LayeredRotaryFields {
  readonly full: RotaryFields;
  /** `full`: by the base of the full layers. */
  readonly windowed: RotaryFields | 'full';
}

/**
 * Rotary positions by the kind of each layer. `rope_parameters` may have an object for `full_attention` and one for `sliding_attention`; where it has
 * neither, and in older files with `rope_scaling`, the scaling is that of the full layers, and windowed layers turn without one.
 *
 * transformers 5.24 reads a flat `rope_parameters` of such families as no scaling at all, and OLMo 3's `rope_theta` as the full layers' alone; here fields
 * count for what they say.
 *
 * @throws FormatError as `rotaryTable`, and for a `rope_scaling` beside objects by kind.
 */
export function layeredRotary(
  fields: ConfigFields,
  sizes: RotarySizes,
  windowed: readonly boolean[],
  warn: (warning: string) => void,
  { full, windowed: local }: LayeredRotaryFields,
): RotaryPositions {
  const nested = nestedFields(fields, warn);
  const ropes = nested?.full ?? ropeFields(fields, full);
  const fullTable = tableOf(fields, ropes, sizes, warn, full);
  const windowedTable = () => {
    if (nested !== null) return tableOf(fields, nested.windowed, sizes, warn, local === 'full' ? full : local);
    if (local === 'full') return tableOf(fields, ropes, sizes, warn, full, false);
    return tableOf(fields, [], sizes, warn, local);
  };
  const table = windowedTable();
  return { kind: 'rotary', layers: windowed.map((sees) => (sees ? table : fullTable)) };
}

/** `rope_parameters` by the kinds of layers; null where it is not split. */
function nestedFields(fields: ConfigFields, warn: (warning: string) => void) {
  const value = fields.value('rope_parameters');
  if (!isJsonObject(value)) return null;
  const outer = new ConfigFields(new Map(Object.entries(value)), 'rope_parameters.');
  const [full, windowed] = ['full_attention', 'sliding_attention'].map((kind) => {
    const inner = outer.value(kind);
    if (inner === undefined) return null;
    if (!isJsonObject(inner)) throw outer.fault(kind, 'be an object', inner);
    return [new ConfigFields(new Map(Object.entries(inner)), `rope_parameters.${kind}.`)];
  });
  if (full === null && windowed === null) return null;
  fields.refuse([['rope_scaling', () => false]]);
  for (const name of outer.unknown()) warn(`config.json has a field this package does not know: ${name}.`);
  return { full: full ?? [], windowed: windowed ?? [] };
}
