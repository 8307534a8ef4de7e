import type { Backend } from '../backend/backend.ts';
import type { Block, RealBlock } from '../backend/memory.ts';

type Real = Float32Array | Float64Array;

/** log softmax of logits, in nats and f64. */
export function logProbabilities(backend: Backend, logits: Real): Float64Array {
  return softmax(backend, logits, () => {});
}

/** softmax of logits, in f64. */
export function probabilities(backend: Backend, logits: Real): Float64Array {
  return softmax(backend, logits, (logP) => backend.kernels.mapExp({ src: logP, dst: logP, n: logits.length }));
}

/** softmax(logits/temperature) of each of some rows of V logits, in f64. The logits are overwritten. */
export function lawsOfRows(
  { memory, kernels }: Backend,
  logits: RealBlock,
  rows: number,
  temperature: number,
): Float64Array[] {
  if (temperature !== 1) {
    const view = logits.view();
    for (let i = 0; i < view.length; i++) view[i]! /= temperature;
  }
  const V = logits.length / rows;
  return memory.scope(() => {
    const law = memory.allocate('f64', V);
    return Array.from({ length: rows }, (_, row) => {
      kernels.logSoftmax({ logits: logits.part(row * V, V) as RealBlock, logP: law, n: V });
      kernels.mapExp({ src: law, dst: law, n: V });
      return law.view().slice();
    });
  });
}

function softmax({ memory, kernels }: Backend, logits: Real, finish: (logP: Block<'f64'>) => void): Float64Array {
  return memory.scope(() => {
    const from = memory.allocate(logits instanceof Float32Array ? 'f32' : 'f64', logits.length) as RealBlock;
    from.view().set(logits);
    const logP = memory.allocate('f64', logits.length);
    kernels.logSoftmax({ logits: from, logP, n: logits.length });
    finish(logP);
    return logP.view().slice();
  });
}
