import type { ConfigFields } from './config-fields.ts';

/** bos_token_id and eos_token_id. Ids outside the vocabulary V (left over from a larger one) are dropped with a warning. */
export function specialTokens(
  fields: ConfigFields,
  V: number,
  warn: (warning: string) => void,
): { readonly bosId: number | null; readonly eosIds: readonly number[] } {
  return {
    bosId: tokenIds(fields, 'bos_token_id', V, warn)[0] ?? null,
    eosIds: tokenIds(fields, 'eos_token_id', V, warn),
  };
}

function tokenIds(fields: ConfigFields, name: string, V: number, warn: (warning: string) => void): number[] {
  const value = fields.value(name);
  const ids: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  const kept: number[] = [];
  for (const id of ids) {
    if (!Number.isSafeInteger(id)) throw fields.fault(name, 'be a token id or a list of them', value);
    if ((id as number) >= 0 && (id as number) < V) kept.push(id as number);
    else warn(`${name} ${id} lies outside the vocabulary of ${V} and is ignored.`);
  }
  return kept;
}
