import { describeJson, parseJsonObject, quoteName } from '../../formats/json.ts';
import type { TransformerConfig } from '../config.ts';
import { checkWiring } from './check-wiring.ts';
import { ConfigFields, type FieldOrigin } from './config-fields.ts';
import { FAMILY_NAMES, FAMILY_SYNONYMS, type Family, familyOf } from './family-table.ts';
import { unnestedFields } from './nested-fields.ts';
import { IGNORED_FIELDS, REFUSED_FIELDS } from './neutral-fields.ts';
import { readOwnCode } from './own-code.ts';
import { whyUnread } from './unread-models.ts';

/**
 * Reads config.json. Fields that are known to change the computation in a way this package does not follow are refused by
 * name; fields it does not know are reported as warnings, never skipped in silence.
 *
 * @throws FormatError with the field, or the offset where the text is no JSON.
 */
export function readConfig(bytes: Uint8Array): ReadConfig {
  return configFrom(parseJsonObject(bytes, { where: 'openCheckpoint', source: 'config.json' }));
}

/** A configuration, and what its reader noticed. */
export interface ReadConfig {
  readonly config: TransformerConfig;
  readonly warnings: readonly string[];
}

/** The same from fields that are there already, of another origin than config.json where one is given. @throws FormatError with the field. */
export function configFrom(values: ReadonlyMap<string, unknown>, origin?: FieldOrigin): ReadConfig {
  const warnings: string[] = [];
  const warn = (warning: string): void => void warnings.push(warning);
  const family = familyNamed(new ConfigFields(values, '', origin));
  const reader = familyOf({ family });
  const fields = new ConfigFields(unnestedFields(values, reader), '', origin);
  const config = { family, ...reader.config(fields, warn) };
  checkWiring(config);
  readOwnCode(fields, reader.architectures, warn);
  // What the family reads itself it also computes.
  fields.refuse(REFUSED_FIELDS.filter(([name]) => !fields.knows(name)));
  fields.ignore(IGNORED_FIELDS);
  const architectures = fields.value('architectures');
  if (
    Array.isArray(architectures) &&
    !architectures.some((name) => reader.architectures.some((known) => known === name))
  ) {
    warn(
      `architectures in config.json is ${describeJson(architectures)}; the model is read as ${reader.architectures[0]}.`,
    );
  }
  for (const name of fields.unknown())
    warn(`${fields.source} has a field this package does not know: ${quoteName(name)}.`);
  return { config, warnings };
}

function familyNamed(fields: ConfigFields): Family {
  const type = fields.value('model_type');
  const reason = whyUnread(type);
  if (reason !== undefined) throw fields.fault('model_type', 'name a family that this package computes', type, reason);
  return FAMILY_SYNONYMS.get(type) ?? fields.choice('model_type', FAMILY_NAMES);
}
