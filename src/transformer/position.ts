import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import type { Model } from './model.ts';

/** What decides where a model's output is read. */
type Reader = Pick<Model, 'label' | 'config' | 'maskId' | 'tokenText'>;

/**
 * Whether a model predicts words that are masked in its text, rather than the word after it, or classes.
 */
export function predictsMasked({ config }: Pick<Model, 'config'>): boolean {
  return !config.causal && !config.headless && config.classes === null;
}

/**
 * The token whose stream gives the output: the last of a causal model, the first of a classifier. Of other encoders the one at `position`, else the first
 * masked one, else the first.
 *
 * @throws DomainError for a position that is none of the text's tokens, or one that the model does not read.
 */
export function predictingRow(model: Reader, ids: ArrayLike<number>, position?: number): number {
  const { causal, classes } = model.config;
  const T = ids.length;
  const own = causal ? T - 1 : classes === null ? null : 0;
  if (position === undefined) return own ?? Math.max(0, firstMasked(model, ids));
  checkInteger('predictingRow', 'position', position, 0, Math.max(0, T - 1));
  if (own === null || position === own) return position;
  throw new DomainError(
    `predictingRow: position must be ${own}, which ${causal ? 'predicts what follows' : 'tells the classes'}, but it is ${position}. ${causal ? 'Cut the prompt there.' : 'Leave it out.'}`,
  );
}

/**
 * {@link predictingRow}, where a text of a model of masked words has one or `position` is given.
 *
 * @throws DomainError if neither is so; otherwise as {@link predictingRow}.
 */
export function predictedRow(model: Reader, ids: ArrayLike<number>, position?: number): number {
  if (position === undefined && predictsMasked(model) && firstMasked(model, ids) < 0) {
    const { maskId, label } = model;
    const [but, advice] =
      maskId === null
        ? ['the model names no token for it', 'Give a position (--position)']
        : ['there is none', `Put ${model.tokenText(maskId)} for a word, or give a position (--position)`];
    throw new DomainError(`predictedRow: a prompt for ${label} must have a masked word, but ${but}. ${advice}.`);
  }
  return predictingRow(model, ids, position);
}

/** Every masked token of a text. */
export function maskedRows({ maskId }: Pick<Model, 'maskId'>, ids: ArrayLike<number>): number[] {
  return Array.from(ids, (id, row) => (id === maskId ? row : -1)).filter((row) => row >= 0);
}

function firstMasked({ maskId }: Pick<Model, 'maskId'>, ids: ArrayLike<number>): number {
  return maskId === null ? -1 : Array.prototype.indexOf.call(ids, maskId);
}
