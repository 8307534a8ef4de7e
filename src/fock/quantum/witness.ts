import type { Backend } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { applyChannel } from './apply-channel.ts';
import { traceDistance } from './distances.ts';
import { FactoredState } from './states.ts';
import { checkBasis, type StringBasis } from './string-basis.ts';
import { checkStringChannel, type StringChannel } from './string-channel.ts';

/** An input on which two channels differ. */
export interface ExtensionWitness {
  /** h and h′. */
  readonly strings: readonly [Int32Array, Int32Array];
  /** (|h⟩ + |h′⟩)/√2 */
  readonly input: FactoredState;
  /** T of the two outputs: 0 if the channels agree on all superpositions of two strings of the basis. */
  readonly distance: number;
}

/**
 * Shows that the extension of a quantum operation is not unique: among the superpositions of two strings of a basis the one
 * whose images under two channels are farthest apart; of equally far ones the first.
 *
 * @throws DomainError for a basis of fewer than two strings.
 * @accuracy that of {@link traceDistance}
 * @cost d(d−1)/2 trace distances
 * @source Chen, appendix: that the extension is not unique.
 */
export function extensionWitness(
  backend: Backend,
  one: StringChannel,
  other: StringChannel,
  basis: StringBasis,
): ExtensionWitness {
  checkStringChannel('extensionWitness', 'one', one);
  checkStringChannel('extensionWitness', 'other', other);
  checkBasis('extensionWitness', 'basis', basis);
  if (basis.size < 2)
    throw new DomainError(`extensionWitness: basis must have at least two strings, but it has ${basis.size}.`);
  let best: ExtensionWitness | null = null;
  for (const [i, second] of basis.strings.entries()) {
    for (const first of basis.strings.slice(0, i)) {
      const input = FactoredState.pure(basis.V, [
        { text: first, amplitude: Math.SQRT1_2 },
        { text: second, amplitude: Math.SQRT1_2 },
      ]);
      const distance = traceDistance(backend, applyChannel(one, input), applyChannel(other, input));
      if (best === null || distance > best.distance) best = { strings: [first, second], input, distance };
    }
  }
  return best!;
}
