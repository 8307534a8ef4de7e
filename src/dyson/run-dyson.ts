import type { Precision } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import { PASS_DEFAULTS } from '../transformer/defaults.ts';
import { checkHead } from '../transformer/head.ts';
import type { Model } from '../transformer/model.ts';
import { activationOf, type Trace, traceForward } from '../transformer/trace.ts';
import { blockSteps } from './block-operators.ts';
import { DYSON_DEFAULTS } from './defaults.ts';
import type { DysonResult } from './dyson-result.ts';
import { FrozenOperators, frozenActivations } from './frozen-operators.ts';
import { HeadChannels } from './head-channels.ts';
import { type ExpansionOptions, expandOrders, norm2 } from './order-expansion.ts';
import { FrozenUnembedding } from './order-logits.ts';
import { indexOfMax, partialSumPredictions } from './partial-sums.ts';
import { stepChannels, type TopPaths, type TopPathsOptions, topPaths } from './path-search.ts';
import { functionalsBefore } from './path-sums.ts';
import { renormalisationFlow } from './renormalisation.ts';
import { functionalAtPredicting, predictingPart, realBlock, type StepOperators } from './steps.ts';

/** Options of {@link dysonOfTrace}. */
export interface DysonOfTraceOptions extends ExpansionOptions {
  /** Default `sublayer`. */
  readonly steps?: 'sublayer' | 'block';
  /** Search the largest paths to a logit, by default that of the top token. */
  readonly paths?: RunPathsOptions;
}

/** Options of `runDyson`. */
export interface RunDysonOptions extends DysonOfTraceOptions {
  /** Of the pass; default f32. */
  readonly precision?: Precision;
  /** The token that gives the output, where every token sees the whole text; default as `traceForward`. */
  readonly position?: number;
}

/** Options of the search for paths within `runDyson`. */
export interface RunPathsOptions extends Omit<TopPathsOptions, 'token'> {
  /** Default the model's top token. */
  readonly token?: number;
  /** Whether attention is cut into its heads, which only sublayers are. Default false. */
  readonly heads?: boolean;
}

/**
 * Traces a prompt and takes its Dyson picture, as {@link dysonOfTrace}.
 *
 * @throws as `traceForward` and {@link dysonOfTrace}.
 */
export function runDyson(
  model: Model,
  ids: readonly number[],
  { precision = PASS_DEFAULTS.precision, position, ...options }: RunDysonOptions = {},
): DysonResult {
  checkHead('runDyson', model);
  const keep = frozenActivations(model.config);
  const trace = traceForward(model, ids, { precision, keep, ...(position === undefined ? {} : { position }) });
  return dysonOfTrace(model, trace, options);
}

/**
 * All orders, the second-order map, path sums by last and by first operator, the renormalisation flow of one prompt, and its
 * largest paths if asked.
 *
 * @param trace keeps all of {@link frozenActivations}
 * @throws DomainError for a model without a head, heads of whole blocks, or a trace that lacks an activation; otherwise as `topPaths`.
 *
 * @accuracy frozen: an identity on this trace (eq. 6 to rounding), not a prediction for another prompt.
 * @source Dyson paper, eqs. 2, 6, 7, §IV.1, §V.
 */
export function dysonOfTrace(
  model: Model,
  trace: Trace,
  { steps = DYSON_DEFAULTS.steps, paths, ...options }: DysonOfTraceOptions = {},
): DysonResult {
  checkHead('dysonOfTrace', model);
  const sublayers = new FrozenOperators(model, trace);
  const operators = steps === 'block' ? blockSteps(sublayers) : sublayers;
  try {
    // All orders are gone before the search takes memory.
    const orders = ordersOf(operators, steps, options);
    const { id: token } = orders.top;
    return { ...orders, paths: paths === undefined ? null : searchPaths(sublayers, operators, { token, ...paths }) };
  } finally {
    sublayers.release();
  }
}

/** All but the paths. */
function ordersOf(
  operators: StepOperators,
  steps: 'sublayer' | 'block',
  options: ExpansionOptions,
): Omit<DysonResult, 'paths'> {
  const { model, trace } = operators;
  const { ids, precision } = trace;
  const { terms, secondOrder, byLastOperator } = expandOrders(operators, options);
  const { L } = model.config;
  const last = (array: Float64Array) => predictingPart(operators, array);
  const final = Float64Array.from(activationOf(trace, `blocks.${L - 1}.resid_post`).data);
  const norms = terms.map(norm2);
  const unembedding = new FrozenUnembedding(operators);
  const offset = unembedding.offset();
  const orderLogits = unembedding.linear(terms.map(last));
  const sublayerLogits = unembedding.linear(byLastOperator.map(last));
  const top = indexOfMax(trace.logits);
  const cap = unembedding.capOf(top);
  const predictions = partialSumPredictions(model.backend, orderLogits, offset);
  const errors = partialSumErrors(terms.map(last), last(final));
  const sum = sumOfTerms(terms);
  const distance = norm2(sum.map((value, i) => value - final[i]!));
  const embeddingTopLogit = orderLogits[0]![top]! + offset[top]!;
  const attributed = sublayerLogits.reduce((total, logits) => total + logits[top]!, embeddingTopLogit);
  const firstLogits = logitsByFirstOperator(operators, unembedding.functional(top));
  const firstAttributed = firstLogits.reduce((total, logit) => total + logit, embeddingTopLogit);
  const total = norms.reduce((a, b) => a + b, 0);
  return {
    at: 'frozen',
    steps: model.config.residual === 'parallel' ? 'block' : steps,
    backend: model.backend.kind,
    precision,
    ids: [...ids],
    row: trace.row,
    top: { id: top, token: model.unitText(top), logit: trace.logits[top]! },
    ...(cap === null ? {} : { logitCap: cap }),
    orders: terms.map((term, order) => ({
      order,
      normAll: norms[order]!,
      normLast: norm2(last(term)),
      ratioToNext: order + 1 < norms.length ? norms[order + 1]! / norms[order]! : null,
      topLogit: orderLogits[order]![top]! + (order === 0 ? offset[top]! : 0),
      partialSum: { relativeError: errors[order]!, ...predictions[order]! },
    })),
    residual: { relativeToState: distance / norm2(final), relativeToTerms: distance / total },
    cancellation: total / norm2(final),
    secondOrder: secondOrder.map((row) => [...row]),
    sublayers: renormalisationFlow(operators, byLastOperator).map((flow, l) => ({
      ...flow,
      outputNorm: norm2(last(byLastOperator[l]!)),
      topLogit: sublayerLogits[l]![top]!,
      firstTopLogit: firstLogits[l]!,
      residual: relativeDistance(byLastOperator[l]!, recordedUpdate(operators, flow.name)),
    })),
    embeddingTopLogit,
    attributionResidual: Math.abs(attributed - trace.logits[top]!),
    firstAttributionResidual: Math.abs(firstAttributed - trace.logits[top]!),
  };
}

/** What the pass recorded of a step: the output of a sublayer, of both of a block, or with norms after them the change of the stream. */
function recordedUpdate({ model, trace }: StepOperators, name: string): ArrayLike<number> {
  if (model.config.normPlacement === 'post') {
    const [before, after] = streamAround(name).map((stage) => activationOf(trace, stage).data);
    return Float64Array.from(after!, (value, i) => value - before![i]!);
  }
  if (/\.(attn|mlp)$/.test(name)) return activationOf(trace, `${name}.out`).data;
  const [attention, mlp] = ['attn', 'mlp'].map((part) => activationOf(trace, `${name}.${part}.out`).data);
  return Float64Array.from(attention!, (value, i) => value + mlp![i]!);
}

/** Names of the stream before and after a step. */
function streamAround(name: string): [string, string] {
  const [, block, part] = /^blocks\.(\d+)(?:\.(attn|mlp))?$/.exec(name)!;
  const i = Number(block);
  const start = i === 0 ? 'embed' : `blocks.${i - 1}.resid_post`;
  return [
    part === 'mlp' ? `blocks.${i}.resid_mid` : start,
    part === 'attn' ? `blocks.${i}.resid_mid` : `blocks.${i}.resid_post`,
  ];
}

/** ⟨P(S, l+1)ᵀ w, V^(l) x₀ + B^(l)⟩ for every step l; w a functional of the predicting token's final state. */
function logitsByFirstOperator(operators: StepOperators, row: Float64Array): number[] {
  const { S, model } = operators;
  const w = functionalAtPredicting(operators, row);
  const functionals = functionalsBefore(operators, w);
  return model.backend.memory.scope(() => {
    const [image, bias] = [realBlock(operators, w.length), realBlock(operators, w.length)];
    return Array.from({ length: S }, (_, l) => {
      operators.applyToEmbedding(l, image);
      operators.bias(l, bias);
      const [after, from, constant] = [functionals[l + 1]!, image.view(), bias.view()];
      return after.reduce((sum, value, i) => sum + value * (from[i]! + constant[i]!), 0);
    });
  });
}

function searchPaths(
  sublayers: FrozenOperators,
  operators: StepOperators,
  { heads = false, ...options }: RunPathsOptions & { readonly token: number },
): TopPaths {
  if (!heads) return topPaths(stepChannels(operators), options);
  if (operators !== sublayers)
    throw new DomainError(
      'dysonOfTrace: heads must go with sublayers as steps, but the steps are blocks. Leave one out.',
    );
  const channels = new HeadChannels(sublayers);
  try {
    return topPaths(channels, options);
  } finally {
    channels.release();
  }
}

function sumOfTerms(terms: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(terms[0]!.length);
  for (const term of terms) for (let i = 0; i < sum.length; i++) sum[i]! += term[i]!;
  return sum;
}

/** ‖a − b‖/‖b‖; 0 where both are 0, such as the output of an MLP whose units are all off. */
function relativeDistance(a: Float64Array, b: ArrayLike<number>): number {
  const distance = norm2(a.map((value, i) => value - b[i]!));
  return distance === 0 ? 0 : distance / norm2(b);
}

/** ‖Σ_{k≤K} t_k − x‖/‖x‖ for every K. */
function partialSumErrors(terms: readonly Float64Array[], x: Float64Array): number[] {
  const remainder = Float64Array.from(x);
  const scale = norm2(x);
  return terms.map((term) => {
    for (let i = 0; i < remainder.length; i++) remainder[i]! -= term[i]!;
    return norm2(remainder) / scale;
  });
}
