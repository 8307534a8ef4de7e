import { jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { at, named } from './indexing.ts';
import { meanLoss, type Parameters } from './model.ts';
import type { Shape } from './shape.ts';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Gradients of a larger Euclidean norm are scaled down to this one. */
  readonly maxGradientNorm: number;
}

/** Parameters with the running first and second moments of their gradients. */
export type AdamState = { parameters: Parameters; first: Parameters; second: Parameters };

/** One step: (state, tokens, targets, [rate, 1 − β₁ᵗ, 1 − β₂ᵗ]) → (loss, next state). Consumes its arguments. */
export type AdamStep = (
  state: AdamState,
  tokens: np.Array,
  targets: np.Array,
  scales: np.Array,
) => [np.Array, AdamState];

/**
 * A compiled step of Adam (Kingma & Ba 2015, algorithm 1) with clipping of the global gradient norm:
 *
 *     m ← β₁ m + (1−β₁) g,   v ← β₂ v + (1−β₂) g²,   θ ← θ − rate · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε).
 */
export function compileStep(shape: Shape, { beta1, beta2, epsilon, maxGradientNorm }: AdamOptions): AdamStep {
  return jit((state: AdamState, tokens: np.Array, targets: np.Array, scales: np.Array): [np.Array, AdamState] => {
    const loss = (p: Parameters): np.Array => meanLoss(p, tokens.ref, targets.ref, shape);
    const [value, gradients] = valueAndGrad(loss)(tree.ref(state.parameters)) as unknown as [np.Array, Parameters];
    const entries = Object.entries(gradients);
    const squares = entries.map(([, gradient]) => np.square(gradient.ref).sum());
    const length = np.sqrt(squares.reduce((a, b) => a.add(b)));
    const clip = np.minimum(np.array(maxGradientNorm).div(length.add(1e-12)), 1);
    const parts = np.split(scales, 3, 0);
    const [rate, bias1, bias2] = [at(parts, 0), at(parts, 1), at(parts, 2)];
    const next: AdamState = { parameters: {}, first: {}, second: {} };
    for (const [name, gradient] of entries) {
      const g = gradient.mul(clip.ref);
      const m = named(state.first, name)
        .mul(beta1)
        .add(g.ref.mul(1 - beta1));
      const v = named(state.second, name)
        .mul(beta2)
        .add(np.square(g).mul(1 - beta2));
      const change = m.ref.div(bias1.ref).div(np.sqrt(v.ref.div(bias2.ref)).add(epsilon));
      next.first[name] = m;
      next.second[name] = v;
      next.parameters[name] = named(state.parameters, name).sub(change.mul(rate.ref));
    }
    return [value, next];
  }) as unknown as AdamStep;
}
