import type { LensKernels } from '../contract/lens.ts';
import { addressOf as a } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function lensKernels(core: CoreExports): LensKernels {
  return {
    klBackward(logits, p, logP, measures, ...rest) {
      const kernel = logits.kind === 'f32' ? core.klBackwardF32 : core.klBackwardF64;
      kernel(a(logits), a(p), a(logP), a(measures), ...rest);
    },
    normBackward(x, gamma, scale, dy, dx, rows, D, centred) {
      const kernel = x.kind === 'f32' ? core.normBackwardF32 : core.normBackwardF64;
      kernel(a(x), a(gamma), a(scale), a(dy), a(dx), rows, D, Number(centred));
    },
    adamStep(x, m, v, g, n, { rate, beta1, beta2, correction1, correction2, eps }) {
      const kernel = x.kind === 'f32' ? core.adamStepF32 : core.adamStepF64;
      kernel(a(x), a(m), a(v), a(g), n, rate, beta1, beta2, correction1, correction2, eps);
    },
  };
}
