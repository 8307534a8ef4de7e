import type { Backend } from '../backend/backend.ts';
import { BORN_SUMMARY } from '../backend/contract/state.ts';
import type { Block, RealBlock } from '../backend/memory.ts';
import { checkLength } from '../core/checks.ts';
import { DomainError, NonFiniteError } from '../core/errors.ts';
import type { LawBlocks } from './divergence.ts';

/** Logits of one stage, V numbers: on the host, or in the memory of the backend that analyses them. */
export type StageLogits = RealBlock | Float32Array | Float64Array;

/** Law, log law and state of one stage in a backend's memory, V elements each. */
export interface StageBlocks extends LawBlocks {
  readonly psi: Block<'f64'>;
}

/**
 * Fills `blocks` from logits and returns the entropy in nats.
 *
 * @throws ShapeError, NonFiniteError or DomainError naming the stage.
 */
export function loadStage(
  backend: Backend,
  where: string,
  name: string,
  logits: StageLogits,
  blocks: StageBlocks,
): number {
  const V = blocks.psi.length;
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const label = `logits of stage “${name}”`;
    const block = isBlock(logits) ? logits : copied(backend, logits);
    const values = block.view();
    checkLength(where, label, values, V);
    checkLogits(where, label, values);
    const summary = memory.allocate('f64', BORN_SUMMARY.length);
    kernels.bornState(block, blocks.p, blocks.logP, blocks.psi, summary, V);
    return summary.view()[BORN_SUMMARY.entropy]!;
  });
}

function isBlock(logits: StageLogits): logits is RealBlock {
  return !ArrayBuffer.isView(logits);
}

function copied(backend: Backend, logits: Float32Array | Float64Array): RealBlock {
  const block = backend.memory.allocate(logits instanceof Float32Array ? 'f32' : 'f64', logits.length) as RealBlock;
  block.view().set(logits);
  return block;
}

/** Finite, and with a finite range: log p must not become −∞. */
function checkLogits(where: string, label: string, logits: Float32Array | Float64Array): void {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i]!;
    if (!Number.isFinite(logit)) {
      throw new NonFiniteError(
        `${where}: ${label} must be finite, but element ${i} is ${String(logit)}. Mask units by leaving them out.`,
      );
    }
    if (logit < low) low = logit;
    if (logit > high) high = logit;
  }
  if (high - low < Infinity) return;
  throw new DomainError(`${where}: ${label} must have a finite range, but they run from ${low} to ${high}.`);
}
