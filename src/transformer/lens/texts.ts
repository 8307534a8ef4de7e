import { CapacityError, DomainError } from '../../core/errors.ts';
import type { Model } from '../model.ts';
import { checkTokenIds } from '../token-ids.ts';

/** @throws DomainError unless there are `least` texts of tokens of the model; CapacityError for one that is too long. */
export function checkTexts(
  where: string,
  { config: { V, maxPositions } }: Model,
  texts: readonly (readonly number[])[],
  least: number,
): void {
  if (texts.length < least) {
    throw new DomainError(
      `${where}: texts must hold at least ${least} ${least === 1 ? 'text' : 'texts'}, but it has ${texts.length}. Give more.`,
    );
  }
  for (const [i, ids] of texts.entries()) {
    checkTokenIds(`${where}: texts[${i}]`, ids, V);
    if (ids.length <= maxPositions) continue;
    throw new CapacityError(
      `${where}: a text must have at most ${maxPositions} tokens, but texts[${i}] has ${ids.length}. Cut it with cutTexts.`,
    );
  }
}

/** Texts cut into pieces of at most `length` tokens, in order. @throws DomainError unless length ≥ 1. */
export function cutTexts(texts: readonly (readonly number[])[], length: number): number[][] {
  if (!Number.isSafeInteger(length) || length < 1)
    throw new DomainError(`cutTexts: length must be an integer of at least 1, but it is ${length}.`);
  return texts.flatMap((ids) =>
    Array.from({ length: Math.ceil(ids.length / length) }, (_, i) => ids.slice(i * length, (i + 1) * length)),
  );
}
