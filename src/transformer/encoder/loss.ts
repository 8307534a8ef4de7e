import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { type AttentionRows, attend, attendBackward } from './attention.ts';
import { layerNorm, layerNormBackward, linear, linearBackward } from './maps.ts';
import { type BlockSlots, type EncoderShape, layoutOf, NORM_EPS, type ParameterLayout } from './shape.ts';

/** What a block keeps of the forward pass for the way back. */
interface BlockTape {
  readonly attention: AttentionRows;
  readonly normed1: Float64Array;
  readonly scale1: Float64Array;
  readonly mid: Float64Array;
  readonly hidden: Float64Array;
  readonly normed2: Float64Array;
  readonly scale2: Float64Array;
  readonly post: Float64Array;
}

/**
 * Cross entropy −log softmax(logits)[label] of one labelled text under a post-norm encoder, in nats, and its exact gradient. With
 * two classes this is the binary cross entropy of the difference of the logits.
 *
 * @accuracy f64 throughout, sums from left to right, the package's own exp and log: the same bits on every machine
 */
export class EncoderLoss {
  readonly shape: EncoderShape;
  readonly layout: ParameterLayout;

  constructor(shape: EncoderShape) {
    this.shape = shape;
    this.layout = layoutOf(shape);
  }

  /** Adds `weight` times the gradient to `gradient`, unless that is null, and returns the loss. */
  of(w: Float64Array, ids: readonly number[], label: number, weight: number, gradient: Float64Array | null): number {
    const { D, C } = this.shape;
    const { blocks, classifier } = this.layout;
    const T = ids.length;
    const input = this.#embed(w, ids);
    const tapes: BlockTape[] = [];
    let x = input;
    for (const slots of blocks) {
      const tape = this.#forward(w, slots, x, T);
      tapes.push(tape);
      x = tape.post;
    }
    const logits = new Float64Array(C);
    linear(w, classifier, x, logits, 1);
    const { loss, p } = crossEntropy(logits, label);
    if (gradient === null) return loss;
    p[label]! -= 1;
    for (let c = 0; c < C; c++) p[c]! *= weight;
    let d: Float64Array = new Float64Array(T * D);
    linearBackward(w, gradient, classifier, x, p, d, 1);
    for (let i = blocks.length - 1; i >= 0; i--) {
      d = this.#backward(w, gradient, blocks[i]!, tapes[i]!, i === 0 ? input : tapes[i - 1]!.post, d, T);
    }
    this.#embedBackward(gradient, ids, d);
    return loss;
  }

  #embed(w: Float64Array, ids: readonly number[]): Float64Array {
    const { D } = this.shape;
    const { words, positions } = this.layout;
    const x = new Float64Array(ids.length * D);
    for (const [t, id] of ids.entries()) {
      for (let c = 0; c < D; c++) x[t * D + c] = w[words + id * D + c]! + w[positions + t * D + c]!;
    }
    return x;
  }

  #embedBackward(gradient: Float64Array, ids: readonly number[], d: Float64Array): void {
    const { D } = this.shape;
    const { words, positions } = this.layout;
    for (const [t, id] of ids.entries()) {
      for (let c = 0; c < D; c++) {
        gradient[words + id * D + c]! += d[t * D + c]!;
        gradient[positions + t * D + c]! += d[t * D + c]!;
      }
    }
  }

  #forward(w: Float64Array, slots: BlockSlots, x: Float64Array, T: number): BlockTape {
    const { D, H, F } = this.shape;
    const rows = (width = D) => new Float64Array(T * width);
    const attention = { T, H, K: D / H, q: rows(), k: rows(), v: rows(), pattern: rows(H * T), z: rows() };
    linear(w, slots.query, x, attention.q, T);
    linear(w, slots.key, x, attention.k, T);
    linear(w, slots.value, x, attention.v, T);
    attend(attention);
    const sum = rows();
    linear(w, slots.output, attention.z, sum, T);
    addInto(sum, x);
    const [normed1, scale1, mid] = [rows(), rows(1), rows()];
    layerNorm(w, slots.attentionNorm, sum, mid, normed1, scale1, T, D, NORM_EPS);
    const hidden = rows(F);
    linear(w, slots.in, mid, hidden, T);
    for (let i = 0; i < hidden.length; i++) if (!(hidden[i]! > 0)) hidden[i] = 0;
    linear(w, slots.out, hidden, sum, T);
    addInto(sum, mid);
    const [normed2, scale2, post] = [rows(), rows(1), rows()];
    layerNorm(w, slots.mlpNorm, sum, post, normed2, scale2, T, D, NORM_EPS);
    return { attention, normed1, scale1, mid, hidden, normed2, scale2, post };
  }

  /** From the gradient in the block's output that in its input x. */
  #backward(
    w: Float64Array,
    dw: Float64Array,
    slots: BlockSlots,
    { attention, normed1, scale1, mid, hidden, normed2, scale2 }: BlockTape,
    x: Float64Array,
    d: Float64Array,
    T: number,
  ): Float64Array {
    const { D, F } = this.shape;
    const rows = (width = D) => new Float64Array(T * width);
    const dSum = rows();
    layerNormBackward(w, dw, slots.mlpNorm, normed2, scale2, d, dSum, T, D);
    const dHidden = rows(F);
    linearBackward(w, dw, slots.out, hidden, dSum, dHidden, T);
    for (let i = 0; i < hidden.length; i++) if (hidden[i] === 0) dHidden[i] = 0;
    const dMid = dSum.slice();
    linearBackward(w, dw, slots.in, mid, dHidden, dMid, T);
    layerNormBackward(w, dw, slots.attentionNorm, normed1, scale1, dMid, dSum, T, D);
    const [dz, dq, dk, dv] = [rows(), rows(), rows(), rows()];
    linearBackward(w, dw, slots.output, attention.z, dSum, dz, T);
    attendBackward(attention, dz, dq, dk, dv);
    const dx = dSum;
    linearBackward(w, dw, slots.query, x, dq, dx, T);
    linearBackward(w, dw, slots.key, x, dk, dx, T);
    linearBackward(w, dw, slots.value, x, dv, dx, T);
    return dx;
  }
}

function addInto(y: Float64Array, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += x[i]!;
}

function crossEntropy(logits: Float64Array, label: number): { readonly loss: number; readonly p: Float64Array } {
  const highest = Math.max(...logits);
  const p = Float64Array.from(logits, (logit) => exp(logit - highest));
  const sum = p.reduce((total, value) => total + value, 0);
  for (let c = 0; c < p.length; c++) p[c]! /= sum;
  return { loss: highest + log(sum) - logits[label]!, p };
}
