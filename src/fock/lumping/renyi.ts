import { DomainError } from '../../core/errors.ts';
import { type Channel, PROBABILITY } from './channels.ts';

/** Largest α that is not ∞: the exponents of scaled numbers stay whole. */
const LARGEST_ALPHA = 1e9;

/** Within this of 1, ln Tr ρ^α is interpolated: dividing it by 1 − α would lose the digits of both. */
const NEAR = 1e-4;

/** Distance of the two nodes from 1. */
const NODE = 1e-3;

function isNearOne(alpha: number): boolean {
  return alpha !== 1 && Math.abs(alpha - 1) < NEAR;
}

/** @throws DomainError unless 0 < α ≤ 1e9 or α = ∞. */
export function checkAlphas(where: string, alphas: readonly number[]): void {
  const bad = alphas.find((alpha) => !(alpha > 0 && (alpha <= LARGEST_ALPHA || alpha === Infinity)));
  if (bad === undefined) return;
  throw new DomainError(
    `${where}: every alpha must be positive and at most ${LARGEST_ALPHA}, or Infinity, but one is ${bad}.`,
  );
}

/** The channels whose sums give Rényi entropies of the orders asked for: Tr ρ^a for each a. */
export function renyiChannels(alphas: readonly number[]): Channel[] {
  const orders = new Set<number>();
  for (const alpha of alphas) {
    if (isNearOne(alpha)) orders.add(1 - NODE).add(1 + NODE);
    else if (alpha !== 1 && alpha !== Infinity) orders.add(alpha);
  }
  return Array.from(orders, (a) => ({ ...PROBABILITY, a }));
}

/**
 * Rényi entropy S_α = ln Tr ρ^α/(1 − α) in nats; S_1 is von Neumann's and S_∞ the min-entropy. Near α = 1, K(α) = ln Tr ρ^α is
 * the cubic with K(1) = 0, K′(1) = −S_1 and its values at 1 ± 1e-3.
 *
 * @param logTrace ln Tr ρ^a of the orders that {@link renyiChannels} names.
 * @accuracy relative error about L·u/|1 − α| or better; near 1 about 1e-12·L.
 * @source A. Rényi, Proc. 4th Berkeley Symp. (1961) 547–561; interpolation own.
 */
export function renyiEntropy(
  alpha: number,
  logTrace: (a: number) => number,
  entropy: number,
  minEntropy: number,
): number {
  if (alpha === 1) return entropy;
  if (alpha === Infinity) return minEntropy;
  if (!isNearOne(alpha)) return logTrace(alpha) / (1 - alpha);
  const x = alpha - 1;
  const [above, below] = [logTrace(1 + NODE) + entropy * NODE, logTrace(1 - NODE) - entropy * NODE];
  const second = (above + below) / (2 * NODE * NODE);
  const third = (above - below) / (2 * NODE * NODE * NODE);
  return entropy - x * (second + x * third);
}
