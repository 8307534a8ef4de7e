import { log } from '../backend/ts/math/log.ts';
import { compensatedSum } from '../core/sums.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';
import { norm2 } from './order-expansion.ts';

/** The flow of the residual stream through one step, at the last token. */
export interface FlowStep {
  readonly name: string;
  /** σ (LayerNorm) or rms (RMSNorm) of the sublayer's norm. */
  readonly scale: number;
  /** The same, averaged over the prompt's tokens. */
  readonly scaleMean: number;
  /** Z = 1/scale, the wave-function renormalisation factor. */
  readonly Z: number;
  /** d log scale / dl: ln of this scale over the one before; 0 at the first. */
  readonly logScaleStep: number;
  /** ‖x‖₂ before the sublayer. */
  readonly stateNorm: number;
  /** ‖δx‖/‖x‖: small is the perturbative regime. */
  readonly updateRatio: number;
  /** Cosine between the state before and after. */
  readonly directionCosine: number;
}

/** The norm in front of a sublayer, or of a block. */
function scaleName(step: string): string {
  if (step.endsWith('.mlp')) return step.replace(/mlp$/, 'ln2.scale');
  return `${step.replace(/\.attn$/, '')}.ln1.scale`;
}

/**
 * Renormalisation flow at the last token: x^(l+1) = x^(l) + δx^(l) with the norm's scale in front of every sublayer.
 *
 * @param updates every sublayer's output, T×D each
 * @source Dyson paper, §IV.1 and the text after eq. 2.
 */
export function renormalisationFlow(
  trace: Trace,
  names: readonly string[],
  updates: readonly Float64Array[],
): FlowStep[] {
  const [T, D] = activationOf(trace, 'embed').shape as [number, number];
  const state = Float64Array.from(activationOf(trace, 'embed').data.subarray((T - 1) * D));
  let scaleBefore: number | null = null;
  return names.map((name, l) => {
    const scales = activationOf(trace, scaleName(name)).data;
    const scale = scales[T - 1]!;
    const update = updates[l]!.subarray((T - 1) * D);
    const stateNorm = norm2(state);
    let inner = 0;
    for (let c = 0; c < D; c++) inner += state[c]! * (state[c]! + update[c]!);
    for (let c = 0; c < D; c++) state[c]! += update[c]!;
    const step: FlowStep = {
      name,
      scale,
      scaleMean: compensatedSum(scales) / T,
      Z: 1 / scale,
      logScaleStep: scaleBefore === null ? 0 : log(scale / scaleBefore),
      stateNorm,
      updateRatio: norm2(update) / stateNorm,
      directionCosine: inner / (stateNorm * norm2(state)),
    };
    scaleBefore = scale;
    return step;
  });
}
