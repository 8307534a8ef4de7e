import type { EntropyEstimate } from '../../fock/chen-result.ts';
import { numeral } from './numerals.ts';

/** An estimate with its interval, as 2.31 [2.12, 2.50]. */
export function entropyInterval({ estimate, low, high }: EntropyEstimate): string {
  return `${numeral(estimate, 3)} [${numeral(low, 3)}, ${numeral(high, 3)}]`;
}
