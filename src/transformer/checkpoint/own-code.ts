import { isJsonObject } from '../../formats/json.ts';
import type { ConfigFields } from './config-fields.ts';

/**
 * `auto_map`, by which a folder names Python code of its own. Where that code's class has the name of one that is read, published checkpoints mean what the class of
 * transformers computes, which reads them without that code; it is read so, aloud.
 *
 * @throws FormatError for any other code.
 */
export function readOwnCode(
  fields: ConfigFields,
  architectures: readonly string[],
  warn: (warning: string) => void,
): void {
  const map = fields.value('auto_map');
  const code = isJsonObject(map) ? (map.AutoModelForCausalLM ?? map.AutoModel) : undefined;
  const name = typeof code === 'string' ? code.slice(code.lastIndexOf('.') + 1) : '';
  if (!architectures.includes(name)) fields.refuse([['auto_map', isEmpty]]);
  else
    warn(`auto_map in config.json names code of its own for ${name}; the class of that name in transformers is read.`);
}

const isEmpty = (value: unknown): boolean => isJsonObject(value) && Object.keys(value).length === 0;
