import type { RealBlock } from '../../backend/memory.ts';
import { checkFinite, checkInteger, checkLength } from '../../core/checks.ts';
import { unitCount } from '../config.ts';
import { checkHead, unembed } from '../head.ts';
import type { Model } from '../model.ts';
import { finalNormalise } from '../norm.ts';
import { rowsAtOnce } from './lens-sizes.ts';
import { residentTranslator, translate } from './translate.ts';
import type { Translator } from './tuned-lens.ts';

type Real = Float32Array | Float64Array;

/** Options of {@link lensRows}. */
export interface LensRowsOptions {
  /** The tuned lens' map of a row, counted from 0; null for none. Neighbours with the same go through it together. Default: none. */
  readonly translatorOf?: (row: number) => Translator | null;
}

/**
 * Logits of rows of the residual stream, from any stages and positions, each as `lensOf` gives them alone, to the bit:
 * W_U · norm_final(h) + b_U, or with h + A h + b for h where a row has a translator. The unembedding is read once for many rows, not
 * for each.
 *
 * @param streams rows×D numbers, row-major; they set the precision
 * @returns rows×units logits, row-major
 * @throws ShapeError, NonFiniteError, DomainError.
 * @cost rows·D·units products; in the backend's memory the logits of at most 256 rows, of fewer where D·units is large.
 * @source nostalgebraist, “interpreting GPT: the logit lens” (2020); N. Belrose et al., arXiv 2303.08112.
 * @example
 * const trace = transformer.traceForward(model, [0, 1, 2], { keep: ['blocks.0.resid_post'] });
 * const { data } = transformer.activationOf(trace, 'blocks.0.resid_post');
 * lensRows(model, data, 3).length === 3 * transformer.unitCount(model.config); // true
 */
export function lensRows(
  model: Model,
  streams: Real,
  rows: number,
  { translatorOf = () => null }: LensRowsOptions = {},
): Float32Array | Float64Array {
  checkInteger('lensRows', 'rows', rows, 1);
  checkLength('lensRows', 'streams', streams, rows * model.config.D);
  checkFinite('lensRows', 'streams', streams);
  return throughLens(model, streams, rows, translatorOf);
}

/** {@link lensRows} of what is known to be sound. */
export function throughLens(
  model: Model,
  streams: Real,
  rows: number,
  translatorOf: (row: number) => Translator | null = () => null,
): Real {
  checkHead('lens', model);
  const { D } = model.config;
  const units = unitCount(model.config);
  const precision = streams instanceof Float32Array ? 'f32' : 'f64';
  const logits = new (precision === 'f32' ? Float32Array : Float64Array)(rows * units);
  const most = rowsAtOnce(model);
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    const { memory } = model.backend;
    memory.scope(() => {
      const h = memory.allocate(precision, count * D) as RealBlock;
      h.view().set(streams.subarray(first * D, (first + count) * D));
      const y = translated(model, h, count, (row) => translatorOf(first + row));
      finalNormalise(model, y, y, memory.allocate('f64', count), count);
      logits.set(unembed(model, y, count).view(), first * units);
    });
  }
  return logits;
}

/** Rows of D after their translators; h itself where there are none. */
function translated(
  { backend, config: { D } }: Model,
  h: RealBlock,
  rows: number,
  translatorOf: (row: number) => Translator | null,
): RealBlock {
  const { memory } = backend;
  const translators = Array.from({ length: rows }, (_, row) => translatorOf(row));
  if (translators.every((translator) => translator === null)) return h;
  const y = memory.allocate(h.kind, rows * D) as RealBlock;
  y.view().set(h.view());
  for (let row = 0, end = 0; row < rows; row = end) {
    const translator = translators[row]!;
    while (end < rows && translators[end] === translator) end++;
    if (translator === null) continue;
    const part = (block: RealBlock) => block.part(row * D, (end - row) * D) as RealBlock;
    memory.scope(() => {
      const resident = residentTranslator(backend, translator, h.kind);
      translate(backend, resident, part(h), part(y), end - row, D);
    });
  }
  return y;
}
