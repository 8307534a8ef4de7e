import type { RealBlock } from '../backend/memory.ts';
import { checkInteger, checkLength } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { activationOf } from '../transformer/trace.ts';
import { realBlock, realBlockOf, rowsOf, type StepOperators } from './steps.ts';

/**
 * All paths grouped by their first operator: P(S, l+1) (V^(l) x₀ + B^(l)), T×D for each step l, what step l reads directly from
 * the embedding with all that later steps make of it. Together they are x^(S) − x^(0).
 *
 * @cost S(S+1)/2 frozen steps. @source Dyson paper, eq. 7, grouped by l₁.
 */
export function groupByFirstOperator(operators: StepOperators): Float64Array[] {
  const { S, T, model } = operators;
  const size = T * model.config.D;
  const { memory, kernels } = model.backend;
  return memory.scope(() => {
    const [groups, images] = [realBlock(operators, S * size), realBlock(operators, S * size)];
    const bias = realBlock(operators, size);
    for (let l = 0; l < S; l++) {
      operators.apply(l, groups, images, l);
      if (l > 0) kernels.add({ x: images, y: groups, n: l * size });
      const own = rowsOf(groups, l * T, T, model.config.D);
      operators.applyToEmbedding(l, own);
      operators.bias(l, bias);
      kernels.add({ x: bias, y: own, n: size });
    }
    return Array.from({ length: S }, (_, l) => Float64Array.from(rowsOf(groups, l * T, T, model.config.D).view()));
  });
}

/**
 * Row functionals of the states before each step, S + 1 of T·D numbers: the l-th is P(S, l)ᵀ w, so that a change δ of the state before
 * step l changes ⟨w, x^(S)⟩ by ⟨P(S, l)ᵀ w, δ⟩, all paths from there on together.
 *
 * @param w functional of the final state, T·D numbers
 * @throws ShapeError unless w fits.
 * @cost S transposed frozen steps.
 */
export function functionalsBefore(operators: StepOperators, w: ArrayLike<number>): Float64Array[] {
  const { S, T, model } = operators;
  checkLength('functionalsBefore', 'w', w, T * model.config.D);
  const { memory, kernels } = model.backend;
  return memory.scope(() => {
    const [vector, image] = [realBlockOf(operators, w), realBlock(operators, w.length)];
    const functionals = [Float64Array.from(vector.view())];
    for (let l = S - 1; l >= 0; l--) {
      operators.applyAdjoint(l, vector, image, 1);
      kernels.add({ x: image, y: vector, n: w.length });
      functionals.push(Float64Array.from(vector.view()));
    }
    return functionals.reverse();
  });
}

/**
 * The one path V^(l_k) … V^(l₂) (V^(l₁) x₀ + B^(l₁)) through exactly the named steps, T×D; x₀ itself through none.
 *
 * @throws DomainError unless the steps ascend. @cost one frozen step each.
 */
export function pathThrough(operators: StepOperators, steps: readonly number[]): Float64Array {
  return walk('pathThrough', operators, steps, false);
}

/**
 * The sum of all paths that pass through every one of the named steps, and any of the others between, T×D: x^(S) for no step.
 *
 * @throws as {@link pathThrough}. @cost S frozen steps.
 */
export function pathsThrough(operators: StepOperators, steps: readonly number[]): Float64Array {
  return walk('pathsThrough', operators, steps, true);
}

function walk(where: string, operators: StepOperators, steps: readonly number[], others: boolean): Float64Array {
  checkAscending(where, operators, steps);
  const { S, T, trace, model } = operators;
  const size = T * model.config.D;
  const { memory, kernels } = model.backend;
  const named = new Set(steps);
  return memory.scope(() => {
    const state = realBlockOf(operators, activationOf(trace, 'embed').data);
    const [image, bias] = [realBlock(operators, size), realBlock(operators, size)];
    // The homogeneous coordinate: 1 until a named step, which takes it to 0.
    let fresh = true;
    for (let l = 0; l < S; l++) {
      if (!named.has(l) && !others) continue;
      operators.apply(l, state, image, 1);
      if (fresh) {
        operators.bias(l, bias);
        kernels.add({ x: bias, y: image, n: size });
      }
      if (named.has(l)) {
        copy(image, state);
        fresh = false;
      } else kernels.add({ x: image, y: state, n: size });
    }
    return Float64Array.from(state.view());
  });
}

function copy(from: RealBlock, to: RealBlock): void {
  to.view().set(from.view());
}

function checkAscending(where: string, { S }: StepOperators, steps: readonly number[]): void {
  for (const [i, step] of steps.entries()) {
    checkInteger(where, `steps[${i}]`, step, 0, S - 1);
    if (i > 0 && step <= steps[i - 1]!)
      throw new DomainError(
        `${where}: steps must ascend, but steps[${i}] = ${step} follows ${steps[i - 1]}. Sort them and name each once.`,
      );
  }
}
