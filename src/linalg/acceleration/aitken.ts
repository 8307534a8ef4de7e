import { checkSequence, type Extrapolation, roundingOf, type VectorSequence } from './sequence.ts';

/**
 * Aitken's Δ² process on the last three terms x, y, z, component by component:
 *
 *     x − (y − x)²/(z − 2y + x)
 *
 * Exact for a sequence with one geometric mode in each component. A component whose second difference rounding may have
 * made (constant steps, or convergence) keeps its last value.
 *
 * @throws DomainError for fewer than 3 terms; otherwise as every method here: ShapeError, NonFiniteError.
 * @accuracy a few ulp times the cancellation |Δ|²/|Δ²| of the component.
 * @cost one pass.
 * @source A. C. Aitken, Proc. R. Soc. Edinburgh 46 (1927) 289.
 * @example
 * aitken([[1], [1.5], [1.75]]).value; // [2]
 */
export function aitken(sequence: VectorSequence): Extrapolation {
  checkSequence('aitken', sequence, 3);
  const [x, y, z] = sequence.slice(-3) as [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
  let fallbacks = 0;
  const value = Float64Array.from(z, (last, i) => {
    const [step, next] = [y[i]! - x[i]!, last - y[i]!];
    const change = next - step;
    const limit = x[i]! - step * (step / change);
    const size = Math.max(Math.abs(x[i]!), Math.abs(y[i]!), Math.abs(last));
    if (Math.abs(change) > 4 * roundingOf(size, sequence.length) && Number.isFinite(limit)) return limit;
    fallbacks++;
    return last;
  });
  return { value, order: 1, fallbacks };
}
