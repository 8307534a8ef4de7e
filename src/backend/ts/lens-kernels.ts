import type { LensKernels } from '../contract/lens.ts';
import { arrayOf } from './array-of.ts';
import { adamStep } from './lens/adam-step.ts';
import { klBackward } from './lens/kl-backward.ts';
import { normBackward } from './lens/norm-backward.ts';

const real = arrayOf<'f32' | 'f64'>;

export const lensKernels: LensKernels = {
  klBackward: (logits, p, logP, measures, ...rest) =>
    klBackward(real(logits), arrayOf(p), arrayOf(logP), arrayOf(measures), ...rest),
  normBackward: (x, gamma, scale, dy, dx, ...rest) =>
    normBackward(real(x), arrayOf(gamma), arrayOf(scale), real(dy), real(dx), ...rest),
  adamStep: (x, m, v, g, ...rest) => adamStep(real(x), real(m), real(v), real(g), ...rest),
};
