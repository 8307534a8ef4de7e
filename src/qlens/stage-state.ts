import type { Backend } from '../backend/backend.ts';
import { BORN_SUMMARY } from '../backend/contract/state.ts';
import type { Block, RealBlock } from '../backend/memory.ts';
import { checkLength } from '../core/checks.ts';
import { DomainError, NonFiniteError } from '../core/errors.ts';
import { QLENS_DEFAULTS } from './defaults.ts';
import type { LawBlocks } from './divergence.ts';
import { checkedLaw } from './state.ts';

/** Logits of one stage, V numbers: on the host, or in the memory of the backend that analyses them. */
export type StageLogits = RealBlock | Float32Array | Float64Array;

/** The law of one stage where it is known without logits: V probabilities, which may be 0. */
export interface StageLaw {
  /** V probabilities. */
  readonly law: ArrayLike<number>;
  /** How far their sum may be from 1. Default 1e-6. */
  readonly tolerance?: number;
}

/** Number of output units. */
export function unitsOf(given: StageLogits | StageLaw): number {
  return isLaw(given) ? given.law.length : given.length;
}

function isLaw(given: StageLogits | StageLaw): given is StageLaw {
  return 'law' in given;
}

/** Law, log law and state of one stage in a backend's memory, V elements each. */
export interface StageBlocks extends LawBlocks {
  readonly psi: Block<'f64'>;
}

/**
 * Fills `blocks` from logits or from a law and returns the entropy in nats.
 *
 * @throws ShapeError, NonFiniteError or DomainError naming the stage.
 */
export function loadStage(
  backend: Backend,
  where: string,
  name: string,
  given: StageLogits | StageLaw,
  blocks: StageBlocks,
): number {
  const V = blocks.psi.length;
  const { memory, kernels } = backend;
  if (isLaw(given)) return loadLaw(backend, where, name, given, blocks);
  const logits = given;
  return memory.scope(() => {
    const label = `logits of stage “${name}”`;
    const block = isBlock(logits) ? logits : copied(backend, logits);
    checkLength(where, label, block.view(), V);
    const summary = memory.allocate('f64', BORN_SUMMARY.length);
    kernels.bornState({ logits: block, p: blocks.p, logP: blocks.logP, psi: blocks.psi, summary, V });
    const values = summary.view();
    const [low, high] = [values[BORN_SUMMARY.minLogit]!, values[BORN_SUMMARY.maxLogit]!];
    if (!(high - low < Infinity)) throw badLogits(where, label, block.view(), low, high);
    return values[BORN_SUMMARY.entropy]!;
  });
}

/** log 0 = −∞: a unit that cannot come adds nothing to the entropy, but makes KL infinite where another law has it. */
function loadLaw(
  { kernels }: Backend,
  where: string,
  name: string,
  { law, tolerance = QLENS_DEFAULTS.sumTolerance }: StageLaw,
  { p, logP, psi }: StageBlocks,
): number {
  const V = psi.length;
  const label = `law of stage “${name}”`;
  checkLength(where, label, law, V);
  p.view().set(checkedLaw(law, { name: label, tolerance }));
  kernels.mapLog({ src: p, dst: logP, n: V });
  const [probabilities, logs, state] = [p.view(), logP.view(), psi.view()];
  let entropy = 0;
  for (let u = 0; u < V; u++) {
    state[u] = Math.sqrt(probabilities[u]!);
    if (probabilities[u]! > 0) entropy -= probabilities[u]! * logs[u]!;
  }
  return entropy;
}

function isBlock(logits: StageLogits): logits is RealBlock {
  return !ArrayBuffer.isView(logits);
}

function copied(backend: Backend, logits: Float32Array | Float64Array): RealBlock {
  const block = backend.memory.allocate(logits instanceof Float32Array ? 'f32' : 'f64', logits.length) as RealBlock;
  block.view().set(logits);
  return block;
}

/** Logits must be finite, and their range too: log p must not become −∞. */
function badLogits(
  where: string,
  label: string,
  logits: Float32Array | Float64Array,
  low: number,
  high: number,
): Error {
  const at = logits.findIndex((logit) => !Number.isFinite(logit));
  if (at < 0)
    return new DomainError(`${where}: ${label} must have a finite range, but they run from ${low} to ${high}.`);
  return new NonFiniteError(
    `${where}: ${label} must be finite, but element ${at} is ${String(logits[at])}. Mask units by leaving them out.`,
  );
}
