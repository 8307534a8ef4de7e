import { compensatedSum } from '../core/sums.ts';
import { log } from '../math/log.ts';
import type { TransformerConfig } from '../transformer/config.ts';
import { activationOf } from '../transformer/trace.ts';
import { normParts } from '../transformer/weights.ts';
import { norm2 } from './order-expansion.ts';
import { predictingPart, type StepOperators } from './steps.ts';

/** The flow of the residual stream through one step, at the token that predicts. */
export interface FlowStep {
  /** Name of the step, such as `blocks.0.mlp`. */
  readonly name: string;
  /** σ (LayerNorm) or rms (RMSNorm) of the sublayer's norm; 1 where it has none. */
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

/** The norm in front of a sublayer or a block, else the one at its end; null where there is neither. */
function scaleName(step: string, config: TransformerConfig): string | null {
  const [, block, layer, part] = /^(blocks\.(\d+))(?:\.(attn|mlp))?$/.exec(step)!;
  const norms = normParts(config, Number(layer));
  const inFront = config.normPlacement === 'pre' || config.normPlacement === 'sandwich';
  const n = part === 'attn' || (part === undefined && inFront) ? 1 : 2;
  if (norms.has(`norm${n}`)) return `${block}.ln${n}.scale`;
  return norms.has(`norm${n}Post`) ? `${block}.ln${n}_post.scale` : null;
}

/**
 * Renormalisation flow at the token that predicts: x^(l+1) = x^(l) + δx^(l) with the scale of every sublayer's norm: the one in front of it, else
 * the one that follows, of its output or, post-norm, of x + sublayer(x).
 *
 * @param updates what every step adds to the stream, T×D each
 * @source Dyson paper, §IV.1 and the text after eq. 2.
 */
export function renormalisationFlow(operators: StepOperators, updates: readonly Float64Array[]): FlowStep[] {
  const { model, trace, T, names } = operators;
  const { D } = model.config;
  const state = Float64Array.from(predictingPart(operators, activationOf(trace, 'embed').data));
  let scaleBefore: number | null = null;
  return names.map((name, l) => {
    const scaled = scaleName(name, model.config);
    const scales = scaled === null ? new Float64Array(T).fill(1) : activationOf(trace, scaled).data;
    const scale = scales[trace.row]!;
    const update = predictingPart(operators, updates[l]!);
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
