import { DomainError } from '../core/errors.ts';

/** @throws DomainError naming the first id that is no token of a vocabulary of V, or if there is none at all. */
export function checkTokenIds(where: string, ids: readonly number[], V: number): void {
  if (ids.length === 0) {
    throw new DomainError(`${where}: ids must hold at least one token, but it is empty. Give a prompt.`);
  }
  const bad = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= V);
  if (bad >= 0) {
    throw new DomainError(
      `${where}: ids must lie in [0, ${V}), but ids[${bad}] is ${ids[bad]}. Use this model's own tokenizer.`,
    );
  }
}
