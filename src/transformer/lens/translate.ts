import type { Backend } from '../../backend/backend.ts';
import { gemmWork } from '../../backend/contract/dense.ts';
import type { Allocator, Precision, RealBlock } from '../../backend/memory.ts';
import type { Translator } from './tuned-lens.ts';

/** A translator in a backend's memory, in the precision of the pass. */
export interface ResidentTranslator {
  readonly weight: RealBlock | null;
  readonly bias: RealBlock;
}

export function residentTranslator(
  backend: Backend,
  { weight, bias }: Translator,
  precision: Precision,
  memory: Allocator = backend.memory,
): ResidentTranslator {
  const upload = (data: Float32Array): RealBlock => {
    const block = memory.allocate(precision, data.length) as RealBlock;
    block.view().set(data);
    return block;
  };
  return { weight: weight === null ? null : upload(weight), bias: upload(bias) };
}

/**
 * y = h + A h + b for rows of D: the bias, plus h, plus the products from left to right, so that A = 0 and b = 0 give h itself.
 * y must not overlap h.
 */
export function translate(
  { memory, kernels }: Backend,
  { weight, bias }: ResidentTranslator,
  h: RealBlock,
  y: RealBlock,
  rows: number,
  D: number,
): void {
  const to = y.view();
  const from = bias.view();
  for (let r = 0; r < rows; r++) to.set(from, r * D);
  kernels.add({ x: h, y, n: rows * D });
  if (weight === null) return;
  memory.scope(() => {
    const shape = { opA: 'none', opB: 'transpose', m: rows, n: D, k: D, lda: D, ldb: D, ldc: D } as const;
    kernels.gemm({
      shape,
      alpha: 1,
      a: h,
      b: weight,
      beta: 1,
      c: y,
      work: memory.allocate(h.kind, gemmWork(h.kind, rows, D, D)) as RealBlock,
    });
  });
}
