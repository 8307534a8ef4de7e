import { gemmWork } from '../../backend/contract/dense.ts';
import { KL_MEASURES, LENS_SCORES } from '../../backend/contract/lens.ts';
import type { Block, Precision, RealBlock } from '../../backend/memory.ts';
import { embeddingWidth, type TransformerConfig, unitCount } from '../config.ts';
import { scaleBy } from '../factors.ts';
import { capLogits, uncapGradient, uncappedLogits } from '../head.ts';
import type { Model } from '../model.ts';
import { finalNormalise } from '../norm.ts';
import { gatherColumns } from '../resident-columns.ts';
import { type ResidentTranslator, translate } from './translate.ts';

/** Products of D·V that one crossing of the boundary may take, about 50 ms. */
const MOST_PRODUCTS = 1e8;
/** Rows for full speed, and rows beyond which nothing is gained. */
const [FEW_ROWS, MANY_ROWS] = [8, 256];

/** Rows that go through the unembedding of a model at once: at least `few`, however large it is. */
export function rowsAtOnce({ config }: Pick<Model, 'config'>, few = FEW_ROWS): number {
  const { D, V } = lensSizes(config);
  return Math.min(MANY_ROWS, Math.max(few, Math.floor(MOST_PRODUCTS / (D * V))));
}

/** Model width, and output units as the V of what follows. */
function lensSizes(config: TransformerConfig): { readonly D: number; readonly V: number } {
  return { D: config.D, V: unitCount(config) };
}

/**
 * A lens at work on some rows, and the gradient of its loss: with the final law p of each row,
 *
 *     y = h + A h + b,   q = softmax(W_U · norm_final(y) + b_U),   loss = KL(p ‖ q)
 *
 * with the factor and the soft cap of the model's logits, where it has them.
 *
 * {@link target} sets p, {@link forward} computes q, {@link score} the loss, {@link measure} also its gradient in the logits, {@link backward} carries
 * that through unembedding, norm and affine map. The blocks belong to the memory scope it is made in; with `gradients` they
 * hold the unembedding a second time, row-major with V rows.
 */
export class LensPass {
  readonly #model: Model;
  readonly #rows: number;
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

  /** For at most `rows` rows at a time. */
  constructor(model: Model, precision: Precision, rows: number, { gradients }: { readonly gradients: boolean }) {
    const { memory } = model.backend;
    const { D, V } = lensSizes(model.config);
    const real = (length: number) => memory.allocate(precision, length) as RealBlock;
    this.#model = model;
    this.#rows = rows;
    this.#precision = precision;
    this.#y = real(rows * D);
    this.#normed = real(rows * D);
    this.#logits = real(rows * V);
    this.#scale = memory.allocate('f64', rows);
    this.#p = memory.allocate('f64', rows * V);
    this.#logP = memory.allocate('f64', rows * V);
    this.#measures = memory.allocate('f64', rows * KL_MEASURES.length);
    this.#scores = memory.allocate('f64', rows * LENS_SCORES.length);
    this.#unembedding = gradients ? unpackedUnembedding(model, precision) : null;
    this.#ones = real(rows);
    this.#ones.view().fill(1);
  }

  /** Makes the law of the final stage h (rows×D) the target, and returns its logits as {@link forward} does. */
  target(h: RealBlock, rows: number): RealBlock {
    const { kernels } = this.#model.backend;
    const { V } = lensSizes(this.#model.config);
    const logits = this.forward(h, null, rows);
    for (let r = 0; r < rows; r++)
      kernels.logSoftmax({ logits: logits.part(r * V, V) as RealBlock, logP: this.#logP.part(r * V, V), n: V });
    kernels.mapExp({ src: this.#logP, dst: this.#p, n: rows * V });
    return logits;
  }

  /** Logits (rows×V) of stage h through a translator, or of the logit lens. They live until the next call of any method. */
  forward(h: RealBlock, translator: ResidentTranslator | null, rows: number): RealBlock {
    const { backend, config } = this.#model;
    const { D, V } = lensSizes(config);
    if (translator === null) this.#y.view().set(h.part(0, rows * D).view());
    else translate(backend, translator, h, this.#y, rows, D);
    finalNormalise(this.#model, this.#y.part(0, rows * D) as RealBlock, this.#normed, this.#scale, rows);
    const logits = this.#logits.part(0, rows * V) as RealBlock;
    uncappedLogits(this.#model, this.#normed, logits, rows, true);
    capLogits(this.#model, logits);
    return this.#logits;
  }

  /** KL to the target, log Σ e^logit and the largest logit of each row of the last {@link forward}, as `LENS_SCORES` orders them. */
  score(rows: number): Float64Array {
    const { V } = lensSizes(this.#model.config);
    this.#model.backend.kernels.lensScores({
      logits: this.#logits,
      p: this.#p,
      logP: this.#logP,
      scores: this.#scores,
      rows,
      V,
    });
    return this.#scores.part(0, rows * LENS_SCORES.length).view();
  }

  /**
   * KL to the target and log Σ e^logit for each row of the last {@link forward}, as `KL_MEASURES` orders them. The logits become
   * weight times the gradient of Σ KL with respect to W_U · norm_final(y) + b_U.
   */
  measure(rows: number, weight: number): Float64Array {
    const { config } = this.#model;
    const { V } = lensSizes(config);
    const logits = this.#logits.part(0, rows * V) as RealBlock;
    const capped = config.logitCap === null ? [] : logits.view().slice();
    this.#model.backend.kernels.klBackward({
      logits,
      p: this.#p,
      logP: this.#logP,
      measures: this.#measures,
      rows,
      V,
      weight,
    });
    uncapGradient(this.#model, logits, capped);
    scaleBy(logits, config.logitScale);
    return this.#measures.part(0, rows * KL_MEASURES.length).view();
  }

  /** Adds what the last {@link measure} says of A and b to `gradient`; h as {@link forward} had it. */
  backward(h: RealBlock, gradient: ResidentTranslator, rows: number): void {
    const { backend, config, weights } = this.#model;
    const { memory, kernels } = backend;
    const { D, V } = lensSizes(config);
    const { finalNorm, embeddingOut } = weights;
    const E = embeddingWidth(config);
    const d = this.#normed;
    const most = Math.max(
      gemmWork(this.#precision, rows, E, V),
      gemmWork(this.#precision, D, D, rows),
      gemmWork(this.#precision, 1, D, rows),
    );
    memory.scope(() => {
      const work = memory.allocate(this.#precision, most) as RealBlock;
      const product = (opA: 'none' | 'transpose', m: number, k: number, lda: number) =>
        ({ opA, opB: 'none', m, n: D, k, lda, ldb: D, ldc: D }) as const;
      const narrow = embeddingOut === null ? d : (memory.allocate(this.#precision, rows * E) as RealBlock);
      kernels.gemm({
        shape: { opA: 'none', opB: 'none', m: rows, n: E, k: V, lda: V, ldb: E, ldc: E },
        alpha: 1,
        a: this.#logits,
        b: this.#unembedding!,
        beta: 0,
        c: narrow,
        work,
      });
      if (embeddingOut !== null) {
        const { weights: packed, k, n } = embeddingOut;
        kernels.linearTransposed({ x: narrow, weights: packed, y: d, rows, k, n });
      }
      if (finalNorm !== null)
        kernels.normBackward({
          x: this.#y,
          gamma: finalNorm.gamma,
          scale: this.#scale,
          dy: d,
          dx: d,
          rows,
          D,
          centred: config.norm.kind === 'layer',
        });
      kernels.gemm({
        shape: product('none', 1, rows, rows),
        alpha: 1,
        a: this.#ones,
        b: d,
        beta: 1,
        c: gradient.bias,
        work,
      });
      if (gradient.weight === null) return;
      kernels.gemm({
        shape: product('transpose', D, rows, D),
        alpha: 1,
        a: d,
        b: h,
        beta: 1,
        c: gradient.weight,
        work,
      });
    });
  }

  /** Rows it has room for. */
  get rows(): number {
    return this.#rows;
  }
}

/** W_U row-major with a row for each output unit, in the precision of the pass. */
function unpackedUnembedding({ backend, weights }: Model, precision: Precision): RealBlock {
  const { k, n } = weights.unembedding;
  const rows = backend.memory.allocate(precision, n * k) as RealBlock;
  gatherColumns(backend, weights.unembedding, 0, rows);
  return rows;
}
