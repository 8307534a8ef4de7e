import type { Block, Holding, RealBlock } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import { scaleBy } from '../transformer/factors.ts';
import type { Model } from '../transformer/model.ts';
import type { Trace } from '../transformer/trace.ts';
import type { LinearWeights } from '../transformer/weights.ts';
import { byStep, type LinearSteps, rowsOf, stepNames, subtract } from './steps.ts';
import { applyHeadNorm } from './tangent-head-norm.ts';
import { type NormPoint, type Point, pointsOfBlock, type Turn, turnsOf } from './tangent-points.ts';

/** Rows that go through at once. */
const ROWS_AT_ONCE = 128;

/**
 * The tangent of every sublayer: J^(l) = d f_l / dx at the state of the trace, x + f_l(x) the real step with its norm, softmax and
 * activation free to change; f_l = norm(sublayer(norm x)) with the norms that there are, the sum of both sublayers where they are parallel, or
 * norm(x + sublayer x) − x where norms follow the sum. `apply` gives J δ (JVP), `applyAdjoint` Jᵀ g (VJP), for stacked states of T×D. It answers what a small change of the stream
 * does, where the frozen operators decompose the stream itself: the two agree on neither.
 *
 * @accuracy at the trace, in f64; against central differences to 1e-6 relative for every sublayer (tests/property/dyson-tangent.test.ts).
 * At a kink of ReLU the derivative from the left, at that of a cut 0.
 * @cost JVP about two sublayers, VJP about three.
 */
export class TangentOperators implements LinearSteps {
  readonly model: Model;
  readonly trace: Trace;
  readonly T: number;
  readonly names: readonly string[];
  /** The points of every step. */
  readonly #points: readonly (readonly Point[])[];
  readonly #hold: Holding;

  /** @throws DomainError unless the trace is in f64 and kept {@link tangentActivations}. */
  constructor(model: Model, trace: Trace) {
    if (trace.precision !== 'f64')
      throw new DomainError(
        `TangentOperators: the trace must be in f64, but it is in ${trace.precision}. Trace again.`,
      );
    this.model = model;
    this.trace = trace;
    this.T = trace.ids.length;
    this.names = stepNames(model.config);
    const { memory } = model.backend;
    [this.#hold, this.#points] = memory.scope((keep) => {
      const hold = keep(memory.hold());
      const rotations = turnsOf(model, this.T, hold);
      const blocks = model.weights.layers.map((_, i) => pointsOfBlock(model, trace, i, rotations[i]!, hold));
      return [hold, byStep(model.config, blocks)];
    });
  }

  get S(): number {
    return this.#points.length;
  }

  /** y = J^(step) x. */
  apply(step: number, x: RealBlock, y: RealBlock, states: number): void {
    this.#inSteps(step, x, y, states, (point, from, to, count) => {
      let entering = from;
      if (point.before !== null) {
        entering = this.#allocate(from.length);
        this.#norm(point.before, from, entering, false);
      }
      this.#sublayer(point, entering, to, count);
      scaleBy(to, this.model.config.residualScale);
      if (this.#normsOfSums) this.model.backend.kernels.add({ x: from, y: to, n: to.length });
      if (point.after !== null) this.#norm(point.after, to, to, false);
      if (this.#normsOfSums) subtract(from, to);
    });
  }

  /** y = J^(step)ᵀ x. */
  applyAdjoint(step: number, x: RealBlock, y: RealBlock, states: number): void {
    this.#inSteps(step, x, y, states, (point, from, to, count) => {
      let entering = from;
      if (point.after !== null) {
        entering = this.#allocate(from.length);
        this.#norm(point.after, from, entering, true);
      }
      this.#sublayerAdjoint(point, entering, to, count);
      if (point.before !== null) this.#norm(point.before, to, to, true);
      scaleBy(to, this.model.config.residualScale);
      if (!this.#normsOfSums) return;
      this.model.backend.kernels.add({ x: entering, y: to, n: to.length });
      subtract(from, to);
    });
  }

  /** Gives back what it holds; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#hold.release();
  }

  get #normsOfSums(): boolean {
    return this.model.config.normPlacement === 'post';
  }

  #sublayer(point: Point, x: Block<'f64'>, y: Block<'f64'>, states: number): void {
    if (point.kind === 'attention') this.#attention(point, x, y, states);
    else this.#mlp(point, x, y);
  }

  #sublayerAdjoint(point: Point, x: Block<'f64'>, y: Block<'f64'>, states: number): void {
    if (point.kind === 'attention') this.#attentionAdjoint(point, x, y, states);
    else this.#mlpAdjoint(point, x, y);
  }

  #attention(
    { layer, at, turn, uncut, qNorm, kNorm }: Extract<Point, { kind: 'attention' }>,
    normed: Block<'f64'>,
    y: Block<'f64'>,
    states: number,
  ) {
    const { H, G, K, causal } = this.model.config;
    const rows = states * this.T;
    const [dq, dk, dv] = [this.#linear(layer.q, normed), this.#linear(layer.k, normed), this.#linear(layer.v, normed)];
    this.#cut(uncut, dq, dk, dv);
    if (qNorm !== null) applyHeadNorm(this.model, qNorm, dq, false);
    if (kNorm !== null) applyHeadNorm(this.model, kNorm, dk, false);
    this.#rotate(turn, dq, H, states, false);
    this.#rotate(turn, dk, G, states, false);
    const dz = this.#allocate(rows * H * K);
    const scratch = this.#allocate(this.T);
    const { q, k, v, pattern, scale, cap } = at;
    this.model.backend.kernels.attendTangent({
      q,
      k,
      v,
      pattern,
      scale,
      cap,
      dq,
      dk,
      dv,
      dz,
      scratch,
      states,
      T: this.T,
      H,
      G,
      K,
      causal,
    });
    this.#linear(layer.out, dz, y);
  }

  #attentionAdjoint(
    { layer, at, turn, uncut, qNorm, kNorm }: Extract<Point, { kind: 'attention' }>,
    x: Block<'f64'>,
    y: Block<'f64'>,
    states: number,
  ) {
    const { H, G, K, causal } = this.model.config;
    const { kernels } = this.model.backend;
    const rows = states * this.T;
    const dz = this.#transposed(layer.out, x);
    const [dq, dk, dv] = [rows * H * K, rows * G * K, rows * G * K].map((length) => this.#allocate(length));
    const { q, k, v, pattern, scale, cap } = at;
    kernels.attendCotangent({
      q,
      k,
      v,
      pattern,
      scale,
      cap,
      dz,
      dq: dq!,
      dk: dk!,
      dv: dv!,
      scratch: this.#allocate(this.T),
      states,
      T: this.T,
      H,
      G,
      K,
      causal,
    });
    this.#rotate(turn, dq!, H, states, true);
    this.#rotate(turn, dk!, G, states, true);
    if (qNorm !== null) applyHeadNorm(this.model, qNorm, dq!, true);
    if (kNorm !== null) applyHeadNorm(this.model, kNorm, dk!, true);
    this.#cut(uncut, dq!, dk!, dv!);
    this.#transposed(layer.q, dq!, y);
    for (const part of [this.#transposed(layer.k, dk!), this.#transposed(layer.v, dv!)])
      kernels.add({ x: part, y, n: y.length });
  }

  #mlp({ layer, slope, value }: Extract<Point, { kind: 'mlp' }>, normed: Block<'f64'>, y: Block<'f64'>) {
    const { kernels } = this.model.backend;
    const hidden = this.#linear(layer.pre, normed);
    kernels.multiply({ x: hidden, r: slope, y: hidden, n: hidden.length, period: slope.length });
    if (layer.up !== null && value !== null) {
      const up = this.#linear(layer.up, normed);
      kernels.multiply({ x: up, r: value, y: up, n: up.length, period: value.length });
      kernels.add({ x: up, y: hidden, n: hidden.length });
    }
    this.#linear(layer.down, hidden, y);
  }

  #mlpAdjoint({ layer, slope, value }: Extract<Point, { kind: 'mlp' }>, x: Block<'f64'>, y: Block<'f64'>) {
    const { kernels } = this.model.backend;
    const hidden = this.#transposed(layer.down, x);
    if (layer.up !== null && value !== null) {
      const up = this.#allocate(hidden.length);
      kernels.multiply({ x: hidden, r: value, y: up, n: up.length, period: value.length });
      kernels.multiply({ x: hidden, r: slope, y: hidden, n: hidden.length, period: slope.length });
      this.#transposed(layer.pre, hidden, y);
      kernels.add({ x: this.#transposed(layer.up, up), y, n: y.length });
    } else {
      kernels.multiply({ x: hidden, r: slope, y: hidden, n: hidden.length, period: slope.length });
      this.#transposed(layer.pre, hidden, y);
    }
  }

  #norm({ norm, x, scale }: NormPoint, dx: Block<'f64'>, dy: Block<'f64'>, transposed: boolean): void {
    const { D, norm: kind } = this.model.config;
    const centred = kind.kind === 'layer';
    this.model.backend.kernels.normTangent({
      x,
      gamma: norm.gamma,
      scale,
      dx,
      dy,
      rows: dx.length / D,
      T: this.T,
      D,
      centred,
      transposed,
    });
  }

  #linear({ weights, k, n }: LinearWeights, x: Block<'f64'>, y = this.#allocate((x.length / k) * n)): Block<'f64'> {
    this.model.backend.kernels.linear({ x, weights, bias: null, y, rows: x.length / k, k, n });
    return y;
  }

  #transposed({ weights, k, n }: LinearWeights, x: Block<'f64'>, y = this.#allocate((x.length / n) * k)): Block<'f64'> {
    this.model.backend.kernels.linearTransposed({ x, weights, y, rows: x.length / n, k, n });
    return y;
  }

  #cut(
    uncut: Extract<Point, { kind: 'attention' }>['uncut'],
    dq: Block<'f64'>,
    dk: Block<'f64'>,
    dv: Block<'f64'>,
  ): void {
    if (uncut === null) return;
    for (const [x, r] of [
      [dq, uncut.q],
      [dk, uncut.k],
      [dv, uncut.v],
    ] as const)
      this.model.backend.kernels.multiply({ x, r, y: x, n: x.length, period: r.length });
  }

  #rotate(turn: Turn | null, x: Block<'f64'>, heads: number, states: number, back: boolean): void {
    if (turn === null) return;
    const { K } = this.model.config;
    const { cos, sin, back: negated, width } = turn;
    for (let s = 0; s < states; s++) {
      const rows = rowsOf(x, s * this.T, this.T, heads * K);
      this.model.backend.kernels.ropeRotate({
        x: rows,
        cosTable: cos,
        sinTable: back ? negated : sin,
        rows: this.T,
        heads,
        K,
        R: width,
      });
    }
  }

  /** y = Σ work over the points of a step, for as many states at once as is good. */
  #inSteps(
    step: number,
    x: RealBlock,
    y: RealBlock,
    states: number,
    work: (point: Point, x: Block<'f64'>, y: Block<'f64'>, count: number) => void,
  ): void {
    const { T } = this;
    const { D } = this.model.config;
    const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / T));
    for (let state = 0; state < states; state += atOnce) {
      const count = Math.min(atOnce, states - state);
      const part = (block: RealBlock) => rowsOf(block, state * T, count * T, D) as Block<'f64'>;
      const [first, ...others] = this.#points[step]!;
      this.model.backend.memory.scope(() => {
        work(first!, part(x), part(y), count);
        for (const other of others) {
          const image = this.#allocate(count * T * D);
          work(other, part(x), image, count);
          this.model.backend.kernels.add({ x: image, y: part(y), n: image.length });
        }
      });
    }
  }

  #allocate(length: number): Block<'f64'> {
    return this.model.backend.memory.allocate('f64', length);
  }
}
