import { NonFiniteError } from '../core/errors.ts';

/**
 * An overflow anywhere in a pass ends as NaN or infinity in the logits, because every token sees all before it, or all there are.
 *
 * @throws NonFiniteError naming the token.
 */
export function checkLogits(where: string, logits: Float32Array | Float64Array): void {
  let sum = 0;
  // 0·x is NaN exactly where x is not finite.
  for (let i = 0; i < logits.length; i++) sum += 0 * logits[i]!;
  if (sum === 0) return;
  const bad = logits.findIndex((value) => !Number.isFinite(value));
  throw overflow(`${where}: logits must be finite`, logits, `the logit of token ${bad} is ${logits[bad]}`);
}

/** @throws NonFiniteError naming the token, where the last stream of a model without a head overflows. */
export function checkStream(where: string, stream: Float32Array | Float64Array, D: number): void {
  const bad = stream.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw overflow(
    `${where}: the stream must be finite`,
    stream,
    `token ${Math.floor(bad / D)} has ${stream[bad]} in it`,
  );
}

function overflow(must: string, data: Float32Array | Float64Array, but: string): NonFiniteError {
  const [precision, advice] =
    data instanceof Float32Array ? ['f32', "Try precision 'f64'."] : ['f64', 'The weights are too large for f64.'];
  return new NonFiniteError(`${must}, but in ${precision} ${but}. ${advice}`);
}
