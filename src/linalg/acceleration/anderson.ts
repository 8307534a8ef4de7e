import type { Backend } from '../../backend/backend.ts';
import { checkInteger, checkLength } from '../../core/checks.ts';
import { inNameOf } from '../../core/errors.ts';
import { type CombinedExtrapolation, combined, smallestResidual } from './polynomial-extrapolation.ts';
import { checkSequence, noiseOf, type VectorSequence, withinRange } from './sequence.ts';

/** Options of `anderson`. */
export interface AndersonOptions {
  /** Pairs that are mixed, at least 1; default all of them. */
  readonly memory?: number;
}

/**
 * One step of Anderson mixing, in quantum chemistry Pulay's DIIS: from inputs x_j and outputs g_j = g(x_j) of a fixed-point map,
 *
 *     Σ_j γ_j g_j   with Σγ_j = 1 and ‖Σ_j γ_j (g_j − x_j)‖ least.
 *
 * Where the differences of the residuals g_j − x_j are dependent and do not lead to a zero of them, the map moves by constant steps: the last
 * output is returned, and all components are counted as fallbacks.
 *
 * On a plain sequence (x_j = s_j, g_j = s_{j+1}; see {@link andersonOfSequence}) γ is that of reduced rank extrapolation and the value one step ahead of it.
 *
 * @throws DomainError for no pair or a memory below 1; ShapeError, NonFiniteError; what svd throws.
 * @accuracy u·Σ|γ_j| times the size of the outputs.
 * @cost one singular value decomposition of n×(memory − 1).
 * @source D. G. Anderson, J. ACM 12 (1965) 547; P. Pulay, Chem. Phys. Lett. 73 (1980) 393.
 * @example
 * let x = anderson(backend, inputs, inputs.map(g), { memory: 5 }).value;
 */
export function anderson(
  backend: Backend,
  inputs: VectorSequence,
  outputs: VectorSequence,
  { memory = Number.MAX_SAFE_INTEGER }: AndersonOptions = {},
): CombinedExtrapolation {
  const n = checkSequence('anderson', inputs, 1);
  checkLength('anderson', 'outputs', outputs, inputs.length);
  checkLength('anderson', 'outputs[0]', outputs[0]!, n);
  checkSequence('anderson', outputs, 1);
  checkInteger('anderson', 'memory', memory, 1);
  const first = Math.max(0, inputs.length - memory);
  const { terms } = withinRange([...inputs.slice(first), ...outputs.slice(first)]);
  const count = outputs.length - first;
  const residuals = terms.slice(count).map((output, j) => Float64Array.from(output, (g, i) => g - terms[j]![i]!));
  const noise = 2 * noiseOf(terms);
  const { weights, rank, brokeDown } = inNameOf('anderson', () => smallestResidual(backend, residuals, noise));
  return combined(outputs.slice(first), weights, rank, brokeDown);
}

/** {@link anderson} on neighbouring terms of a sequence. A sequence with r geometric modes is exact from r + 2 terms on. @throws DomainError for fewer than 2 terms. */
export function andersonOfSequence(
  backend: Backend,
  sequence: VectorSequence,
  options: AndersonOptions = {},
): CombinedExtrapolation {
  checkSequence('andersonOfSequence', sequence, 2);
  return inNameOf('andersonOfSequence', () => anderson(backend, sequence.slice(0, -1), sequence.slice(1), options));
}
