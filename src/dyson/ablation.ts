import type { Precision } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { unitCount } from '../transformer/config.ts';
import { PASS_DEFAULTS } from '../transformer/defaults.ts';
import { checkHead } from '../transformer/head.ts';
import { type Intervention, selectChangeable } from '../transformer/interventions.ts';
import type { Model } from '../transformer/model.ts';
import { textGroups, tokensTogether } from '../transformer/text-groups.ts';
import { activationOf, type Trace, type TracedText, traceForward, traceTogether } from '../transformer/trace.ts';
import { FrozenOperators, frozenActivations } from './frozen-operators.ts';
import type { FrozenSublayer } from './frozen-sublayer.ts';
import { type FrozenCap, FrozenUnembedding } from './order-logits.ts';
import { indexOfMax } from './partial-sums.ts';
import { functionalsBefore } from './path-sums.ts';
import { functionalAtPredicting, realBlockOf, type StepOperators } from './steps.ts';
import { dot } from './vectors.ts';

/** What an intervention does to the next-token logits. */
export interface InterventionEffect {
  /** The token whose logit is followed. */
  readonly token: number;
  /** The token whose logit is subtracted; null for none. */
  readonly against: number | null;
  /** Its logit (less that of `against`) on the prompt as it is, and with the interventions. */
  readonly clean: number;
  /** The same with the interventions. */
  readonly changed: number;
  /** changed − clean. */
  readonly effect: number;
  /** The top token with the interventions. */
  readonly changedTop: number;
}

/** Options of `interventionEffect`. */
export interface EffectOptions {
  /** Of both passes; default f32. */
  readonly precision?: Precision;
  /** The token that gives the output, where every token sees the whole text; default as `traceForward`. */
  readonly position?: number;
  /** Default the top token of the clean prompt. */
  readonly token?: number;
  /** A token whose logit is subtracted; default none. */
  readonly against?: number;
}

/**
 * Runs a prompt as it is and with interventions.
 *
 * @throws DomainError unless the tokens are two of the vocabulary; as `traceForward`. @cost two forward passes.
 * @example
 * interventionEffect(model, ids, [{ kind: 'zero', name: 'blocks.1.mlp.out' }]).effect
 */
export function interventionEffect(
  model: Model,
  ids: readonly number[],
  interventions: readonly Intervention[],
  { precision = PASS_DEFAULTS.precision, position, token, against }: EffectOptions = {},
): InterventionEffect {
  checkHead('interventionEffect', model);
  const text = { ids, ...(position === undefined ? {} : { position }) };
  const [clean, changed] = traceTogether(model, [text, { ...text, interventions }], { precision }).map(
    ({ logits }) => logits,
  ) as [Trace['logits'], Trace['logits']];
  const followed = token ?? indexOfMax(clean);
  checkInteger('interventionEffect', 'token', followed, 0, unitCount(model.config) - 1);
  if (against !== undefined) checkInteger('interventionEffect', 'against', against, 0, unitCount(model.config) - 1);
  if (against === followed)
    throw new DomainError(
      `interventionEffect: against must differ from token, but both are ${followed}. Leave it out.`,
    );
  const of = (logits: ArrayLike<number>) => logits[followed]! - (against === undefined ? 0 : logits[against]!);
  return {
    token: followed,
    against: against ?? null,
    clean: of(clean),
    changed: of(changed),
    effect: of(changed) - of(clean),
    changedTop: indexOfMax(changed),
  };
}

/**
 * Patches that put the activations of another prompt of the same length in: clean against corrupted.
 *
 * @param names names of activations; `*` stands for one part
 * @throws DomainError unless both prompts have the same length; otherwise as `traceForward`.
 * @cost one forward pass.
 */
export function patchesFrom(
  model: Model,
  from: readonly number[],
  ids: readonly number[],
  names: readonly string[],
  precision: Precision = 'f32',
): Intervention[] {
  if (from.length !== ids.length)
    throw new DomainError(
      `patchesFrom: both prompts must have as many tokens, but they have ${from.length} and ${ids.length}. Choose one of the same length.`,
    );
  const keep = selectChangeable(model.config, names);
  const { activations } = traceForward(model, from, { precision, keep });
  return [...activations.values()].map(({ name, data }) => ({ kind: 'patch', name, data }));
}

/** One sublayer: what the frozen picture says of it, and what its ablation does. */
export interface AblationScore {
  /** Name of the sublayer, such as `blocks.0.attn`. */
  readonly name: string;
  /** Direct logit attribution: what its output, or its difference from the mean, adds to the final state by itself. */
  readonly direct: number;
  /** All paths through it: what the frozen product loses without it, or with its mean. */
  readonly total: number;
  /** Clean logit less the logit of a real pass whose output of this sublayer is zero, or its mean over the tokens. */
  readonly ablated: number;
}

/** How well attributions predict ablations. */
export interface AblationReport {
  /** The token whose logit is followed. */
  readonly token: number;
  /** What takes the place of an output: zero, or its mean over the tokens. */
  readonly kind: 'zero' | 'mean';
  /** What the soft cap did to that logit, by whose factor attributions are; absent in a model without one. */
  readonly logitCap?: FrozenCap;
  /** One score for each sublayer, in the order of the pass. */
  readonly steps: readonly AblationScore[];
  /** Pearson's correlation of each attribution with the ablations; null if one does not vary. */
  readonly correlation: { readonly direct: number | null; readonly total: number | null };
}

/** Options of `scoreAblations`. */
export interface ScoreAblationsOptions extends Omit<EffectOptions, 'against'> {
  /** What takes the place of an output. Default `zero`. */
  readonly kind?: 'zero' | 'mean';
}

/**
 * Attributions beside the ablations they predict, sublayer by sublayer. Attributions are an identity on the trace; an ablation lets norms,
 * patterns and gates of all later sublayers change, so the two differ, and by how much is the finding. A norm that follows a sublayer hands
 * its output on; the stream that it hands on as well is no part of the attribution.
 *
 * @throws as `runDyson`.
 * @cost 2L + 1 forward passes and 2L transposed frozen sublayers.
 */
export function scoreAblations(
  model: Model,
  ids: readonly number[],
  { precision = PASS_DEFAULTS.precision, position, token, kind = 'zero' }: ScoreAblationsOptions = {},
): AblationReport {
  checkHead('scoreAblations', model);
  const at = { precision, ...(position === undefined ? {} : { position }) };
  const trace = traceForward(model, ids, { ...at, keep: frozenActivations(model.config) });
  const operators = new FrozenOperators(model, trace);
  try {
    const followed = token ?? indexOfMax(trace.logits);
    checkInteger('scoreAblations', 'token', followed, 0, unitCount(model.config) - 1);
    const unembedding = new FrozenUnembedding(operators);
    const cap = unembedding.capOf(followed);
    const shareOf = sharesIn(operators, unembedding, followed);
    const { precision: _, ...place } = at;
    const texts = operators.sublayers.map(
      ({ name }): TracedText => ({ ids, ...place, interventions: [{ kind, name: `${name}.out` }] }),
    );
    const changed = [...textGroups(texts, () => ids.length, tokensTogether(model, precision))].flatMap((group) =>
      traceTogether(model, group, { precision }).map(({ logits }) => logits[followed]!),
    );
    const steps = operators.steps.flatMap((sublayers, step) =>
      sublayers.map((sublayer): AblationScore => {
        const share = shareOf(step, removedFromStream(operators, sublayer, kind));
        return { name: sublayer.name, ...share, ablated: trace.logits[followed]! - changed.shift()! };
      }),
    );
    const ablated = steps.map((step) => step.ablated);
    return {
      token: followed,
      kind,
      ...(cap === null ? {} : { logitCap: cap }),
      steps,
      correlation: {
        direct: correlation(
          steps.map(({ direct }) => direct),
          ablated,
        ),
        total: correlation(
          steps.map(({ total }) => total),
          ablated,
        ),
      },
    };
  } finally {
    operators.release();
  }
}

/** What an ablation takes out of a sublayer's output, as the norm after it, if there is one, hands it on. */
function removedFromStream(operators: FrozenOperators, sublayer: FrozenSublayer, kind: 'zero' | 'mean'): Float64Array {
  const { data } = activationOf(operators.trace, `${sublayer.name}.out`);
  return operators.model.backend.memory.scope(() => {
    const removed = realBlockOf(operators, kind === 'zero' ? data : centred(data, operators.T));
    sublayer.handOn(removed);
    return Float64Array.from(removed.view());
  });
}

/** Rows less their mean. */
function centred(data: ArrayLike<number>, rows: number): Float64Array {
  const D = data.length / rows;
  const mean = new Float64Array(D);
  for (let i = 0; i < data.length; i++) mean[i % D]! += data[i]! / rows;
  return Float64Array.from(data, (value, i) => value - mean[i % D]!);
}

/** Logit of the paths that end with what a step adds to the stream, and of all paths through it. */
function sharesIn(operators: StepOperators, unembedding: FrozenUnembedding, token: number) {
  const w = functionalAtPredicting(operators, unembedding.functional(token));
  const functionals = functionalsBefore(operators, w);
  return (step: number, output: ArrayLike<number>) => ({
    direct: dot(w, output),
    total: dot(functionals[step + 1]!, output),
  });
}

function correlation(x: readonly number[], y: readonly number[]): number | null {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [i, value] of x.entries()) {
    xx += (value - mx) ** 2;
    yy += (y[i]! - my) ** 2;
    xy += (value - mx) * (y[i]! - my);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}
