import type { Backend } from '../backend/backend.ts';
import type { Block, RealBlock } from '../backend/memory.ts';

type Real = Float32Array | Float64Array;

/** log softmax of logits, in nats and f64. */
export function logProbabilities(backend: Backend, logits: Real): Float64Array {
  return softmax(backend, logits, () => {});
}

/** softmax of logits, in f64. */
export function probabilities(backend: Backend, logits: Real): Float64Array {
  return softmax(backend, logits, (logP) => backend.kernels.mapExp(logP, logP, logits.length));
}

function softmax({ memory, kernels }: Backend, logits: Real, finish: (logP: Block<'f64'>) => void): Float64Array {
  return memory.scope(() => {
    const from = memory.allocate(logits instanceof Float32Array ? 'f32' : 'f64', logits.length) as RealBlock;
    from.view().set(logits);
    const logP = memory.allocate('f64', logits.length);
    kernels.logSoftmax(from, logP, logits.length);
    finish(logP);
    return logP.view().slice();
  });
}
