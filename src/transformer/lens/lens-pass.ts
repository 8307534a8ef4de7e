import { gemmWork } from '../../backend/contract/dense.ts';
import { KL_MEASURES, LENS_SCORES } from '../../backend/contract/lens.ts';
import type { Allocator, Block, Precision, RealBlock } from '../../backend/memory.ts';
import { embeddingWidth } from '../config.ts';
import { scaleBy } from '../factors.ts';
import { capLogits, checkHead, uncapGradient, uncappedLogits, unembeddingOf } from '../head.ts';
import { type HeadPoint, headBackward, headPoint, transformHeadAt } from '../head-transform.ts';
import type { Model } from '../model.ts';
import { finalNormalise } from '../norm.ts';
import { gatherColumns } from '../resident-columns.ts';
import { lensSizes } from './lens-sizes.ts';
import { type ResidentTranslator, translate } from './translate.ts';

/** A stage's rows, and the map they go through; null for none. */
export interface Look {
  readonly h: RealBlock;
  readonly translator: ResidentTranslator | null;
}

/** How many rows a {@link LensPass} takes. */
export interface PassSize {
  /** Laws that can be targets at once. */
  readonly targets: number;
  /** Rows of logits: of several stages at those targets. */
  readonly rows: number;
  /** Whether it shall give gradients too. */
  readonly gradients: boolean;
}

/**
 * A lens at work on some rows of one stage or of several, and the gradient of its loss: with the final law p of each row,
 *
 *     y = h + A h + b,   q = softmax(W_U · norm_final(y) + b_U),   loss = KL(p ‖ q)
 *
 * with the head's transform, and the factor and the soft cap of the model's logits, where it has them.
 *
 * {@link target} sets p, {@link forward} computes q, {@link score} the loss, {@link measure} also its gradient in the logits, {@link backward} carries
 * that through unembedding, norm and affine map. All stages go through the unembedding in one product, and each row has the bits that it has alone. The blocks
 * belong to the allocator it is given; with `gradients` they hold the unembedding a second time, row-major with V rows.
 */
export class LensPass {
  readonly #model: Model;
  readonly #size: PassSize;
  readonly #precision: Precision;
  readonly #y: RealBlock;
  readonly #normed: RealBlock;
  readonly #logits: RealBlock;
  readonly #scale: Block<'f64'>;
  readonly #p: Block<'f64'>;
  readonly #logP: Block<'f64'>;
  readonly #measures: Block<'f64'>;
  readonly #scores: Block<'f64'>;
  readonly #unembedding: RealBlock | null;
  readonly #ones: RealBlock;
  readonly #head: HeadPoint | null;

  constructor(model: Model, precision: Precision, size: PassSize, memory: Allocator = model.backend.memory) {
    checkHead('lens', model);
    const { D, V } = lensSizes(model.config);
    const { rows, targets, gradients } = size;
    const real = (length: number) => memory.allocate(precision, length) as RealBlock;
    this.#model = model;
    this.#size = size;
    this.#precision = precision;
    this.#y = real(rows * D);
    this.#normed = real(rows * D);
    this.#logits = real(rows * V);
    this.#scale = memory.allocate('f64', rows);
    this.#p = memory.allocate('f64', targets * V);
    this.#logP = memory.allocate('f64', targets * V);
    this.#measures = memory.allocate('f64', rows * KL_MEASURES.length);
    this.#scores = memory.allocate('f64', rows * LENS_SCORES.length);
    this.#unembedding = gradients ? unpackedUnembedding(model, precision, memory) : null;
    this.#ones = real(rows);
    this.#ones.view().fill(1);
    this.#head = headPoint(model, precision, rows, memory);
  }

  /** Targets it has room for. */
  get targets(): number {
    return this.#size.targets;
  }

  /** Stages that go through it at once, for `rows` targets. */
  stagesAtOnce(rows: number): number {
    return Math.max(1, Math.floor(this.#size.rows / rows));
  }

  /** Makes the law of the final stage h (rows×D) the target, and returns its logits as {@link forward} does. */
  target(h: RealBlock, rows: number): RealBlock {
    const { kernels } = this.#model.backend;
    const { V } = lensSizes(this.#model.config);
    const logits = this.forward([{ h, translator: null }], rows);
    for (let r = 0; r < rows; r++)
      kernels.logSoftmax({ logits: logits.part(r * V, V) as RealBlock, logP: this.#logP.part(r * V, V), n: V });
    kernels.mapExp({ src: this.#logP, dst: this.#p, n: rows * V });
    return logits;
  }

  /** Logits (stages×rows×V) of some stages, `rows` rows each. They live until the next call of any method. */
  forward(looks: readonly Look[], rows: number): RealBlock {
    const { backend, config } = this.#model;
    const { D, V } = lensSizes(config);
    const all = looks.length * rows;
    for (const [i, { h, translator }] of looks.entries()) {
      const y = this.#y.part(i * rows * D, rows * D) as RealBlock;
      if (translator === null) y.view().set(h.part(0, rows * D).view());
      else translate(backend, translator, h, y, rows, D);
    }
    finalNormalise(this.#model, this.#y.part(0, all * D) as RealBlock, this.#normed, this.#scale, all);
    transformHeadAt(this.#model, this.#head, this.#normed, all);
    const logits = this.#logits.part(0, all * V) as RealBlock;
    uncappedLogits(this.#model, this.#normed, logits, all, true);
    capLogits(this.#model, logits);
    return logits;
  }

  /** KL to the target, log Σ e^logit and the largest logit of each row of the last {@link forward}, as `LENS_SCORES` orders them. */
  score(stages: number, rows: number): Float64Array {
    const { V } = lensSizes(this.#model.config);
    const { length } = LENS_SCORES;
    for (let i = 0; i < stages; i++) {
      this.#model.backend.kernels.lensScores({
        logits: this.#logits.part(i * rows * V, rows * V) as RealBlock,
        p: this.#p,
        logP: this.#logP,
        scores: this.#scores.part(i * rows * length, rows * length),
        rows,
        V,
      });
    }
    return this.#scores.part(0, stages * rows * length).view();
  }

  /**
   * KL to the target and log Σ e^logit for each row of the last {@link forward}, as `KL_MEASURES` orders them. The logits become
   * weight times the gradient of Σ KL with respect to W_U · norm_final(y) + b_U.
   */
  measure(stages: number, rows: number, weight: number): Float64Array {
    const { config, backend } = this.#model;
    const { V } = lensSizes(config);
    const { length } = KL_MEASURES;
    const logits = this.#logits.part(0, stages * rows * V) as RealBlock;
    const capped = config.logitCap === null ? [] : logits.view().slice();
    for (let i = 0; i < stages; i++) {
      backend.kernels.klBackward({
        logits: logits.part(i * rows * V, rows * V) as RealBlock,
        p: this.#p,
        logP: this.#logP,
        measures: this.#measures.part(i * rows * length, rows * length),
        rows,
        V,
        weight,
      });
    }
    uncapGradient(this.#model, logits, capped);
    scaleBy(logits, config.logitScale);
    return this.#measures.part(0, stages * rows * length).view();
  }

  /** Adds what the last {@link measure} says of A and b to the gradient of each stage; the stages as {@link forward} had them. */
  backward(looks: readonly Look[], gradients: readonly ResidentTranslator[], rows: number): void {
    const { backend, config, weights } = this.#model;
    const { memory, kernels } = backend;
    const { D, V } = lensSizes(config);
    const { finalNorm, embeddingOut } = weights;
    const E = embeddingWidth(config);
    const all = looks.length * rows;
    const d = this.#normed;
    memory.scope(() => {
      const narrow = embeddingOut === null ? d : (memory.allocate(this.#precision, all * E) as RealBlock);
      kernels.gemm({
        shape: { opA: 'none', opB: 'none', m: all, n: E, k: V, lda: V, ldb: E, ldc: E },
        alpha: 1,
        a: this.#logits,
        b: this.#unembedding!,
        beta: 0,
        c: narrow,
        work: memory.allocate(this.#precision, gemmWork(this.#precision, all, E, V)) as RealBlock,
      });
      if (embeddingOut !== null) {
        const { weights: packed, k, n } = embeddingOut;
        kernels.linearTransposed({ x: narrow, weights: packed, y: d, rows: all, k, n });
      }
      headBackward(this.#model, this.#head, d, all);
      if (finalNorm !== null)
        kernels.normBackward({
          x: this.#y,
          gamma: finalNorm.gamma,
          scale: this.#scale,
          dy: d,
          dx: d,
          rows: all,
          D,
          centred: config.norm.kind === 'layer',
        });
      for (const [i, { h }] of looks.entries())
        this.#affineBackward(h, d.part(i * rows * D, rows * D) as RealBlock, gradients[i]!, rows);
    });
  }

  /** Adds dᵀ·1 to the gradient of b, and dᵀ h to that of A. */
  #affineBackward(h: RealBlock, d: RealBlock, { weight, bias }: ResidentTranslator, rows: number): void {
    const { memory, kernels } = this.#model.backend;
    const { D } = this.#model.config;
    const most = Math.max(gemmWork(this.#precision, D, D, rows), gemmWork(this.#precision, 1, D, rows));
    memory.scope(() => {
      const work = memory.allocate(this.#precision, most) as RealBlock;
      const product = (opA: 'none' | 'transpose', m: number, lda: number) =>
        ({ opA, opB: 'none', m, n: D, k: rows, lda, ldb: D, ldc: D }) as const;
      kernels.gemm({ shape: product('none', 1, rows), alpha: 1, a: this.#ones, b: d, beta: 1, c: bias, work });
      if (weight === null) return;
      kernels.gemm({ shape: product('transpose', D, D), alpha: 1, a: d, b: h, beta: 1, c: weight, work });
    });
  }
}

/** W_U row-major with a row for each output unit, in the precision of the pass. */
function unpackedUnembedding(model: Model, precision: Precision, memory: Allocator): RealBlock {
  const unembedding = unembeddingOf('lens', model);
  const rows = memory.allocate(precision, unembedding.n * unembedding.k) as RealBlock;
  gatherColumns(model.backend, unembedding, 0, rows);
  return rows;
}
