import type { TransformerConfig } from '../config.ts';
import * as families from './families/index.ts';
import type { ModelFamily } from './family.ts';

/** Families of checkpoints that can be opened. */
export type Family = keyof typeof families;

const TABLE: Readonly<Record<Family, ModelFamily>> = { ...families };

/** The families' names as config.json has them in `model_type`. */
export const FAMILY_NAMES: ReadonlyMap<string, Family> = new Map(
  (Object.keys(TABLE) as Family[]).sort().map((name) => [name, name]),
);

/** The families by the other names that older files have in `model_type`. */
export const FAMILY_SYNONYMS: ReadonlyMap<unknown, Family> = new Map(
  [...FAMILY_NAMES.values()].flatMap((name) => (TABLE[name].modelTypes ?? []).map((type) => [type, name] as const)),
);

/** How the checkpoints of a model's family are read. */
export function familyOf({ family }: Pick<TransformerConfig, 'family'>): ModelFamily {
  return TABLE[family];
}
