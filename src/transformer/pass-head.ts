import type { RealBlock } from '../backend/memory.ts';
import { unitCount } from './config.ts';
import { logitsOf } from './head.ts';
import { transformHead } from './head-transform.ts';
import { checkStream } from './logits.ts';
import type { Model } from './model.ts';
import type { Recorder } from './recorder.ts';

/** Activations of the head. */
const HEAD = ['head.pre', 'head.norm.scale', 'logits'];

/** Of a pass that ends in a head. */
export interface HeadOfPass {
  /** Rows of the pass. */
  readonly T: number;
  /** The one that predicts. */
  readonly row: number;
  readonly recorder: Recorder;
}

/**
 * Logits of the predicting row of what a pass gave, T×D, and what is recorded of the head; none of a model without a head.
 *
 * @throws NonFiniteError for such a model if the pass overflowed.
 */
export function headOfPass(model: Model, x: RealBlock, { T, row, recorder }: HeadOfPass): Float32Array | Float64Array {
  const { D, headless } = model.config;
  const units = unitCount(model.config);
  if (headless) {
    checkStream('append', x.view(), D);
    return x.kind === 'f32' ? new Float32Array(0) : new Float64Array(0);
  }
  return model.backend.memory.scope(() => {
    // What is recorded of the head is of all tokens.
    const ofAll = HEAD.some((name) => recorder.wants(name) || recorder.changes(name));
    const [start, held] = ofAll ? [0, T] : [row, 1];
    const y = transformHead(model, x.part(start * D, held * D) as RealBlock, held, recorder);
    const [from, rows] = recorder.wants('logits') ? [0, T] : [row, 1];
    const logits = logitsOf(model, y.part((from - start) * D, rows * D) as RealBlock, rows);
    recorder.record('logits', [T, units], logits);
    const own = logits.part((row - from) * units, units);
    return own.view().slice() as Float32Array | Float64Array;
  });
}
