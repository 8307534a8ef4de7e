import { isJsonObject } from '../../formats/json.ts';
import type { ModelFamily } from './family.ts';

/** What the larger model says of itself, or of the whole: its own value counts before that of the inner model. */
const OUTER_FIRST = new Set([
  'model_type',
  'architectures',
  'bos_token_id',
  'eos_token_id',
  'pad_token_id',
  'auto_map',
]);

/** The fields of a model, where files of a larger one nest them in one of its own: those of both together, and where both have one the inner model's. */
export function unnestedFields(
  values: ReadonlyMap<string, unknown>,
  { nested }: Pick<ModelFamily, 'nested'>,
): ReadonlyMap<string, unknown> {
  const inner = nested === undefined ? undefined : values.get(nested.field);
  if (nested === undefined || !isJsonObject(inner)) return values;
  const all = new Map(values);
  for (const name of [nested.field, ...nested.others]) all.delete(name);
  for (const [name, value] of Object.entries(inner))
    if (!OUTER_FIRST.has(name) || (all.get(name) ?? null) === null) all.set(name, value);
  return all;
}
